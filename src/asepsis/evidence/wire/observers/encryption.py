"""How connections are encrypted: version, suite, certificate, and whether the client had to show one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from asepsis.evidence.protocols.certificate import certificate
from asepsis.evidence.protocols.tls_suites import VERSIONS, weaknesses, weaknesses_by_name
from asepsis.evidence.wire.events import Closed, Event, TlsSaid
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.evidence.wire.packet import Side
from asepsis.model.facts import Certificate, Fact, TlsSession
from asepsis.model.secret import SecretForm, SecretKind

_MOST_SERVERS = 4096
_MOST_CONVERSATIONS = 65_536
_HIDES_REQUEST = 0x0304
"""From TLS 1.3 on, certificates and the request for one are encrypted."""


@dataclass(slots=True)
class _Server:
    """The worst that one server agreed to."""

    packet: int
    version: int
    suite: str
    weak: dict[str, None] = field(default_factory=dict)
    asks: bool | None = None
    times: int = 0
    seen: set[bytes] = field(default_factory=set)


class EncryptionObserver:
    """One fact for each server, and one for each certificate that it showed."""

    info = ObserverInfo("encryption", "Protection of encrypted connections", (TlsSession, Certificate))

    def __init__(self, means: Means) -> None:
        """Nobody spoke yet."""
        self._means, self._servers = means, dict[str, _Server]()
        self._agreed: dict[int, tuple[str, int]] = {}
        """Conversation → server and version, from its hello on."""

    def see(self, event: Event) -> Iterator[Fact]:
        """Take in a step of a handshake."""
        if isinstance(event, TlsSaid) and event.side is Side.SERVER:
            match event.step:
                case "server-hello":
                    self._hello(event)
                case "certificate":
                    yield from self._certificate(event)
                case "certificate-request":
                    self._asked(event)
        elif isinstance(event, Closed):
            self._agreed.pop(event.conversation.number, None)

    def _hello(self, event: TlsSaid) -> None:
        name = str(event.speaker)
        server, suite = self._servers.get(name), event.suite_name or f"{event.suite:#06x}"
        if server is None:
            if len(self._servers) >= _MOST_SERVERS:
                self._means.full(f"encryption: more than {_MOST_SERVERS} servers")
                return
            server = self._servers[name] = _Server(event.packet, event.version, suite)
        if event.version < server.version:
            server.packet, server.version, server.suite = event.packet, event.version, suite
        if event.version < _HIDES_REQUEST and server.asks is None and not event.summary:
            server.asks = False
        server.times += 1
        by_name = weaknesses_by_name(event.version, event.suite_name) if event.suite_name else None
        server.weak |= dict.fromkeys(weaknesses(event.version, event.suite) if by_name is None else by_name)
        if len(self._agreed) < _MOST_CONVERSATIONS:
            self._agreed[event.conversation.number] = (name, event.version)

    def _asked(self, event: TlsSaid) -> None:
        if server := self._servers.get(str(event.speaker)):
            server.asks = True

    def _certificate(self, event: TlsSaid) -> Iterator[Fact]:
        """Only the server's own: what follows are authorities."""
        server = self._servers.get(str(event.speaker))
        if server is None or not event.certificates or event.certificates[0] in server.seen:
            return
        server.seen.add(event.certificates[0])
        place, redact = self._means.place(event.packet), self._means.redactor.redact
        found = certificate(place, event.certificates[0], lambda key: redact(SecretKind.KEY, SecretForm.CLEARTEXT, key).digest)
        if found:
            yield found

    def pass_time(self, _packet: int, _time: int) -> Iterator[Fact]:
        """Nothing waits for time."""
        yield from ()

    def finish(self, _packet: int, _time: int) -> Iterator[Fact]:
        """All servers, in the order in which they answered."""
        for name, server in self._servers.items():
            version = VERSIONS.get(server.version, f"{server.version:#06x}")
            yield TlsSession(self._means.place(server.packet), name, version, server.suite, tuple(server.weak), server.asks, times=server.times)
