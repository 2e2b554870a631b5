"""The ``security`` of a call as zeep has it: see client-program.ts."""

from datetime import datetime, timedelta, timezone

import xmlsec
from zeep.wsse import BinarySignature, UsernameToken
from zeep.wsse.utils import WSU, get_security_header

# Seconds that a message stays good.
LIFETIME = 60


class Unsigned:
    """zeep expects a signed reply of whomever it sends a signature."""

    def verify(self, envelope):
        return envelope


class Token(Unsigned, UsernameToken):
    pass


class Sign(Unsigned, BinarySignature):
    pass


class Timestamp(Unsigned):
    """zeep makes none by itself."""

    def apply(self, envelope, headers):
        now = datetime.now(timezone.utc).replace(microsecond=0)
        end = now + timedelta(seconds=LIFETIME)
        get_security_header(envelope).append(WSU.Timestamp(WSU.Created(now.isoformat()), WSU.Expires(end.isoformat())))
        return envelope, headers


class All(Unsigned):
    """Several of them, one after another."""

    def __init__(self, parts):
        self.parts = parts

    def apply(self, envelope, headers):
        for part in self.parts:
            envelope, headers = part.apply(envelope, headers)
        return envelope, headers


def wsse_of(security):
    if security is None:
        return None
    parts = []
    if "token" in security:
        token = security["token"]
        parts.append(Token(token["name"], token["password"], use_digest=token["type"] == "digest"))
    if security.get("timestamp"):
        parts.append(Timestamp())
    if "signature" in security:
        files = security["signature"]
        methods = {"signature_method": xmlsec.Transform.RSA_SHA256, "digest_method": xmlsec.Transform.SHA256}
        parts.append(Sign(files["key"], files["certificate"], **methods))
    return All(parts)
