#!/usr/bin/env python3
"""Answers as a recorded computer did: serves one recording over HTTP on 127.0.0.1.

    replay_server.py RECORDING.yml [--mode ordered|loose]

Prints {"port": N}, ends when stdin closes. GET /__replay/status answers {total, served, mismatches},
GET /__replay/requests the recorded requests as a list of texts.
A recording is {messages: [{request, response, transport_error?, http_error?, auth_error?, timeout?}]}.

Requests are compared by action, ResourceURI, the element names of the body, the selectors' names and the types of the
PSRP messages inside. What differs in these is answered with a fault and kept in the status. Ids need not agree: each
GUID of a recorded request is mapped to the one at the same place of the live request, and the response is rewritten,
in text and inside base64 PSRP (little-endian in message headers, text in CLIXML).
"""
import argparse
import base64
import binascii
import json
import os
import re
import struct
import sys
import threading
import time
import uuid
import xml.etree.ElementTree as ET
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import yaml

S = "{http://www.w3.org/2003/05/soap-envelope}"
A = "{http://schemas.xmlsoap.org/ws/2004/08/addressing}"
W = "{http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd}"
RSP = "{http://schemas.microsoft.com/wbem/wsman/1/windows/shell}"
PS = "{http://schemas.microsoft.com/powershell}"
PSRP_ELEMENTS = (f"{PS}creationXml", f"{PS}connectXml", f"{RSP}Stream", f"{RSP}Arguments")
GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
BASE64 = re.compile(rb"(?<=>)[A-Za-z0-9+/]{40,}={0,2}(?=<)")
FAULT = (
    f'<s:Envelope xmlns:s="{S[1:-1]}"><s:Header/><s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code>'
    '<s:Reason><s:Text xml:lang="en-US">replay mismatch: %s</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>'
)


def fragments(blob):
    """(starts a message, data) of each whole fragment (MS-PSRP 2.2.4)."""
    at = 0
    while at + 21 <= len(blob):
        _, _, flags, length = struct.unpack(">QQBI", blob[at : at + 21])
        if at + 21 + length > len(blob):
            return
        yield bool(flags & 1), blob[at + 21 : at + 21 + length]
        at += 21 + length


def psrp_messages(root):
    """(type, runspace pool id, pipeline id) of each PSRP message that begins in a request."""
    found = []
    for element in (e for tag in PSRP_ELEMENTS for e in root.iter(tag)):
        for starts, data in fragments(base64.b64decode(element.text or "")):
            if starts and len(data) >= 40:
                kind = struct.unpack("<I", data[4:8])[0]
                found.append((kind, *(str(uuid.UUID(bytes_le=data[i : i + 16])).upper() for i in (8, 24))))
    return found


class Request:
    def __init__(self, text):
        root = ET.fromstring(text)
        body = root.find(f"{S}Body")
        selectors = root.findall(f"{S}Header/{W}SelectorSet/{W}Selector")
        messages = psrp_messages(root)
        self.shape = {
            "action": (root.findtext(f"{S}Header/{A}Action") or "").strip(),
            "resource": (root.findtext(f"{S}Header/{W}ResourceURI") or "").strip(),
            "body": [element.tag for element in body.iter()][1:],
            "selectors": sorted(selector.get("Name", "") for selector in selectors),
            "psrp": [hex(kind) for kind, _, _ in messages],
        }
        self.ids = {}
        self._note("message", root.findtext(f"{S}Header/{A}MessageID"))
        for selector in selectors:
            self._note("selector " + selector.get("Name", ""), selector.text)
        for i, selector in enumerate(body.iter(f"{W}Selector")):
            self._note(f"filter {i}", selector.text)
        for element in body.iter():
            for attribute in ("ShellId", "CommandId"):
                self._note(f"{element.tag} {attribute}", element.get(attribute))
        for i, (_, pool, pipeline) in enumerate(messages):
            self._note(f"pool {i}", pool)
            self._note(f"pipeline {i}", pipeline)

    def _note(self, place, text):
        match = GUID.search(text or "")
        if match and uuid.UUID(match[0]).int:
            self.ids[place] = match[0].upper()


