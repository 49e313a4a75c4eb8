"""httpbin's own check of Digest in front of an echo: POST /<algorithm>/<qop> gives the body back as SOAP.

A line with the port comes out when it listens, and one for each request; it ends when its stdin closes. HTTP is
Python's http.server: the one that Flask brings closes every connection.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from flask import Flask
from httpbin.helpers import check_digest_auth, digest_challenge_response

PASSWORD = sys.argv[1]
app = Flask(__name__)


def say(**what):
    print(json.dumps(what), flush=True)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        algorithm, qop = self.path.strip("/").split("/")
        came = {"headers": dict(self.headers), "data": body, "environ_base": {"REMOTE_ADDR": "127.0.0.1"}}
        with app.test_request_context(self.path, method="POST", **came):
            # httpbin names no user: whoever is named must know the password.
            asked = "Authorization" in self.headers
            proven = asked and bool(check_digest_auth("", PASSWORD))
            headers = [] if proven else digest_challenge_response(app, qop, algorithm).headers.items()
        say(asked=asked, proven=proven, bytes=len(body))
        answer = body if proven else b""
        self.send_response(200 if proven else 401)
        for name, value in headers:
            if name == "WWW-Authenticate":
                self.send_header(name, value)
        self.send_header("Content-Type", "application/soap+xml;charset=UTF-8")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
say(port=server.server_port)
sys.stdin.read()
