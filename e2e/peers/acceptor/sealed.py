"""Sealed bodies as WinRM carries them (MS-WSMV 2.2.9.1): multipart/encrypted, one message."""

import re
import struct


def protocol(name):
    """SPNEGO or Kerberos"""
    return f"application/HTTP-{name}-session-encrypted"


def content_type(name):
    return f'multipart/encrypted;protocol="{protocol(name)}";boundary="Encrypted Boundary"'


DELIMITER = b"--Encrypted Boundary"
HEAD = re.compile(
    rb"--Encrypted Boundary\r\n\tContent-Type: ([^\r]+)\r\n\tOriginalContent: type=([^\r]+);Length=(\d+)\r\n"
    rb"--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n"
)


def unseal(acceptor, body, name):
    """-> plain bytes, their content type, the length of the header"""
    head = HEAD.match(body)
    if not head or head[1].decode() != protocol(name):
        raise ValueError("not a sealed body")
    at = head.end()
    (header_length,) = struct.unpack_from("<I", body, at)
    header = body[at + 4 : at + 4 + header_length]
    data = body[at + 4 + header_length :]
    if not data.endswith(DELIMITER + b"--\r\n"):
        raise ValueError("no end")
    plain = acceptor.unwrap(header, data[: -len(DELIMITER) - 4])
    if len(plain) != int(head[3]):
        raise ValueError("not as long as it says")
    return plain, head[2].decode(), header_length


def seal(acceptor, plain, inner_type, name):
    header, data = acceptor.wrap(plain)
    head = (
        f"--Encrypted Boundary\r\n\tContent-Type: {protocol(name)}\r\n\tOriginalContent: type={inner_type};Length={len(plain)}\r\n"
        "--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n"
    )
    return head.encode() + struct.pack("<I", len(header)) + header + data + DELIMITER + b"--\r\n"


def first_certificate(pem):
    return re.search(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n?", pem, re.S)[0]
