"""Services that answered: what they are by what they said, what they asked for, and which software they call themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from asepsis.evidence.wire.events import Asked, Banner, Closed, Event, LogIn
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.evidence.wire.packet import Side
from asepsis.knowledge.signatures import cpe_of, purl_of, shipped_signatures
from asepsis.model.facts import Auth, Component, Confidence, Fact, Gives, Service
from asepsis.model.signature import Signature

_MOST = 4096


class _Kind(NamedTuple):
    """A protocol as a way in: its name among services, what it gives, whether it is encrypted, what it asks for by its nature."""

    name: str
    gives: Gives
    encrypted: bool | None
    auth: Auth = Auth.UNKNOWN


_KINDS = {
    "telnet": _Kind("telnet", Gives.CONTROL, encrypted=False),
    "ftp": _Kind("ftp", Gives.CONTROL, encrypted=False),
    "ssh": _Kind("ssh", Gives.CONTROL, encrypted=True, auth=Auth.PASSWORD),
    "tftp": _Kind("tftp", Gives.CONTROL, encrypted=False, auth=Auth.NONE),
    "vnc": _Kind("vnc", Gives.CONTROL, encrypted=False, auth=Auth.PASSWORD),
    "rdp": _Kind("rdp", Gives.CONTROL, encrypted=True, auth=Auth.PASSWORD),
    "snmp": _Kind("snmp", Gives.CONTROL, encrypted=False, auth=Auth.PASSWORD),
    "smb": _Kind("smb", Gives.RECORD, encrypted=None, auth=Auth.PASSWORD),
    "mqtt": _Kind("mqtt", Gives.READING, encrypted=False),
}
"""What clinical protocols carry is told as flows; a web page is told by who logs in to it."""
_STANDARD = {"telnet": 23, "ftp": 21, "ssh": 22, "tftp": 69, "vnc": 5900, "rdp": 3389, "snmp": 161, "smb": 445, "mqtt": 1883}


@dataclass(slots=True)
class _Seen:
    packet: int
    kind: _Kind
    auth: Auth
    detail: str = ""


class ServicesObserver:
    """A :class:`Service` for each place that answered, a :class:`Component` for each software that says its name and version."""

    info = ObserverInfo("services", "Services that answer on the network", (Service, Component))

    def __init__(self, means: Means) -> None:
        """Nobody answered yet."""
        self._means = means
        self._seen: dict[tuple[str, str, int], _Seen] = {}
        self._named: dict[tuple[str, str, str], Component] = {}

    @cached_property
    def _known(self) -> dict[str, Signature]:
        """Read only where somebody says a name."""
        return {part.name.lower(): part for part in shipped_signatures() if not part.system}

    def see(self, event: Event) -> Iterator[Fact]:
        """Take in who answered, what he asked for, what he calls himself."""
        match event:
            case Closed() if event.conversation.answered or event.conversation.transport == "udp":
                self._service(event)
            case Asked(protocol="vnc", subject="none", accepted=True) | LogIn(how="mqtt", secret=None, accepted=True):
                self._asks(event, Auth.NONE)
            case LogIn(accepted=True) if event.secret:
                self._asks(event, Auth.PASSWORD)
            case Banner(product=product, version=version) if product and version and event.what == "server":
                self._component(event)
        yield from ()

    def _service(self, event: Event) -> None:
        talk = event.conversation
        if talk.protocol in _KINDS and talk.payload[Side.SERVER] + (talk.transport == "udp"):
            self._note(event)

    def _note(self, event: Event) -> _Seen | None:
        talk = event.conversation
        kind = _KINDS.get(talk.protocol)
        key = (talk.protocol, talk.server.address, talk.server.port)
        if kind and key not in self._seen:
            if len(self._seen) < _MOST:
                self._seen[key] = _Seen(talk.first_packet, kind, kind.auth)
            else:
                self._means.full(f"services: more than {_MOST} services")
        return self._seen.get(key)

    def _asks(self, event: Event, auth: Auth) -> None:
        seen = self._note(event)
        if seen:
            seen.auth, seen.packet = auth, event.packet

    def _component(self, event: Banner) -> None:
        part = self._known.get(event.product.lower())
        key = (event.speaker.address, event.product, event.version)
        if key in self._named or event.conversation.protocol in {"vnc", "mqtt"}:
            return
        if len(self._named) >= _MOST:
            self._means.full(f"services: more than {_MOST} names of software")
            return
        names = (purl_of(part, event.version), cpe_of(part, event.version), part.supplier, part.licence) if part else ("", "", "", "")
        name, product = (part.name, part.product) if part else (event.product, "")
        self._named[key] = Component(self._means.place(event.packet), name, event.version, product, "banner", Confidence.LIKELY, *names)

    def pass_time(self, _packet: int, _time: int) -> Iterator[Fact]:
        """Nothing waits for time."""
        yield from ()

    def finish(self, _packet: int, _time: int) -> Iterator[Fact]:
        """All services and names, in the order in which they were seen."""
        for (_, address, port), seen in self._seen.items():
            kind = seen.kind
            yield Service(
                self._means.place(seen.packet), kind.name, auth=seen.auth, encrypted=kind.encrypted, enabled=True,
                port=port if port != _STANDARD[kind.name] else None, gives=kind.gives, detail=f"answered at {address}", subject=address,
            )  # fmt: skip
        yield from self._named.values()
