"""Facts that only traffic shows: who is on the network, who speaks with whom, what was overheard, how it is protected, who fell silent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from asepsis.model.fact import Confidence, Fact
from asepsis.model.secret import Redacted


@dataclass(frozen=True, slots=True)
class NetworkDevice(Fact):
    """Something with an address that spoke. ``where`` is the packet that says most of what it is.

    ``kind`` is a device profile's id (``infusion-pump``) or a word for what is none (``gateway``), empty if nothing tells. ``services`` are protocols
    that it answered to (``hl7 3000``), ``peers`` whom it spoke with, both sorted and bounded. ``shown_by`` says what the names come from.
    """

    address: str
    hardware: str = ""
    name: str = ""
    maker: str = ""
    model: str = ""
    version: str = ""
    kind: str = ""
    services: tuple[str, ...] = ()
    peers: tuple[str, ...] = ()
    packets: int = 0
    shown_by: tuple[str, ...] = ()
    confidence: Confidence = Confidence.LIKELY


@dataclass(frozen=True, slots=True)
class Conversed(Fact):
    """Who spoke with whom: ``client`` opened conversations to ``port`` of ``server``, in ``protocol`` (a decoder's name; empty if nobody knew it).

    ``guessed`` says that the beginning of none was seen, so that client and server may be the other way round. ``says`` and ``answers`` are the
    kinds of clinical message that the client and the server sent (``RGV^O15``, ``C-STORE``), sorted and bounded. ``times`` counts
    conversations, ``packets`` their packets, ``began`` and ``ended`` are the first and the last of them (seconds since 1970, by the clock of
    whoever recorded). ``left_out`` counts conversations of the same recording between ends that were not kept apart any more, because there
    were too many.
    """

    client: str
    server: str
    port: int
    transport: str = "tcp"
    protocol: str = ""
    guessed: bool = False
    says: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    times: int = 1
    packets: int = 0
    began: int = 0
    ended: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class OverheardSecret(Fact):
    """A password or token that was sent in clear: to ``server`` (address and port) for ``service``, by ``client``; ``accepted`` None if not seen.

    ``how`` is the protocol's own name for it (``basic``, ``community``). ``times`` counts how often it was sent.
    """

    secret: Redacted
    service: str
    server: str
    client: str = ""
    subject: str = ""
    how: str = ""
    accepted: bool | None = None
    times: int = 1


class Use(StrEnum):
    """What somebody did with a service, of those things that say how it guards itself."""

    CALLER = "caller"
    QUERY = "query of all patients"
    WRITE = "settings written"
    OLD_VERSION = "old version"
    GUEST = "guest session"
    FILE = "file moved"
    EARLY_SCREEN = "screen before log-in"
    FROM_OUTSIDE = "session from outside"
    TUNNEL = "tunnel to outside"
    ANNOUNCED = "announced"


@dataclass(frozen=True, slots=True)
class ServiceUse(Fact):
    """What ``client`` did with ``service`` (a decoder's name) of ``server`` (address and port), and whether it was ``granted`` (None: not seen).

    ``detail`` is what the ``use`` is about, never of a patient: the name that a caller gave itself (an AE title), the kind of a file, a version, a
    scheme. ``times`` counts how often. For a tunnel ``server`` is the end outside, and ``detail`` what shows it.
    """

    use: Use
    service: str
    server: str
    client: str = ""
    detail: str = ""
    granted: bool | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class ShownKey(Fact):
    """The public key by which ``server`` (address and port) proved who it is, in ``service`` (``tls``, ``ssh``).

    ``digest`` is that of the key itself, as in :class:`~asepsis.model.facts.PrivateKey`: one key has one digest in the software and on the wire.
    """

    service: str
    server: str
    algorithm: str
    bits: int | None
    digest: str


@dataclass(frozen=True, slots=True)
class TlsSession(Fact):
    """How a server's TLS looks: the lowest ``version`` that it agreed to and the ``suite`` (IANA names); by them ``weak`` says in words what is weak.

    ``client_certificate`` says whether it asks the client for one; None where TLS 1.3 hides that. ``inside`` is the clinical protocol that it
    protects, where its port or an announcement says so. ``times`` counts connections.
    """

    server: str
    version: str
    suite: str = ""
    weak: tuple[str, ...] = ()
    client_certificate: bool | None = None
    inside: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Disturbance(Fact):
    """Service that was denied, or looks so.

    ``what`` is ``flood``, ``half-open flood``, ``broadcast storm``, ``reset storm``, ``malformed burst``, ``held connections`` or ``silence``.
    ``victim`` (address, with a port where it is one service) suffered it from ``peer`` (empty: from many). ``detail`` gives numbers, ``explained_by``
    what else could be the reason. ``seconds`` is how long it lasted as far as was seen. ``assumes`` are the thresholds that decided.
    """

    what: str
    victim: str
    peer: str = ""
    detail: str = ""
    seconds: int = 0
    explained_by: tuple[str, ...] = ()
    confidence: Confidence = Confidence.LIKELY
    assumes: tuple[str, ...] = ()
