"""Password hashes: which scheme a stored text is, and whether a publicly known default matches it. No I/O.

Schemes are told apart by their prefix (crypt(5)). Guessing uses the C library's ``crypt`` where it has one, because it is four to eighty
times faster than Python and knows yescrypt, and falls back to libpass. What a guess costs is counted, not timed: the same input
gives the same answer on a slow machine.
"""

from __future__ import annotations

import base64
import binascii
import ctypes
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from asepsis.model.secret import SecretForm

LOCKED = re.compile(r"[!*]|x\Z|NP\Z|LK\Z|\*LK\*|NOLOGIN\Z|disabled\Z")
"""Texts in a password field that no password hashes to; a ``!`` before a hash locks it (passwd -l)."""

_PREFIXES = (
    (re.compile(r"\$1\$[!-#%-9;-~]{0,16}\$[./0-9A-Za-z]{22}\Z"), "md5"),
    (re.compile(r"\$apr1\$[!-#%-9;-~]{0,16}\$[./0-9A-Za-z]{22}\Z"), "apr1"),
    (re.compile(r"\$5\$(?:rounds=\d{1,9}\$)?[!-#%-9;-~]{0,16}\$[./0-9A-Za-z]{43}\Z"), "sha256"),
    (re.compile(r"\$6\$(?:rounds=\d{1,9}\$)?[!-#%-9;-~]{0,16}\$[./0-9A-Za-z]{86}\Z"), "sha512"),
    (re.compile(r"\$2[abxy]?\$\d\d\$[./0-9A-Za-z]{53}\Z"), "bcrypt"),
    (re.compile(r"\$(?:y|gy)\$[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{0,86}\$[./0-9A-Za-z]{43}\Z"), "yescrypt"),
    (re.compile(r"\{SHA\}[A-Za-z0-9+/]{27}=\Z"), "sha1"),
    (re.compile(r"[./0-9A-Za-z]{13}\Z"), "des"),
    (re.compile(r"_[./0-9A-Za-z]{19}\Z"), "des"),
    (re.compile(r"(?:\$(?:7|sha1|3|md5|argon2i?d?)[$,]|\{S?SHA|\$6\$|\$5\$|\$1\$|\$PBKDF2|PBKDF2\$)\S{8,}\Z"), "unknown"),
    (re.compile(r"\$[PH]\$[./0-9A-Za-z]{31}\Z|\$S\$[./0-9A-Za-z]{52}\Z|\$(?:pbkdf2(?:-sha\d{1,3})?|scrypt|bcrypt-sha256)\$\S{8,}\Z"), "unknown"),
    (re.compile(r"(?:pbkdf2_sha\d{1,3}\$\d{1,9}|scrypt\$[^$\s]{1,64}|bcrypt(?:_sha256)?\$|argon2\$argon2i?d?)\$\S{8,}\Z"), "unknown"),
    (re.compile(r"(?:pbkdf2:sha\d{1,3}(?::\d{1,9})?|scrypt:\d{1,9}:\d{1,4}:\d{1,4}|sha\d{1,3}|md5)\$[^$\s]{1,64}\$[0-9a-f]{32,128}\Z"), "unknown"),
    (re.compile(r"SCRAM-SHA-\d{1,3}\$\d{1,9}:\S{8,}\Z|AQAAAA[A-Za-z0-9+/]{60,120}={0,2}\Z"), "unknown"),
)
"""After crypt(5)'s own: phpass and Drupal, passlib, Django, werkzeug, PostgreSQL, ASP.NET Core Identity."""


def scheme_of(field: str) -> str:
    """The scheme of a password field: a name of :class:`asepsis.model.facts.PasswordHash`, or an empty string if it is no hash."""
    if not field:
        return "empty"
    if LOCKED.match(field):
        return "locked"
    return next((scheme for pattern, scheme in _PREFIXES if pattern.match(field)), "")


