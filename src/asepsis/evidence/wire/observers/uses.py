"""How services guard themselves: what somebody asked of one that a careful one refuses, and whether it was granted. Counts, never contents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from asepsis.evidence.wire.events import Asked, Closed, DicomAssociation, DimseSaid, Event, Named, TlsSaid
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.evidence.wire.packet import Side
from asepsis.model.facts import Fact, ServiceUse, Use

_MOST = 4096
_MOST_OPEN = 16_384
"""Associations and queries that await their answer."""
_FIND_ASKED, _FIND_ANSWERED = 0x0020, 0x8020
_QUERY_RETRIEVE = "1.2.840.10008.5.1.4.1.2."
"""The query models of PS3.4, C.6. A worklist (K.6) is asked for everybody by its nature."""
_MATCHES = frozenset({0xFF00, 0xFF01})
_CALLER_UNKNOWN = (1, 3)
"""Source and reason of a rejection: the service user does not know this calling title (PS3.8, table 9-21)."""
_CONTROL = frozenset({"telnet", "ftp", "ssh", "tftp", "vnc", "rdp", "snmp", "smb", "http"})
"""Through these somebody operates, changes or copies what is at the other end."""
_TUNNELS = frozenset({"ssh", "wireguard", "ike"})
_SUPPORT = (
    "teamviewer.com", "anydesk.com", "logmein.com", "logmeinrescue.com", "screenconnect.com", "bomgarcloud.com", "bomgar.com", "beyondtrustcloud.com",
    "splashtop.com", "rustdesk.com", "dwservice.net", "zerotier.com", "tailscale.com", "ngrok.com", "ngrok.io", "axeda.com",
)  # fmt: skip
"""Where programs for remote support and tunnels meet, by the domains of their makers [K]."""
_EARLY = frozenset({"RDP security", "TLS"})
"""Without CredSSP the screen for logging in is shown to whoever connects ([MS-RDPBCGR] 5.4)."""
_SETTINGS = (".cfg", ".conf", ".cnf", ".config", ".ini", ".xml", ".json", ".yaml", ".yml", ".toml", ".reg", "-config", "-confg", ".properties")
_SOFTWARE = (".bin", ".img", ".fw", ".rom", ".hex", ".elf", ".uboot", ".itb", ".efi", ".kpxe", ".0", ".sys", ".com", ".tar", ".gz", ".zip", ".upg")


class _Key(NamedTuple):
    use: Use
    service: str
    server: str
    client: str
    detail: str
    granted: bool | None


@dataclass(slots=True)
class _Query:
    """A question for all patients that is being answered."""

    asked: DimseSaid
    proved: bool
    matches: int = 0


class UsesObserver:
    """One :class:`ServiceUse` for each use, service, server, client and outcome."""

    info = ObserverInfo("uses", "What services do for whoever asks", (ServiceUse,))

    def __init__(self, means: Means) -> None:
        """Nobody asked yet."""
        self._means = means
        self._seen: dict[_Key, list[int]] = {}
        self._callers: dict[int, DicomAssociation] = {}
        self._queries: dict[tuple[int, int], _Query] = {}

    def see(self, event: Event) -> Iterator[Fact]:
        """Take in what was asked and answered."""
        match event:
            case DicomAssociation():
                self._association(event)
            case DimseSaid(command=command) if command in {_FIND_ASKED, _FIND_ANSWERED}:
                self._find(event)
            case Asked():
                self._asked(event)
            case Named(how="ws-discovery"):
                self._announced(event)
            case TlsSaid(step="client-hello") if event.server_name.lower().endswith(_SUPPORT):
                self._support(event)
            case Closed():
                self._closed(event)
        yield from ()

    # --- DICOM

    def _association(self, event: DicomAssociation) -> None:
        number = event.conversation.number
        if event.kind == "request":
            if len(self._callers) < _MOST_OPEN:
                self._callers[number] = event
            else:
                self._means.full(f"uses: more than {_MOST_OPEN} associations at once")
            return
        asked = self._callers.get(number)
        title = asked.calling if asked else event.calling
        if event.kind == "accept" and title:
            self._note(event, Use.CALLER, "dicom", title, granted=True)
        elif event.kind == "reject" and event.reason[1:] == _CALLER_UNKNOWN:
            self._note(event, Use.CALLER, "dicom", title, granted=False)

    def _find(self, event: DimseSaid) -> None:
        key = event.conversation.number, event.message_id
        if event.command == _FIND_ASKED:
            if event.wildcard and event.sop_class.startswith(_QUERY_RETRIEVE):
                self._query(key, event)
        elif query := self._queries.get(key):
            if event.status in _MATCHES:
                query.matches += 1
            else:
                self._answered(self._queries.pop(key), refused=bool(event.status))

    def _query(self, key: tuple[int, int], event: DimseSaid) -> None:
        if key not in self._queries and len(self._queries) >= _MOST_OPEN:
            self._means.full(f"uses: more than {_MOST_OPEN} queries at once")
            return
        caller = self._callers.get(event.conversation.number)
        self._queries[key] = _Query(event, proved=bool(caller and caller.identity))

    def _answered(self, query: _Query, *, refused: bool = False) -> None:
        """Nobody in the answer tells nothing: there may be no patients, or none for this caller."""
        granted = True if query.matches else False if refused else None
        self._note(query.asked, Use.QUERY, "dicom", "user identity" if query.proved else "", granted=granted)

    # --- everything else

    def _asked(self, event: Asked) -> None:
        match event:
            case Asked(protocol="snmp", verb="set"):
                self._note(event, Use.WRITE, "snmp", event.subject, granted=event.accepted)
            case Asked(protocol="smb", verb="negotiate", subject=subject) if subject.startswith("SMB 1"):
                self._note(event, Use.OLD_VERSION, "smb", subject, granted=event.accepted is not False)
            case Asked(protocol="smb", verb="session", subject="guest"):
                self._note(event, Use.GUEST, "smb", "", granted=True)
            case Asked(protocol="rdp", verb="connect") if event.accepted and event.side is Side.SERVER:
                self._note(event, Use.EARLY_SCREEN, "rdp", event.subject, granted=event.subject in _EARLY)
            case Asked(protocol="tftp"):
                self._note(event, Use.FILE, "tftp", f"{event.verb} {_kind(event.subject)}", granted=None)

    def _announced(self, event: Named) -> None:
        if "MedicalDevice" in event.attributes.get("types", "").split():
            schemes = event.attributes.get("schemes", "")
            self._put(_Key(Use.ANNOUNCED, "sdc", event.address, "", schemes, None), event.packet)

    def _support(self, event: TlsSaid) -> None:
        name = event.server_name.lower()
        maker = next((one for one in _SUPPORT if name == one or name.endswith(f".{one}")), "")
        if maker:
            talk = event.conversation
            self._put(_Key(Use.TUNNEL, "tls", str(talk.server), talk.client.address, maker, None), event.packet)

    def _closed(self, event: Closed) -> None:
        talk = event.conversation
        self._callers.pop(talk.number, None)
        if not talk.payload[Side.SERVER]:
            return
        if talk.enters and talk.protocol in _CONTROL:
            self._note(event, Use.FROM_OUTSIDE, talk.protocol, "", granted=True, packet=talk.first_packet)
        elif talk.leaves and talk.protocol in _TUNNELS:
            self._note(event, Use.TUNNEL, talk.protocol, "", granted=True, packet=talk.first_packet)

    def _note(self, event: Event, use: Use, service: str, detail: str, *, granted: bool | None, packet: int = 0) -> None:
        talk = event.conversation
        self._put(_Key(use, service, str(talk.server), talk.client.address, detail, granted), packet or event.packet)

    def _put(self, key: _Key, packet: int) -> None:
        if key not in self._seen and len(self._seen) >= _MOST:
            self._means.full(f"uses: more than {_MOST} uses of services")
            return
        self._seen.setdefault(key, [packet, 0])[1] += 1

    def pass_time(self, _packet: int, _time: int) -> Iterator[Fact]:
        """Nothing waits for time."""
        yield from ()

    def finish(self, _packet: int, _time: int) -> Iterator[Fact]:
        """All uses, in the order in which they were seen; of a query whose end was not recorded what had been answered by then."""
        for query in self._queries.values():
            self._answered(query)
        for key, (packet, times) in self._seen.items():
            yield ServiceUse(self._means.place(packet), *key, times)


def _kind(name: str) -> str:
    """What a file is for, by the end of its name; the name itself may say anything."""
    name = name.lower()
    if name.endswith(_SETTINGS) or name.startswith(("startup-", "running-")):
        return "settings"
    return "software" if name.endswith(_SOFTWARE) else "file"
