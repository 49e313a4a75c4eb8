#!/usr/bin/python3
"""A WinRM-shaped server whose sign-in and sealing are C code: MIT krb5's SPNEGO and Kerberos, and gss-ntlmssp.

It echoes each body (`/wsman`), as a fault (`/fault`), or never answers (`/wait`; `/wait-first`: only the first); with --backend it carries bodies to
another WS-Management server, naming the account that signed in. Loopback only. Writes JSON lines: the port, then one
an event. Ends when stdin closes. The users are in the file that NTLM_USER_FILE names: DOMAIN:user:password lines.
"""

import argparse
import base64
import hashlib
import http.client
import json
import os
import select
import socket
import ssl
import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import gssapi
from gssapi.raw import IOV, IOVBufferType

import sealed

MECHANISMS = {"1.2.840.113554.1.2.2": "kerberos", "1.3.6.1.4.1.311.2.2.10": "ntlm", "1.3.6.1.5.5.2": "spnego"}


def note(**event):
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


class Acceptor:
    """One attempt to sign in, and the sealing that comes of it."""

    def __init__(self, binding):
        bindings = gssapi.raw.ChannelBindings(application_data=binding) if binding else None
        self.context = gssapi.SecurityContext(usage="accept", channel_bindings=bindings)
        # Otherwise a token of refusal hides the error until the next use.
        self.context.__DEFER_STEP_ERRORS__ = False

    def step(self, token):
        return self.context.step(token)

    @property
    def complete(self):
        return self.context.complete

    @property
    def account(self):
        return str(self.context.initiator_name).rstrip("\0")  # gss-ntlmssp leaves a NUL

    @property
    def delegated(self):
        return gssapi.RequirementFlag.delegate_to_peer in self.context.actual_flags

    @property
    def mechanism(self):
        oid = self.context.mech.dotted_form
        return MECHANISMS.get(oid, oid)

    def unwrap(self, header, data):
        if self.mechanism == "kerberos":
            iov = IOV((IOVBufferType.header, False, header), data, IOVBufferType.data, std_layout=False)
            if not gssapi.raw.unwrap_iov(self.context, iov).encrypted:
                raise ValueError("signed only")
            return iov[1].value or b""
        return gssapi.raw.unwrap(self.context, header + data).message

    def wrap(self, plain):
        if self.mechanism == "kerberos":
            # The library's own way to lay a message out as Windows does.
            iov = IOV(IOVBufferType.header, plain, IOVBufferType.padding, std_layout=False)
            gssapi.raw.wrap_iov(self.context, iov, confidential=True)
            return iov[0].value, iov[1].value
        token = gssapi.raw.wrap(self.context, plain, confidential=True, qop=None).message
        return token[:16], token[16:]


def windows_name(account):
    """alice@LAB.TEST as Windows shows it, LAB\\alice"""
    user, at, realm = account.partition("@")
    return f"{realm.split('.')[0]}\\{user}" if at else account


