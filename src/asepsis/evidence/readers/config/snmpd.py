"""``snmpd.conf``: community names, which are passwords sent in clear.

``rocommunity NAME [source]``, ``rwcommunity NAME``, ``com2sec SECURITY source NAME`` and ``createUser NAME MD5 "secret" …`` (snmpd.conf(5),
Net-SNMP 5.9): pass phrases for authentication and, if given, privacy, behind ``-m`` and ``-l`` as keys. In its persistent file the agent keeps
``usmUser … NAME … PROTOCOL 0xKEY PROTOCOL 0xKEY ""``: keys made for this agent, which work as well. ``agentaddress [udp:]ADDRESS[:port],…`` says
where the agent listens.

Known ways it lies: ``com2sec`` alone grants nothing; access is granted further down.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.secrets import is_documentation, stored
from asepsis.evidence.protocols.shell import words_of
from asepsis.evidence.protocols.text import is_of_another_program, unquote, word_lines
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Confidence, Gives, Service, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)snmp(?:d[^/]*)?\.conf[^/]*$")
_COMMUNITY = {"rocommunity": 1, "rwcommunity": 1, "rocommunity6": 1, "rwcommunity6": 1, "com2sec": 3, "com2sec6": 3}
_LOOPBACK = re.compile(r"(?:(?:udp|tcp|udp6|tcp6):)?(?:127\.0\.0\.1|localhost|\[?::1\]?)(?::\d+)?|unix:.*|/.*", re.IGNORECASE)
_PROTOCOL = re.compile(r"MD5|SHA(?:-?\d{3})?|DES|AES(?:-?\d{3})?", re.IGNORECASE)
_USM_KEY = re.compile(r"0x[0-9A-Fa-f]{32,128}")
_USM_KEYS = 6
"""Words of ``usmUser`` before the first key: status, storage type, engine, name, security name, clone."""
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


class SnmpdReader:
    """Emits a :class:`StoredSecret` for each community and user, and one :class:`Service` ``snmp``."""

    info = ReaderInfo("snmpd", "Configuration of the SNMP agent", (StoredSecret, Service), ("snmpd.conf",))
    signs = Signs(paths=(_PATH,), text=True)

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
            for secret, form in _secrets(key, words):
                redacted = stored(source, SecretKind.APPLICATION, form, secret)
                emit(StoredSecret(source.where(line=number), redacted, "snmpd", _user(key, words)[:64], key, "snmp", confidence))
            if key in _COMMUNITY and len(words) > _COMMUNITY[key]:
                opened.append((not _from_here(words), key.startswith("rw"), -number))
        if opened:
            from_afar, writes, number = max(opened)
            _emit_service(source, -number, writes, local or not from_afar, confidence, emit)


def _secrets(key: str, words: list[str]) -> Iterator[tuple[str, SecretForm]]:
    """The secrets of a line, and how they are kept."""
    if key == "createuser":
        yield from _of_user(words)
    elif key == "usmuser":
        yield from ((word[2:], SecretForm.DERIVED) for word in words[_USM_KEYS:] if _USM_KEY.fullmatch(word))
    elif key in _COMMUNITY and len(words) > _COMMUNITY[key]:
        yield unquote(words[_COMMUNITY[key]]), SecretForm.CLEARTEXT


def _of_user(words: list[str]) -> Iterator[tuple[str, SecretForm]]:
    """``createUser [-e ENGINE] NAME PROTOCOL "pass phrase" [PROTOCOL ["pass phrase"]]``; ``-m`` and ``-l`` go before keys."""
    rest = _without_engine(words)
    form = SecretForm.CLEARTEXT
    for word in words_of(" ".join(rest[2:])):
        if word in {"-m", "-l"}:
            form = SecretForm.DERIVED
        elif not _PROTOCOL.fullmatch(word):
            yield word.removeprefix("0x") if form is SecretForm.DERIVED else word, form


def _without_engine(words: list[str]) -> list[str]:
    return [words[0], *words[3:]] if words[1:2] == ["-e"] else words


def _user(key: str, words: list[str]) -> str:
    if key == "createuser":
        return unquote("".join(_without_engine(words)[1:2]))
    return unquote("".join(words[4:5])) if key == "usmuser" else ""


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