def form_of(scheme: str) -> SecretForm:
    """The form that a scheme keeps a secret in."""
    return {"empty": SecretForm.EMPTY, "locked": SecretForm.LOCKED}.get(scheme, SecretForm.HASHED)


UNITS_PER_HASH = 200_000
"""What trying defaults against one hash may cost, in units of one DES crypt (about 5 µs)."""
UNITS_PER_FILE = 800_000
_UNITS = {"des": 1, "md5": 20, "sha1": 1, "apr1": 600, "sha256": 270, "sha512": 240, "yescrypt": 4000}
_DEFAULT_ROUNDS = 5000


@dataclass(slots=True)
class Budget:
    """What is left for guessing in one file."""

    units: int = UNITS_PER_FILE


def guess_units(scheme: str, field: str) -> int:
    """The cost of one guess; cost parameters come from the hash and may be absurd."""
    if scheme == "bcrypt":
        return int(300 * 2 ** (int(field[4:6] if field[3] == "$" else field[3:5]) - 5))
    units = _UNITS.get(scheme, UNITS_PER_FILE + 1)
    rounds = re.search(r"\$rounds=(\d+)\$", field)
    if rounds:
        return max(1, units * int(rounds.group(1)) // _DEFAULT_ROUNDS)
    # yescrypt's parameters hide its cost; more than the usual "j9T" is not tried.
    return units if scheme != "yescrypt" or field.split("$")[2] in {"j9T", "j75", "j8T"} else UNITS_PER_FILE + 1


def matches_default(field: str, guesses: Sequence[str], budget: Budget) -> bool | None:
    """Whether one of ``guesses`` hashes to ``field``: True, False if all were tried, None if they could not all be tried."""
    scheme = scheme_of(field)
    units = guess_units(scheme, field) if scheme not in {"", "empty", "locked", "unknown"} else UNITS_PER_FILE + 1
    affordable = min(UNITS_PER_HASH, budget.units) // max(units, 1)
    tried = guesses[:affordable]
    check = _checker(scheme)
    if not tried or check is None:
        return None
    budget.units -= units * len(tried)
    answers = [check(guess, field) for guess in tried]
    if any(answers):
        return True
    return None if len(tried) < len(guesses) or None in answers else False


def _checker(scheme: str) -> Callable[[str, str], bool | None] | None:
    if scheme == "sha1":
        return _check_sha1
    if scheme == "apr1":
        return _check_with_libpass
    return _check_with_libc if _libc_crypt() else _check_with_libpass


def _check_sha1(guess: str, field: str) -> bool:
    digest = hashlib.sha1(guess.encode(), usedforsecurity=False).digest()
    try:
        return base64.b64decode(field[5:], validate=True) == digest
    except binascii.Error:
        return False


@cache
def _libc_crypt() -> Callable[[bytes, bytes], bytes | None] | None:
    """The C library's ``crypt``, or None where there is none."""
    try:
        crypt = ctypes.CDLL("libcrypt.so.1").crypt
    except (OSError, AttributeError):
        return None
    crypt.argtypes, crypt.restype = (ctypes.c_char_p, ctypes.c_char_p), ctypes.c_char_p
    return crypt


def _check_with_libc(guess: str, field: str) -> bool | None:
    """None if this library does not know the scheme (some leave out DES)."""
    crypt = _libc_crypt()
    answer = crypt(guess.encode(), field.encode()) if crypt else None
    if not answer or answer.startswith(b"*"):
        return None
    return answer == field.encode()


def _check_with_libpass(guess: str, field: str) -> bool | None:
    from passlib import hash as schemes

    handlers = {
        "md5": schemes.md5_crypt,
        "apr1": schemes.apr_md5_crypt,
        "sha256": schemes.sha256_crypt,
        "sha512": schemes.sha512_crypt,
        "des": schemes.des_crypt,
    }
    handler = handlers.get(scheme_of(field))
    try:
        return bool(handler.verify(guess, field)) if handler else None
    except ValueError:
        return None
