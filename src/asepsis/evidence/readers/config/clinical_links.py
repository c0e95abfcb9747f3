"""Configured links that carry clinical messages: HL7 over MLLP, DICOM, ASTM, POCT1-A in ``key = value`` files.

No standard says how a device's own program names these settings, so this reads what they have in common: a section (or a whole file) that
names a clinical protocol, and beside it the keys of :data:`_KEYS`. MLLP, ASTM and DICOM without TLS have no protection of their own (IHE
ITI TF-2 3.19, DICOM PS3.15): what is said of encryption and log-in here is what the file says, and None where it says nothing.

Known ways it lies: a default of the program is not in the file; a tunnel or a firewall may stand in front.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import groupby

from asepsis.evidence.protocols.command_line import port_of
from asepsis.evidence.protocols.text import Entry, key_file, unquote
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Confidence, Effect, Flow, Gives, Service

_PATH = re.compile(r"\.(?:conf|cfg|cnf|ini|properties)$")
_PROTOCOL = re.compile(r"(?P<hl7>hl7|mllp)|(?P<dicom>dicom|dimse)|(?P<astm>astm|lis[12]-a)|(?P<poct1a>poct1-?a)", re.IGNORECASE)
_NAMED = re.compile(rb"(?im)^[ \t]*(?:protocol|type|transport|interface)[ \t]*=[ \t]*[\"']?(?:hl7|mllp|dicom|dimse|astm|lis[12]-a|poct1-?a)")
_KEYS: dict[str, tuple[str, ...]] = {
    "protocol": ("protocol", "type", "transport", "interface"),
    "enabled": ("enabled", "enable", "active"),
    "listen": ("listen", "listen_address", "bind", "bind_address", "local_address"),
    "peer": ("server", "host", "remote", "peer", "destination", "address"),
    "port": ("port", "listen_port", "local_port", "tcp_port"),
    "tls": ("tls", "ssl", "use_tls", "use_ssl", "tls_enabled", "ssl_enabled", "encryption", "secure"),
    "auth": ("authentication", "auth", "client_auth", "client_authentication", "verify_client", "verify_peer"),
    "messages": ("messages", "message", "message_types", "events", "services"),
}
"""What is looked for → the names it goes by, case-blind, ``-`` and ``_`` alike."""

_WORDS = {
    **dict.fromkeys(("yes", "true", "on", "1", "enabled", "required"), True),
    **dict.fromkeys(("no", "false", "off", "0", "disabled", "none"), False),
}
_ASKS = {
    **dict.fromkeys(("mutual", "certificate", "client-certificate", "client_certificate", "mtls"), Auth.MUTUAL),
    **dict.fromkeys(("password", "basic", "login", "user"), Auth.PASSWORD),
    **dict.fromkeys(("key", "token", "hmac"), Auth.KEY),
}
_MESSAGES: tuple[tuple[re.Pattern[str], Effect], ...] = (
    (re.compile(r"\b(?:RDE|RGV|RDS|OMP|ORM|OMG|OML|PCD-03|DEC|N-ACTION)\b"), Effect.COMMAND),
    (re.compile(r"\b(?:ORU|PCD-01|PCD-04|OUL|R40|C-STORE)\b"), Effect.READING),
)
"""HL7 v2.6 chapters 4 and 7, IHE PCD: orders make the device act, observations are what others believe of the patient."""
_GIVES = {Effect.COMMAND: Gives.COMMAND, Effect.READING: Gives.READING, Effect.RECORD: Gives.RECORD, Effect.STOP: Gives.STOP}


class ClinicalLinksReader:
    """Emits a :class:`Flow` for each link, and a :class:`Service` where the device is the one that listens."""

    info = ReaderInfo(
        "clinical_links", "Links that carry clinical messages", (Flow, Service), ("key = value files that name HL7, DICOM, ASTM or POCT1-A",)
    )
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """A configuration file by name that names a clinical protocol in one of the keys for it."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and _NAMED.search(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Section by section; a section that names no clinical protocol is none of ours."""
        for name, entries in groupby(key_file(source.lines()), key=lambda entry: entry.section):
            found = _settings(entries)
            kind = _PROTOCOL.search(found["protocol"].value) if "protocol" in found else None
            if kind:
                _emit(source, name, kind.lastgroup or "", found, emit)


def _settings(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The entries of a section by what they are; the first of several names wins."""
    given: dict[str, Entry] = {}
    for entry in entries:
        given.setdefault(entry.key.lower().replace("-", "_"), entry)
    return {what: next(given[name] for name in names if name in given) for what, names in _KEYS.items() if any(name in given for name in names)}


def _emit(source: BoundedSource, section: str, kind: str, found: Mapping[str, Entry], emit: Emit) -> None:
    where = source.where(line=found["protocol"].line)
    listens, effect, auth, tls = "listen" in found, _effect(_value(found, "messages")), _auth(found), _WORDS.get(_value(found, "tls").lower())
    enabled = _WORDS.get(_value(found, "enabled").lower())
    if enabled is not False:
        emit(
            Flow(
                where,
                f"{kind}-{section}" if section else kind,
                effect,
                protocol=_value(found, "protocol").lower(),
                encrypted=tls,
                authenticated=None if auth is Auth.UNKNOWN else auth is not Auth.NONE,
                replay_protected=tls,
                accepts_strangers=(None if auth is Auth.UNKNOWN else auth is Auth.NONE) if listens else None,
                patient_data=True,
                peer=_value(found, "peer"),
            )
        )
    if listens:
        port, address = port_of(_value(found, "port")) or port_of(_value(found, "listen")), _value(found, "listen").rpartition(":")
        detail = f"takes {section or kind} messages"
        emit(
            Service(
                where,
                kind,
                auth=auth,
                encrypted=tls,
                enabled=enabled,
                port=port,
                address=(address[0] or address[2]).strip("[]"),
                gives=_GIVES[effect],
                detail=detail,
                confidence=Confidence.LIKELY,
            )
        )


def _value(found: Mapping[str, Entry], what: str) -> str:
    return unquote(found[what].value) if what in found else ""


def _effect(messages: str) -> Effect:
    """What the messages do; those that are not named are taken for records, the least that a clinical message is."""
    return next((effect for pattern, effect in _MESSAGES if pattern.search(messages)), Effect.RECORD)


def _auth(found: Mapping[str, Entry]) -> Auth:
    """What the file says of a log-in. A plain "yes" does not say which, so it stays unknown."""
    said = _value(found, "auth").lower()
    return _ASKS.get(said, Auth.NONE if _WORDS.get(said) is False else Auth.UNKNOWN)