class Replay:
    def __init__(self, path, mode):
        with open(path, encoding="utf-8") as file:
            self.messages = yaml.safe_load(file)["messages"]
        self.requests = [Request(message["request"]) for message in self.messages]
        self.unused = list(range(len(self.messages)))
        self.mode = mode
        self.ids = {}
        self.mismatches = []
        self.lock = threading.Lock()

    def answer(self, text):
        """The recorded message and its response as bytes; None after a mismatch."""
        with self.lock:
            live = Request(text)
            at = self._pick(live)
            if at is None:
                return None
            self.unused.remove(at)
            for place, recorded in self.requests[at].ids.items():
                if place in live.ids and live.ids[place] != recorded:
                    self.ids[recorded] = live.ids[place]
            response = self._rewrite(self.messages[at]["response"] or "")
            # Some responses were put together by hand: RelatesTo is not the recorded MessageID.
            relates = rb"(RelatesTo[^>]*>uuid:)[0-9A-Fa-f-]{36}"
            return self.messages[at], re.sub(relates, rb"\g<1>" + live.ids["message"].encode(), response)

    def _pick(self, live):
        if self.mode == "loose":
            at = next((i for i in self.unused if self.requests[i].shape == live.shape), None)
        else:
            at = self.unused[0] if self.unused else None
        if at is None:
            self.mismatches.append({"live": live.shape, "why": "no recorded message is left for it"})
            return None
        recorded = self.requests[at].shape
        differs = {k: {"recorded": recorded[k], "live": v} for k, v in live.shape.items() if v != recorded[k]}
        if differs:
            self.mismatches.append({"index": at, "differs": differs})
        return None if differs else at

    def _rewrite(self, text):
        def in_text(match):
            new = self.ids.get(match[0].upper(), match[0])
            return new if match[0].isupper() else new.lower()

        def in_psrp(match):
            try:
                blob = base64.b64decode(match[0], validate=True)
            except binascii.Error:
                return match[0]
            if not any(True for _ in fragments(blob)):
                return match[0]
            for old, new in self.ids.items():
                for form in (lambda g: uuid.UUID(g).bytes_le, lambda g: g.lower().encode(), str.encode):
                    blob = blob.replace(form(old), form(new))
            return base64.b64encode(blob)

        return GUID.sub(in_text, BASE64.sub(in_psrp, text.encode()).decode()).encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    replay: Replay

    def log_message(self, *args):
        pass

    def do_GET(self):
        replay = self.replay
        total = len(replay.messages)
        status = {"total": total, "served": total - len(replay.unused), "mismatches": replay.mismatches}
        requests = [message["request"] for message in replay.messages]
        self.reply(200, json.dumps(requests if self.path == "/__replay/requests" else status).encode(), "application/json")

    def do_POST(self):
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not (self.headers.get("Authorization") or "").startswith("Basic "):
            return self.unauthorized()
        answer = self.replay.answer(text)
        if answer is None:
            why = json.dumps(self.replay.mismatches[-1])[:500].replace("<", "(").replace("&", "+")
            return self.reply(500, (FAULT % why).encode())
        message, response = answer
        time.sleep(message.get("timeout", 0))
        if message.get("http_error"):
            self.close_connection = True
            return self.connection.close()
        if message.get("auth_error"):
            return self.unauthorized()
        return self.reply(message.get("transport_error", {}).get("code", 200), response)

    def unauthorized(self):
        self.reply(401, b"", headers={"WWW-Authenticate": 'Basic realm="WSMAN"'})

    def reply(self, status, body, content_type="application/soap+xml;charset=UTF-8", headers=None):
        self.send_response(status)
        for name, value in {"Content-Type": content_type, "Content-Length": len(body), **(headers or {})}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("recording")
    parser.add_argument("--mode", choices=["ordered", "loose"], default="ordered")
    options = parser.parse_args()
    Handler.replay = Replay(options.recording, options.mode)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"port": server.server_address[1]}), flush=True)
    sys.stdin.read()
    os._exit(0)


main()
