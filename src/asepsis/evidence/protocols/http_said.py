"""What header fields say of who speaks: products (RFC 9110, 10.1.5 and 10.2.4) and log-ins (RFC 7617, RFC 6750, RFC 7616, RFC 4559). No I/O."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass

MAX_TEXT = 200
_PRODUCT = re.compile(r"([A-Za-z][\w.!#$%&'*+^`|~-]{0,63})(?:/([\w.!#$%&'*+^`|~:-]{1,64}))?")
_USER = re.compile(r'\busername\s*=\s*"([^"]{0,200})"')


@dataclass(frozen=True, slots=True)
class Shown:
    """Who somebody says he is: by which scheme, as which user, with which secret (None if it is not sent in clear)."""

    how: str
    user: str = ""
    secret: bytes | None = None


def product(text: str) -> tuple[str, str]:
    """The first product of a Server, X-Powered-By or User-Agent field, and its version; empty where it has none."""
    match = _PRODUCT.match(text)
    return (match[1], match[2] or "") if match else ("", "")


def printable(text: str) -> str:
    """At most ``MAX_TEXT`` characters, none of which is a control character."""
    return "".join(letter for letter in text[:MAX_TEXT] if letter.isprintable())


def shown(value: str) -> Shown | None:
    """What an Authorization or Proxy-Authorization field shows; None if it shows nothing."""
    scheme, _, rest = value.strip().partition(" ")
    how, rest = printable(scheme.lower()), rest.strip()
    if how == "basic":
        try:
            user, colon, secret = b64decode(rest + "=" * (-len(rest) % 4), validate=True).partition(b":")
        except ValueError:
            return Shown(how)
        return Shown(how, printable(user.decode("utf-8", "replace")), secret if colon else None)
    if how in {"bearer", "token", "apikey"}:
        return Shown(how, secret=rest.encode("latin-1", "replace")) if rest else None
    if how == "digest" and (match := _USER.search(rest)):
        return Shown(how, printable(match[1]))
    return Shown(how) if how and rest else None
