#!/usr/bin/python3
"""A WinRM-shaped server that takes CredSSP alone (MS-CSSP): OpenSSL's TLS in the headers, and in TSRequest the SPNEGO of
MIT krb5, with Kerberos and gss-ntlmssp. It echoes sealed bodies of one record.

Loopback only. Writes JSON lines: the port, then one an event. Ends when stdin closes.
"""

import argparse
import base64
import hashlib
import os
import ssl
import sys
from http.server import BaseHTTPRequestHandler

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../acceptor"))

import gssapi
import sealed
from acceptor import Acceptor, PlainServer, note, serve

RECORD_HEADER = 16  # what WinRM splits off: as many bytes as AES-GCM adds


def der(tag, *parts):
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def elements(content):
    """-> (tag, content, the whole) of each"""
    at = 0
    while at < len(content):
        begin, tag, length, at = at, content[at], content[at + 1], at + 2
        if length & 0x80:
            count = length & 0x7F
            length, at = int.from_bytes(content[at : at + count], "big"), at + count
        yield tag, content[at : at + length], content[begin : at + length]
        at += length


def inside(value):
    return next(elements(value))[1]


def public_key(certificate):
    """SubjectPublicKey: behind version, number, algorithm, issuer, dates and subject"""
    info = list(elements(inside(inside(certificate))))[6][1]
    return list(elements(info))[1][1][1:]


def without_signature(token):
    """A NegTokenResp without its mechListMIC"""
    fields = [whole for tag, _, whole in elements(inside(inside(token))) if tag != 0xA3]
    return der(0xA1, der(0x30, *fields))


class Wrong(Exception):
    pass


