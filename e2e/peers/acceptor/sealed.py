"""Sealed bodies as WinRM carries them (MS-WSMV 2.2.9.1): multipart/encrypted, one message."""

import re
import struct

PROTOCOL = "application/HTTP-SPNEGO-session-encrypted"
CONTENT_TYPE = f'multipart/encrypted;protocol="{PROTOCOL}";boundary="Encrypted Boundary"'
DELIMITER = b"--Encrypted Boundary"
HEAD = re.compile(
    rb"--Encrypted Boundary\r\n\tContent-Type: [^\r]+\r\n\tOriginalContent: type=([^\r]+);Length=(\d+)\r\n"
    rb"--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n"
)


def unseal(acceptor, body):
    """-> plain bytes, their content type"""
    head = HEAD.match(body)
    if not head:
        raise ValueError("not a sealed body")
    at = head.end()
    (header_length,) = struct.unpack_from("<I", body, at)
    header = body[at + 4 : at + 4 + header_length]
    data = body[at + 4 + header_length :]
    if not data.endswith(DELIMITER + b"--\r\n"):
        raise ValueError("no end")
    plain = acceptor.unwrap(header, data[: -len(DELIMITER) - 4])
    if len(plain) != int(head[2]):
        raise ValueError("not as long as it says")
    return plain, head[1].decode()


def seal(acceptor, plain, content_type):
    header, data = acceptor.wrap(plain)
    head = (
        f"--Encrypted Boundary\r\n\tContent-Type: {PROTOCOL}\r\n\tOriginalContent: type={content_type};Length={len(plain)}\r\n"
        "--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n"
    )
    return head.encode() + struct.pack("<I", len(header)) + header + data + DELIMITER + b"--\r\n"


def first_certificate(pem):
    return re.search(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n?", pem, re.S)[0]
