"""``snmpd.conf``: community names, which are passwords sent in clear.

``rocommunity NAME [source]``, ``rwcommunity NAME``, ``com2sec SECURITY source NAME`` and ``createUser NAME MD5 "secret" …`` (snmpd.conf(5),
Net-SNMP 5.9). ``agentaddress [udp:]ADDRESS[:port],…`` says where the agent listens.

Known ways it lies: ``com2sec`` alone grants nothing; access is granted further down.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.secrets import is_documentation, stored
from asepsis.evidence.protocols.text import is_of_another_program, unquote, word_lines
from asepsis.evidence.reader import Emit, ReaderInfo, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Confidence, Gives, Service, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)snmp(?:d[^/]*)?\.conf[^/]*$")
_COMMUNITY = {"rocommunity": 1, "rwcommunity": 1, "rocommunity6": 1, "rwcommunity6": 1, "com2sec": 3, "com2sec6": 3}
_LOOPBACK = re.compile(r"(?:(?:udp|tcp|udp6|tcp6):)?(?:127\.0\.0\.1|localhost|\[?::1\]?)(?::\d+)?|unix:.*|/.*", re.IGNORECASE)
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


class SnmpdReader:
    """Emits a :class:`StoredSecret` for each community and user, and one :class:`Service` ``snmp``."""

    info = ReaderInfo("snmpd", "Configuration of the SNMP agent", (StoredSecret, Service), ("snmpd.conf",))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and not is_of_another_program(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line; the service is as open as its most open community."""
        confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.CONFIRMED
        opened: list[tuple[bool, bool, int]] = []
        local = False
        for number, words in word_lines(source.lines()):
            key = words[0].lower()
            if key == "agentaddress":
                addresses = " ".join(words[1:]).replace(",", " ").split()
                local = bool(addresses) and all(map(_LOOPBACK.fullmatch, addresses))
            secret = _secret(key, words)
            if not secret:
                continue
            redacted = stored(source, SecretKind.APPLICATION, SecretForm.CLEARTEXT, secret)
            subject = words[1] if key == "createuser" else ""
            emit(StoredSecret(source.where(line=number), redacted, "snmpd", subject[:64], key, "snmp", confidence))
            if key in _COMMUNITY:
                opened.append((not _from_here(words), key.startswith("rw"), -number))
        if opened:
            from_afar, writes, number = max(opened)
            _emit_service(source, -number, writes, local or not from_afar, confidence, emit)


def _secret(key: str, words: list[str]) -> str:
    if key == "createuser":
        return unquote(words[3]) if len(words) > 3 else ""  # noqa: PLR2004
    place = _COMMUNITY.get(key, 0)
    return unquote(words[place]) if place and len(words) > place else ""


def _from_here(words: list[str]) -> bool:
    """The community is taken from the device itself only; both kinds of line name the source third."""
    return len(words) > 2 and words[2] in _LOCAL  # noqa: PLR2004


def _emit_service(source: BoundedSource, number: int, writes: bool, local: bool, confidence: Confidence, emit: Emit) -> None:
    emit(
        Service(
            source.where(line=number),
            "snmp",
            program="snmpd",
            auth=Auth.PASSWORD,
            encrypted=False,
            port=161,
            address="127.0.0.1" if local else "",
            gives=Gives.CONTROL if writes else Gives.READING,
            detail="settings can be written with a community name sent in clear"
            if writes
            else "values can be read with a community name sent in clear",
            confidence=confidence,
        )
    )