class Broken(Exception):
    """The backend broke its connection, so the client's breaks, too."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes, of which the second would wait 40 ms
    options = None
    waited = False

    def setup(self):
        super().setup()
        self.acceptor, self.account, self.upstream, self.answered = None, None, None, 0

    def finish(self):
        super().finish()
        if self.upstream:
            self.upstream.close()

    def log_message(self, *_):
        pass

    def reply(self, status, body=b"", content_type=None, authenticate=()):
        self.send_response(status)
        for value in authenticate:
            self.send_header("WWW-Authenticate", value)
        if content_type:
            self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, token=None):
        """With the mechanism's own word why, where it has one."""
        offers = self.options.offer.split(",")
        if token:
            offers = [f"{self.scheme} {base64.b64encode(token).decode()}"]
        self.reply(401, authenticate=offers)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        authenticate = ()
        if self.headers.get("Authorization"):
            try:
                token = self.sign_in(*self.headers["Authorization"].split(" ", 1))
            except (gssapi.exceptions.GSSError, ValueError) as error:
                note(event="refused", error=str(error)[:300])
                self.acceptor = None
                return self.refuse(getattr(error, "token", None))
            authenticate = (token,) if token else ()
            if not self.acceptor.complete:
                return self.reply(401, authenticate=authenticate)
        if self.options.forget_after is not None and self.answered >= self.options.forget_after:
            self.account = None
        if self.account is None:
            return self.refuse()
        if not body:
            return self.reply(200, authenticate=authenticate)
        try:
            self.answer(body, authenticate)
        except Broken as error:
            note(event="broken", error=str(error)[:300])
            self.close_connection = True
        self.answered += 1
        if self.options.close_after is not None and self.answered >= self.options.close_after:
            self.close_connection = True

    def sign_in(self, scheme, token):
        self.scheme = scheme
        if self.acceptor is None or self.acceptor.complete:
            self.acceptor = Acceptor(self.options.channel_binding)
            self.account = None
        note(event="token", scheme=scheme, connection=self.client_address[1])
        if scheme not in self.options.offer.split(","):
            raise ValueError(f"{scheme} is switched off")
        token = base64.b64decode(token, validate=True)
        if self.options.refuse_spnego and not token.startswith(b"NTLMSSP\0"):
            raise ValueError("SPNEGO is not spoken")
        answer = self.acceptor.step(token)
        if self.acceptor.complete:
            self.account = self.acceptor.account
            note(
                event="signed in",
                scheme=scheme,
                mechanism=self.acceptor.mechanism,
                account=self.account,
                delegated=self.acceptor.delegated,
            )
        return f"{scheme} {base64.b64encode(answer).decode()}" if answer else None

    def answer(self, body, authenticate):
        content_type = self.headers.get("Content-Type") or ""
        if not content_type.startswith("multipart/encrypted"):
            note(event="plain", bytes=len(body))
            status, answer_type, answer = self.respond(body, content_type)
            return self.reply(status, answer, answer_type, authenticate)
        name = "Kerberos" if self.scheme == "Kerberos" else "SPNEGO"
        try:
            if content_type != sealed.content_type(name):
                raise ValueError("another protocol")
            plain, inner_type, header = sealed.unseal(self.acceptor, body, name)
        except (gssapi.exceptions.GSSError, ValueError) as error:
            note(event="not opened", error=repr(error)[:300])
            return self.reply(400)
        note(event="opened", bytes=len(plain), header=header)
        status, answer_type, answer = self.respond(plain, inner_type)
        body = sealed.seal(self.acceptor, answer, answer_type, name)
        return self.reply(status, body, sealed.content_type(name), authenticate)

    def respond(self, body, content_type):
        """-> status, content type, body"""
        if self.options.backend:
            return self.carry(body, content_type)
        if self.path == "/wait" or self.path == "/wait-first" and not Handler.waited:
            Handler.waited = True
            select.select([self.connection], [], [])
            raise Broken("the client left")
        return 500 if self.path == "/fault" else 200, content_type, body

    def carry(self, body, content_type):
        """Over one connection of its own for each of the client's, so that a broken one passes through."""
        backend = self.options.backend
        if self.upstream is None:
            self.upstream = http.client.HTTPConnection(backend.hostname, backend.port)
        try:
            owner = {"Content-Type": content_type, "X-Peer-Owner": self.options.owner or windows_name(self.account)}
            self.upstream.request("POST", backend.path, body, owner)
            while self.upstream.sock not in select.select([self.connection, self.upstream.sock], [], [])[0]:
                if not self.connection.recv(1, socket.MSG_PEEK):
                    raise ConnectionError("the client left")
            answer = self.upstream.getresponse()
            return answer.status, answer.headers.get("Content-Type"), answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Broken(str(error)) from error


class PlainServer(ThreadingHTTPServer):
    daemon_threads = True

    def shutdown_request(self, request):
        super().shutdown_request(request)
        note(event="closed")


class TlsServer(PlainServer):
    """Shakes hands in the connection's own thread."""

    context = None

    def finish_request(self, request, client_address):
        try:
            super().finish_request(self.context.wrap_socket(request, server_side=True), client_address)
        except (ssl.SSLError, ConnectionError) as error:
            note(event="no TLS", error=str(error)[:300])


def serve(server):
    """Tells where it listens, and serves until who started it is gone."""
    threading.Thread(target=server.serve_forever, daemon=True).start()
    note(port=server.server_port)
    sys.stdin.read()
    os._exit(0)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offer", default="Negotiate", help="schemes, by comma")
    parser.add_argument("--backend", type=urllib.parse.urlsplit, help="URL of the server that answers")
    parser.add_argument("--owner", help="by what name that server knows whoever signs in")
    parser.add_argument("--certificate", help="PEM of certificate and key: TLS")
    parser.add_argument("--bound-to", help="PEM of the certificate that sign-ins must be bound to")
    parser.add_argument("--bound-hash", default="sha256", help="the hash that its signature implies (RFC 5929)")
    parser.add_argument("--refuse-spnego", action="store_true", help="takes NTLM bare only")
    parser.add_argument("--close-after", type=int, help="closes each connection after so many answers")
    parser.add_argument("--forget-after", type=int, help="forgets who signed in after so many answers")
    options = Handler.options = parser.parse_args()
    options.channel_binding = None
    if options.bound_to:
        with open(options.bound_to, encoding="ascii") as file:
            certificate = ssl.PEM_cert_to_DER_cert(sealed.first_certificate(file.read()))
        options.channel_binding = b"tls-server-end-point:" + hashlib.new(options.bound_hash, certificate).digest()
    server = (TlsServer if options.certificate else PlainServer)(("127.0.0.1", 0), Handler)
    if options.certificate:
        server.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        server.context.load_cert_chain(options.certificate)
    serve(server)


if __name__ == "__main__":
    main()
