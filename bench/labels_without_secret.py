"""Labelled samples that hold no secret by their own words, and labels of what is none: criteria that look at the sample alone.

The sets label documentation values and defused keys as secrets. A sample is set apart only for what stands in it, or for what OpenSSL
(``cryptography``) says of it, never for what Asepsis says: such a sample is set apart whether Asepsis reports it or not. Each criterion has a name,
which ``text_secrets.py --list`` prints. Figures over all labels are always printed beside those without them.
"""

from __future__ import annotations

import base64
import binascii
import json
import re

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

REFUSED = "is a key that OpenSSL, WireGuard or RFC 7519 refuse"
RUN = 8
"""Characters one after the other of the alphabet, the digits or a row of the keyboard: ``12345678``, ``abcdefgh``, ``qwertyui``, ``a1b2c3d4``."""
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "1234567890abcdef",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8s9t0",
    "1a2b3c4d5e6f7g8h9i0j",
)
_RUNS = tuple(row[at : at + RUN] for one in _ROWS for row in (one, one[::-1]) for at in range(len(row) - RUN + 1))
_WORD = re.compile(r"[A-Za-z0-9+/=_-]{8,}")
_REPEATED = re.compile(r"([^A])\1{7}|((?!A{6})[A-Za-z0-9]{6,20})\2")
"""Of one character, unless it is the A of zeros in base64; or of six and more, without a gap."""
_NAME = r"(?:(?:my|your|some)_?)?(?:password|passwd|pass|pwd|secret|token|api_?key)"
_NAMES_ITSELF = re.compile(
    rf"(?<![A-Za-z])(?:pass(?:word)?|pwd)[\"'\] \t]{{0,12}}(?:=>?|[ \t])[ \t]{{0,8}}[\"']?{_NAME}[\"']?(?:[\s;,]|\Z)|://[\w.-]{{1,32}}:{_NAME}@"
    rf"|[ \t]-p[ \t]{_NAME}[ \t]",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(r"123e4567-e89b-12d3-a456-|f81d4fae-7dec-11d0-", re.IGNORECASE)
_MASKED = re.compile(r"(?<![A-Za-z])[xX]{5,}(?![A-Za-z])")
_ELSEWHERE = re.compile(
    r"(?:password|pwd|[ \t]-p)[\"' \t]{0,4}[=: \t][ \t]{0,4}[\"']?(?:\$\w+|%\w+%|#\{)|password\w*[ \t]=[ \t]\"\w+:\"[ \t]\+[ \t]\w+", re.IGNORECASE
)
_ARMOUR = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL)
_JWT = re.compile(r"(?:\w+=)?(eyJ[\w-]{10,})\.eyJ[\w-]{10,}\.[\w-]{10,}\s*")
_NO_KEY = re.compile(r"(?:AC|SK)[0-9a-f]{32}|(?:activation|licen[cs]e|product|serial) ?key ?[:=] ?[A-Z0-9-]{11,}", re.IGNORECASE)
"""The SID of a Twilio account or key, which nobody can log in with; a licence key, which opens nothing."""
_WIREGUARD = re.compile(r"PrivateKey\s*=\s*([A-Za-z0-9+/]{43}=)(?!=)")


def reason(text: str) -> str:
    """The name of the criterion by which a sample holds no secret; empty for one that may."""
    if _ARMOUR.search(text):
        return "" if _loads(text) else REFUSED
    words = _WORD.findall(text)
    for name, holds in (
        ("counts, or spells the alphabet", any(run in word.lower() for word in words for run in _RUNS)),
        ("repeats itself", any(_REPEATED.search(word) for word in words)),
        ("is a UUID that standards print", _PUBLISHED.search(text)),
        ("is masked", _MASKED.search(text)),
        ("is the word for a password", _NAMES_ITSELF.search(text)),
        ("names a variable", _ELSEWHERE.search(text)),
        ("is an identifier or a licence key", _NO_KEY.fullmatch(text.strip())),
        (REFUSED, _refused(text)),
    ):
        if holds:
            return name
    return ""


def _refused(text: str) -> bool:
    token, key = _JWT.fullmatch(text), _WIREGUARD.search(text)
    if token:
        return not _is_header(token.group(1))
    return bool(key and base64.b64encode(base64.b64decode(key.group(1))).decode() != key.group(1))


_QUOTES = re.compile(r"\\r|[\"'][ +]*$|^[ ]*[\"']", re.MULTILINE)


def _loads(text: str) -> bool:
    """Whether a library reads the key, without the quotes that a program put around its lines; of a sealed one, whether it is base64 at all."""
    armour = _ARMOUR.search(text)
    clean = _QUOTES.sub("", (armour.group() if armour else "").replace("\\n", "\n")).encode()
    head, _, body = clean.partition(b"-----\n")
    body = body.partition(b"-----END")[0].rpartition(b"\n\n")[2]
    try:
        raw = base64.b64decode(b"".join(body.split()), validate=True)
    except binascii.Error:
        return False
    if b"ENCRYPTED" in clean:
        return True
    load = load_ssh_private_key if raw.startswith(b"openssh-key-v1") else load_pem_private_key
    label = b"OPENSSH PRIVATE KEY" if raw.startswith(b"openssh-key-v1") else head.partition(b"-----BEGIN ")[2]
    lines = b"\n".join(base64.b64encode(raw)[at : at + 64] for at in range(0, len(raw) * 2, 64)).strip()
    try:
        load(b"-----BEGIN %s-----\n%s\n-----END %s-----\n" % (label, lines, label), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return True


def _is_header(part: str) -> bool:
    try:
        return "alg" in json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        return False
