"""Logs: secrets that a program wrote down while it worked (CWE-532).

Text of any shape; what counts is a name with a value: ``psk="…"``, ``passphrase=…``, ``password=…``, ``"token": "…"``; a header ``Authorization:
Basic`` (RFC 7617: base64 of ``USER:PASSWORD``) or ``Bearer`` (RFC 6750); pppd's ``[PAP AuthReq … user="…" password="…"]``; what wpa_supplicant
dumps under ``-K``: ``PSK - hexdump(len=32): …``, and ``PSK (ASCII passphrase)`` or ``password`` as ``hexdump_ascii`` with the bytes in the next
lines.

Known ways it lies: careful programs write ``[REMOVED]``, ``<hidden>`` or stars; prose speaks of passwords without telling one (``Failed password
for root``); a rejected password may be a mistyped one.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.protocols.secrets import placeholder
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(
    r"(?:^|/)(?:var/)?logs?/[^/]*(?:/[^/]*){0,6}$|\.log(?:\.\d+|\.old|-\d{8})?$|(?:^|/)(?:messages|syslog|logcat)(?:\.\d+)?$", re.IGNORECASE
)
_CODE = re.compile(r"\.(?:py|c|h|js|ts|java|go|rs|pl|lua|html?|css|map|json|xml|so|ko|png|svg|md|rst|conf|service)$", re.IGNORECASE)
_WORD = re.compile(r"psk|pass|pwd|secret|token|authorization|api[_-]?key", re.IGNORECASE)
_HEADER = re.compile(r"\bAuthorization\b['\"]?\s{0,3}[:=]\s{0,3}['\"]?(Basic|Bearer)\s{1,3}([A-Za-z0-9+/._~-]{8,4096}={0,2})", re.IGNORECASE)
_VALUE = r"(?:\"([^\"]{1,128})\"|'([^']{1,128})'|([^\s\"'&,;<>()\[\]{}|]{1,128}))"
_PAIR = re.compile(
    rf"(?<![A-Za-z])([A-Za-z0-9_.-]{{0,24}}(?:psk|passphrase|password|passwd|pwd|pre_?shared_?key|secret|api_?key|auth_?token|access_?token))['\"]?\s{{0,2}}(?:=>|=|:(?=\s{{0,2}}['\"]))\s{{0,2}}{_VALUE}",
    re.IGNORECASE,
)
_SAID = re.compile(r"\b(\w{0,16}(?:psk|passphrase))\s?:\s{1,2}([^\s\"'<>]{8,63})\s*$", re.IGNORECASE)
"""Without quotes only the words for Wi-Fi, and only at the end of a line: prose has colons too."""
_USER = re.compile(r"\b(?:user(?:name)?|login|identity|ssid)['\"]?\s{0,2}(?:=|:)\s{0,2}['\"]?([^\s\"'&,;]{1,64})", re.IGNORECASE)
_DUMP = re.compile(
    r"\b(PSK|PMK|password|PSK \(ASCII passphrase\)|PSK \(from passphrase\))\s+- hexdump(_ascii)?\(len=(\d{1,3})\):\s*((?:[0-9a-f]{2}\b ?)*)",
    re.IGNORECASE,
)
_ROW = re.compile(r"(?:[^:]{0,40}:)?\s{2,8}((?:[0-9a-f]{2} ){1,16})")
_NO_VALUE = re.compile(
    r"(?:true|false|null|none|nil|yes|no|on|off|set|unset|not_set|empty|ok|failed|required|expired|changed|invalid|incorrect|wrong|unknown|\(null\)|[0-9]{1,3}|[%*x.•-]+|\[?removed\]?)\W*",
    re.IGNORECASE,
)
_WIFI = re.compile(r"psk|pre_?shared|wi-?fi|wlan|wpa|ssid", re.IGNORECASE)
_NETWORK = re.compile(r"\b(?:EAP|802\.1x|pppd?|PAP|CHAP|radius|ipsec|xauth|l2tp)\b", re.IGNORECASE)
_SHORTEST = 4
_MOST = 2_000
"""Secrets of one file: a log repeats itself."""
_LONGEST_LINE = 16_384


class LogsReader:
    """Emits one :class:`StoredSecret`, likely, for each secret of a log, once; its subject is the user or network that the line names."""

    info = ReaderInfo("logs", "Secrets in logs", (StoredSecret,), ("var/log/*", "*.log"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By folder or name; programs and binary files are none."""
        return Sureness.YES if _PATH.search(path) and not _CODE.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line; a dump goes over two."""
        keeper, seen, dumped = Keeper(source, emit, "log"), set[tuple[str, str]](), ""
        for number, raw in source.lines():
            line = raw[:_LONGEST_LINE]
            found = list(_rows(line, dumped)) if dumped else []
            dumped = ""
            if _WORD.search(line):
                dump = _DUMP.search(line)
                dumped = dump.group(1) if dump and dump.group(2) and not dump.group(4) else ""
                found += [*_headers(line), *_dumps(dump), *_pairs(line)]
            for kind, form, subject, key, secret in found:
                if (key, secret) not in seen and len(seen) < _MOST:
                    seen.add((key, secret))
                    keeper.tell(kind, secret, line=number, subject=subject, key=key, form=form, confidence=Confidence.LIKELY)


_Found = tuple[SecretKind, SecretForm, str, str, str]


def _headers(line: str) -> Iterator[_Found]:
    for scheme, token in _HEADER.findall(line):
        if scheme.lower() == "bearer":
            yield SecretKind.APPLICATION, SecretForm.CLEARTEXT, "", "Bearer", token
            continue
        try:
            user, colon, secret = base64.b64decode(token, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError):
            continue
        if colon and secret and secret.isprintable():
            yield SecretKind.APPLICATION, SecretForm.CLEARTEXT, user, "Basic", secret


def _dumps(dump: re.Match[str] | None) -> Iterator[_Found]:
    """A dump on the line itself; the keys of a network are 32 bytes."""
    digits = dump.group(4).replace(" ", "") if dump else ""
    if dump and len(digits) == 2 * int(dump.group(3)) and digits:
        if dump.group(1).lower() == "password":
            yield SecretKind.NETWORK_LOGIN, SecretForm.CLEARTEXT, "", "password", bytes.fromhex(digits).decode("utf-8", "replace")
        elif int(dump.group(3)) == 32:  # noqa: PLR2004
            yield SecretKind.WIFI, SecretForm.DERIVED, "", dump.group(1), digits


def _rows(line: str, dumped: str) -> Iterator[_Found]:
    """The row of bytes behind ``hexdump_ascii``; longer secrets keep their first 16 bytes."""
    row = _ROW.match(line)
    if row:
        text = bytes.fromhex(row.group(1)).decode("utf-8", "replace")
        kind = SecretKind.NETWORK_LOGIN if dumped.lower() == "password" else SecretKind.WIFI
        yield kind, SecretForm.CLEARTEXT, "", dumped, text


def _pairs(line: str) -> Iterator[_Found]:
    said = _SAID.search(line)
    for name, double, single, bare in (*_PAIR.findall(line), *([(said.group(1), "", "", said.group(2))] if said else [])):
        secret = double or single or bare.rstrip(".:")
        if len(secret) < _SHORTEST or _NO_VALUE.fullmatch(secret) or placeholder(secret, script=True):
            continue
        user = _USER.search(line)
        kind = _kind(name, line)
        form = SecretForm.DERIVED if kind is SecretKind.WIFI and re.fullmatch(r"[0-9A-Fa-f]{64}", secret) else SecretForm.CLEARTEXT
        yield kind, form, user.group(1) if user else "", name.strip("_.-")[:32], secret


def _kind(name: str, line: str) -> SecretKind:
    """By the name, else by what the line speaks of."""
    if _WIFI.search(name) or ("passphrase" in name.lower() and _WIFI.search(line)):
        return SecretKind.WIFI
    return SecretKind.NETWORK_LOGIN if _NETWORK.search(line) else SecretKind.APPLICATION