class CredSsp:
    """One conversation within TLS."""

    def __init__(self, options):
        self.options = options
        self.acceptor = Acceptor(options.channel_binding)
        self.is_done = False

    def step(self, message):
        """-> the message to answer with"""
        fields = dict((tag, content) for tag, content, _ in elements(inside(message)))
        if 0xA2 in fields:
            return self.take_over(inside(fields[0xA2]))
        token = binding = error = None
        if 0xA1 in fields:
            # NegoData, its item, and the token within that
            token, error = self.sign_in(inside(inside(inside(inside(fields[0xA1])))))
        if 0xA3 in fields:
            binding = self.bind(inside(fields[0xA3]), inside(fields[0xA5]) if 0xA5 in fields else None)
        return der(
            0x30,
            der(0xA0, der(0x02, bytes([self.options.version]))),
            der(0xA1, der(0x30, der(0x30, der(0xA0, der(0x04, token))))) if token else b"",
            der(0xA3, der(0x04, binding)) if binding else b"",
            der(0xA4, der(0x02, error)) if error else b"",
        )

    def sign_in(self, token):
        note(event="token")
        try:
            answer = self.acceptor.step(token)
        except gssapi.exceptions.GSSError as error:
            note(event="refused", error=str(error)[:300])
            if self.options.refuse_by == "401":
                raise Wrong() from error
            if self.options.refuse_by == "status":
                return None, bytes.fromhex("00c000006d")
            return getattr(error, "token", None), None
        if self.acceptor.complete:
            note(event="signed in", mechanism=self.acceptor.mechanism, account=self.acceptor.account)
        if answer and self.options.strip_signature and answer[0] == 0xA1:
            answer = without_signature(answer)
        return answer, None

    def bind(self, token, nonce):
        key = self.options.public_key
        due = key if nonce is None else self.digest("Client-To-Server", nonce)
        if gssapi.raw.unwrap(self.acceptor.context, token).message != due:
            note(event="refused", error="another key")
            raise Wrong()
        if self.options.answer_with == "key of another":
            key = bytes([key[0] ^ 1]) + key[1:]
        own = bytes([key[0] + 1]) + key[1:] if nonce is None else self.digest("Server-To-Client", nonce, key)
        answer = bytearray(self.seal(own))
        if self.options.answer_with == "bit flipped":
            answer[-1] ^= 1
        if self.options.answer_with == "echo":
            return token
        return bytes(answer)

    def digest(self, direction, nonce, key=None):
        text = f"CredSSP {direction} Binding Hash\0".encode()
        return hashlib.sha256(text + nonce + (key or self.options.public_key)).digest()

    def seal(self, plain):
        if self.options.wrap == "gss_wrap":
            return gssapi.raw.wrap(self.acceptor.context, plain, confidential=True, qop=None).message
        return b"".join(self.acceptor.wrap(plain))

    def take_over(self, token):
        credentials = gssapi.raw.unwrap(self.acceptor.context, token).message
        of = dict((tag, content) for tag, content, _ in elements(inside(credentials)))
        if inside(of[0xA0]) != b"\x01":
            raise Wrong()
        parts = [inside(content).decode("utf-16-le") for _, content, _ in elements(inside(inside(of[0xA1])))]
        note(event="handed over", handed=parts)
        self.is_done = True


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    options = None

    def setup(self):
        super().setup()
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = self.options.tls.wrap_bio(self.incoming, self.outgoing, server_side=True)
        self.is_secure = False
        self.conversation = CredSsp(self.options)

    def log_message(self, *_):
        pass

    def reply(self, status, body=b"", content_type=None, token=None):
        self.send_response(status)
        if status == 401:
            word = f" {base64.b64encode(token).decode()}" if token else ""
            self.send_header("WWW-Authenticate", f"CredSSP{word}")
        if content_type:
            self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        scheme, _, token = (self.headers.get("Authorization") or "").partition(" ")
        if scheme == "CredSSP":
            return self.converse(base64.b64decode(token, validate=True))
        if not self.conversation.is_done:
            return self.reply(401)
        plain, inner_type, header = sealed.unseal(self, body, "CredSSP")
        note(event="opened", bytes=len(plain), header=header)
        self.reply(200, sealed.seal(self, plain, inner_type, "CredSSP"), sealed.content_type("CredSSP"))

    def converse(self, token):
        self.incoming.write(token)
        if not self.is_secure:
            try:
                self.tls.do_handshake()
                self.is_secure = True
            except ssl.SSLWantReadError:
                pass
            return self.reply(401, token=self.outgoing.read())
        try:
            answer = self.conversation.step(self.tls.read(1 << 20))
        except (Wrong, gssapi.exceptions.GSSError):
            return self.reply(401)
        if self.conversation.is_done:
            return self.reply(200)
        self.tls.write(answer)
        self.reply(401, token=self.outgoing.read())

    def unwrap(self, header, data):
        self.incoming.write(header + data)
        return self.tls.read(1 << 20)

    def wrap(self, plain):
        self.tls.write(plain)
        record = self.outgoing.read()
        return record[:RECORD_HEADER], record[RECORD_HEADER:]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--certificate", required=True, help="PEM of certificate and key")
    parser.add_argument("--bound-to", help="PEM of another certificate that sign-ins must be bound to")
    parser.add_argument("--key-of", help="PEM of another certificate whose key it sees, as behind somebody between")
    parser.add_argument("--version", type=int, default=6)
    parser.add_argument("--wrap", choices=["gss_wrap", "gss_wrap_iov"], default="gss_wrap_iov")
    parser.add_argument("--refuse-by", choices=["token", "status", "401"], default="token")
    parser.add_argument("--answer-with", choices=["key of another", "bit flipped", "echo"])
    parser.add_argument("--strip-signature", action="store_true", help="takes SPNEGO's mechListMIC out")
    options = Handler.options = parser.parse_args()
    options.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    options.tls.maximum_version = ssl.TLSVersion.TLSv1_2
    options.tls.load_cert_chain(options.certificate)

    def read(path):
        with open(path, encoding="ascii") as file:
            return ssl.PEM_cert_to_DER_cert(sealed.first_certificate(file.read()))

    options.public_key = public_key(read(options.key_of or options.certificate))
    bound_to = read(options.bound_to or options.certificate)
    options.channel_binding = b"tls-server-end-point:" + hashlib.sha256(bound_to).digest()
    serve(PlainServer(("127.0.0.1", 0), Handler))


if __name__ == "__main__":
    main()
