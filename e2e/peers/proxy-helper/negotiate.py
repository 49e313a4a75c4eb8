"""Squid's protocol for Negotiate helpers in front of GSSAPI, with NTLM by gss-ntlmssp.

Debian's own negotiate_kerberos_auth answers a first token with `TT token=…`, which squid 5.7 hands on as it is.
"""
import base64
import sys

import gssapi


def name_of(context):
    """gss-ntlmssp counts a closing zero as part of it at times."""
    return str(context.initiator_name).rstrip("\0")


context = None
for line in sys.stdin:
    word, _, token = line.strip().partition(" ")
    try:
        if word == "YR":
            context = gssapi.SecurityContext(usage="accept")
        answer = base64.b64encode(context.step(base64.b64decode(token)) or b"").decode()
        print(f"AF {answer or '='} {name_of(context)}" if context.complete else f"TT {answer}", flush=True)
    except (gssapi.exceptions.GSSError, AttributeError, ValueError) as error:
        print(f"NA = {type(error).__name__}", flush=True)
