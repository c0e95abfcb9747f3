"""How connections are encrypted: version, suite, certificate, whether the client had to show one, and the keys by which servers are known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from hashlib import sha256

from asepsis.evidence.protocols.certificate import certificate
from asepsis.evidence.protocols.public_keys import ssh_public
from asepsis.evidence.protocols.tls_suites import VERSIONS, weaknesses, weaknesses_by_name
from asepsis.evidence.wire.events import Event, KeyShown, Named, TlsSaid
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.evidence.wire.packet import Endpoint, Side
from asepsis.model.facts import Certificate, Fact, ShownKey, TlsSession
from asepsis.model.secret import SecretForm, SecretKind

_MOST_SERVERS = 4096
_MOST_CERTIFICATES = 256
"""Of one server; whoever makes a new one for each visitor is not followed further."""
_HIDES_REQUEST = 0x0304
"""From TLS 1.3 on, certificates and the request for one are encrypted."""
_SECOND, _YEAR_10000 = 1_000_000_000, 253_402_300_800
_INSIDE = {104: "dicom", 2761: "dicom", 2762: "dicom", 11112: "dicom", 2575: "hl7"}
"""Ports that are registered for clinical protocols (IANA: acr-nema, dicom-iscl, dicom-tls, dicom, hl7), so that TLS there protects one."""
_ANNOUNCED = re.compile(r"https://(?:\[([0-9A-Fa-f:.]{2,45})\]|([0-9.]{7,15}))(?::(\d{1,5}))?(?![0-9A-Za-z.:-])")
_HTTPS = 443


@dataclass(slots=True)
class _Server:
    """The worst that one server agreed to."""

    packet: int
    version: int
    suite: str
    inside: str = ""
    weak: dict[str, None] = field(default_factory=dict)
    asks: bool | None = None
    times: int = 0
    seen: set[bytes] = field(default_factory=set)


class EncryptionObserver:
    """One fact for each server, and one for each certificate that it showed."""

    info = ObserverInfo("encryption", "Protection of encrypted connections", (TlsSession, Certificate, ShownKey))

    def __init__(self, means: Means) -> None:
        """Nobody spoke yet."""
        self._means, self._servers = means, dict[str, _Server]()
        self._keys: set[tuple[str, str]] = set()
        self._medical: set[str] = set()
        """Where medical devices announced that they speak SDC over TLS."""

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
        elif isinstance(event, KeyShown):
            yield from self._key(event)
        elif isinstance(event, Named) and event.how == "ws-discovery":
            self._announced(event)

    def _announced(self, event: Named) -> None:
        """Addresses of medical devices; numbers only, as conversations have them."""
        if "MedicalDevice" not in event.attributes.get("types", "").split():
            return
        for six, four, port in _ANNOUNCED.findall(event.attributes.get("addresses", "")):
            if len(self._medical) < _MOST_SERVERS:
                self._medical.add(str(Endpoint(six or four, int(port or _HTTPS))))
            else:
                self._means.full(f"encryption: more than {_MOST_SERVERS} announced addresses")

    def _key(self, event: KeyShown) -> Iterator[Fact]:
        """The key of an SSH server."""
        public = ssh_public(event.key)
        if public:
            yield from self._shown("ssh", event, public.algorithm, public.bits, self._digest(public.identity))

    def _digest(self, identity: bytes) -> str:
        return self._means.redactor.redact(SecretKind.KEY, SecretForm.CLEARTEXT, identity).digest

    def _shown(self, service: str, event: Event, algorithm: str, bits: int | None, digest: str) -> Iterator[Fact]:
        """A key, once for each server."""
        key = str(event.speaker), digest
        if key in self._keys:
            return
        if len(self._keys) >= _MOST_SERVERS:
            self._means.full(f"encryption: more than {_MOST_SERVERS} keys of servers")
            return
        self._keys.add(key)
        yield ShownKey(self._means.place(event.packet), service, key[0], algorithm, bits, digest)

    def _hello(self, event: TlsSaid) -> None:
        name = str(event.speaker)
        server, suite = self._servers.get(name), event.suite_name or f"{event.suite:#06x}"
        if server is None:
            if len(self._servers) >= _MOST_SERVERS:
                self._means.full(f"encryption: more than {_MOST_SERVERS} servers")
                return
            server = self._servers[name] = _Server(event.packet, event.version, suite, _INSIDE.get(event.speaker.port, ""))
        if event.version < server.version:
            server.packet, server.version, server.suite = event.packet, event.version, suite
        server.times += 1
        by_name = weaknesses_by_name(event.version, event.suite_name) if event.suite_name else None
        server.weak |= dict.fromkeys(weaknesses(event.version, event.suite) if by_name is None else by_name)

    def _asked(self, event: TlsSaid) -> None:
        if server := self._servers.get(str(event.speaker)):
            server.asks = True

    def _certificate(self, event: TlsSaid) -> Iterator[Fact]:
        """Only the server's own: what follows are authorities. A handshake that shows it is no resumed one, and would ask the client for his."""
        name = str(event.speaker)
        server = self._servers.get(name)
        if server is None or not event.certificates:
            return
        if server.asks is None:
            server.asks = False
        shown = sha256(event.certificates[0]).digest()
        if shown in server.seen:
            return
        if len(server.seen) >= _MOST_CERTIFICATES:
            self._means.full(f"encryption: more than {_MOST_CERTIFICATES} certificates of one server")
            return
        server.seen.add(shown)
        found = certificate(self._means.place(event.packet), event.certificates[0], self._digest)
        if found:
            yield replace(found, server=name, seen_on=_day(event.time // _SECOND))
            yield from self._shown("tls", event, found.algorithm, found.bits, found.digest)

    def pass_time(self, _packet: int, _time: int) -> Iterator[Fact]:
        """Nothing waits for time."""
        yield from ()

    def finish(self, _packet: int, _time: int) -> Iterator[Fact]:
        """All servers, in the order in which they answered."""
        for name, server in self._servers.items():
            version = VERSIONS.get(server.version, f"{server.version:#06x}")
            inside = server.inside or ("sdc" if name in self._medical else "")
            yield TlsSession(
                self._means.place(server.packet), name, version, server.suite, tuple(server.weak), server.asks, inside, server.times
            )  # fmt: skip


def _day(second: int) -> date | None:
    """The day of a time in seconds since 1970; a capture's clock may say anything."""
    return datetime.fromtimestamp(second, UTC).date() if 0 <= second < _YEAR_10000 else None
