"""What header fields say of who speaks: products (RFC 9110, 10.1.5 and 10.2.4) and log-ins (RFC 7617, RFC 6750, RFC 7616, RFC 4559). No I/O.

And what a form for logging in says (HTML, 4.10.21.7; RFC 8259 where a page sends it as JSON), as far as the names of its fields tell.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl

MAX_TEXT = 200
MAX_FORM = 8_192
"""Bytes of a form; for logging in, few are needed."""
_MAX_FIELDS = 50
_SECRET = re.compile(r"(?:.*[_.:\[-])?(?:pass(?:word|wd|wort|phrase|code)?|pwd|passwd|kennwort|motdepasse|contrasena)\]?", re.IGNORECASE)
_WHO = re.compile(r"(?:.*[_.:\[-])?(?:user(?:[_-]?(?:name|id))?|log[_-]?in(?:[_-]?name)?|uname|e?mail|account|benutzer(?:name)?)\]?", re.IGNORECASE)
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


def form(content_type: str, body: bytes) -> Shown | None:
    """The log-in that a form holds: the one field that is called like a password, and who it is of; None if it holds none, or changes one."""
    kind = content_type.partition(";")[0].strip().lower()
    if not body or len(body) > MAX_FORM:
        return None
    fields = list(_fields(kind, body))
    secrets = [value for name, value in fields if _SECRET.fullmatch(name) and value]
    if len(secrets) != 1:  # several: somebody is given a new one, and which is in use is not known
        return None
    user = next((value for name, value in fields if _WHO.fullmatch(name)), "")
    return Shown("form", printable(user), secrets[0].encode("utf-8", "surrogateescape"))


def _fields(kind: str, body: bytes) -> Iterable[tuple[str, str]]:
    try:
        if kind == "application/x-www-form-urlencoded":
            return parse_qsl(body.decode("utf-8", "surrogateescape"), max_num_fields=_MAX_FIELDS, errors="surrogateescape")
        if kind == "application/json":
            said = json.loads(body)
            return [(name, value) for name, value in said.items() if isinstance(value, str)] if isinstance(said, dict) else []
    except (ValueError, RecursionError):
        return []
    return []
