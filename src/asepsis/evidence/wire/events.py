"""What was said: one event for each message that somebody may have to judge. Events never leave the process that reads the capture.

They hold secrets and patients' data as they were sent; only :mod:`asepsis.evidence.wire.observers` turn them into facts, redacted.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from asepsis.evidence.wire.packet import Closing, Conversation, Endpoint, Side


@dataclass(frozen=True, slots=True)
class Event:
    """Said by ``side`` of a conversation; complete in ``packet`` at ``time`` (nanoseconds since 1970)."""

    conversation: Conversation
    side: Side
    packet: int
    time: int

    @property
    def speaker(self) -> Endpoint:
        """Who says it."""
        return self.conversation.end(self.side)

    @property
    def hearer(self) -> Endpoint:
        """To whom."""
        return self.conversation.end(self.side.other)


@dataclass(frozen=True, slots=True)
class Opened(Event):
    """A conversation began: ``answered`` False for a TCP handshake of which only the client's half was seen."""

    answered: bool = True


@dataclass(frozen=True, slots=True)
class Closed(Event):
    """A conversation is over; its counts are final."""

    how: Closing = Closing.CAPTURE_ENDED


@dataclass(frozen=True, slots=True)
class Uncalled(Event):
    """Packets that belong to no conversation, ``count`` of them in this second; :mod:`asepsis.evidence.wire.bare` says of what kind.

    ``conversation`` is none: its ``transport`` is the kind, its ends are sender and receiver where they are known.
    """

    count: int = 0


@dataclass(frozen=True, slots=True)
class Hl7Said(Event):
    """One HL7 v2 message (without MLLP's frame), in the bytes in which it was sent; :mod:`asepsis.evidence.protocols.hl7` takes it apart.

    ``framed`` False: it was found without the frame of MLLP. An acknowledgement of one byte (MLLP 2) has an empty ``message``, and ``ack`` 0x06
    or 0x15.
    """

    message: bytes = b""
    framed: bool = True
    ack: int = 0


@dataclass(frozen=True, slots=True)
class DicomAssociation(Event):
    """An association service of DICOM (PS3.8, 9.3): ``kind`` is ``request``, ``accept``, ``reject``, ``release`` or ``abort``.

    ``identity`` is the type of user identity offered (PS3.7, D.3.3.7; 0 none, 1 user, 2 user and password, 3 Kerberos, 4 SAML, 5 JWT), ``user`` and
    ``password`` its fields; the ticket, assertion or token of types 3 to 5 stands in ``password``. ``contexts`` are the abstract syntaxes asked for,
    in an acceptance each followed by a blank and the result (``1.2.840.10008.1.1 acceptance``; PS3.8, table 9-18). ``reason`` is result, source and
    reason of a rejection; the first is 0 for an abort.
    """

    kind: str = ""
    called: str = ""
    calling: str = ""
    implementation: str = ""
    implementation_version: str = ""
    identity: int = 0
    user: bytes = b""
    password: bytes = b""
    contexts: tuple[str, ...] = ()
    reason: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class DimseSaid(Event):
    """One DIMSE message (PS3.7): its ``command`` field, SOP class, ``status`` of a response, ``message_id``, bytes of its data set.

    ``wildcard`` says that a query asks for every patient; ``destination`` is that of C-MOVE. ``elements`` are those of the data set that rules
    ask for,
    by keyword of the dictionary: device (Manufacturer, ManufacturerModelName, SoftwareVersions, StationName, Modality) and dose, never of the
    patient.
    """

    command: int = 0
    sop_class: str = ""
    status: int | None = None
    message_id: int = 0
    bytes: int = 0
    wildcard: bool = False
    destination: str = ""
    identifies_patient: bool = False
    elements: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HttpSaid(Event):
    """One HTTP/1 request or response (RFC 9112): ``start`` is the three parts of its first line, ``headers`` have small names.

    ``body`` is the beginning (up to 256 KiB) of the decoded content, ``length`` its bytes on the wire. ``request`` of a response is what it answers.
    """

    start: tuple[str, str, str] = ("", "", "")
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    length: int = 0
    is_request: bool = True
    request: HttpSaid | None = None


@dataclass(frozen=True, slots=True)
class TlsSaid(Event):
    """One step of a TLS handshake (RFC 8446, RFC 5246).

    ``step`` is ``client-hello``, ``server-hello``, ``certificate``, ``certificate-request`` or ``alert``.

    ``version`` and ``suite`` are the numbers on the wire (0x0303, 0xC02F): the negotiated ones in a server hello, with supported_versions heeded.
    ``certificates`` are DER, the first one is the speaker's own. ``print`` is the JA4 of a client hello. ``suite_name`` is what IANA calls the suite,
    where only that is known (``unknown`` if not even that); ``summary`` that a log tells this, which need not tell every step.
    """

    step: str = ""
    version: int = 0
    suite: int = 0
    suites: tuple[int, ...] = ()
    server_name: str = ""
    protocols: tuple[str, ...] = ()
    certificates: tuple[bytes, ...] = ()
    print: str = ""
    alert: int = 0
    suite_name: str = ""
    summary: bool = False


@dataclass(frozen=True, slots=True)
class LogIn(Event):
    """Somebody showed who he is, in clear: ``how`` is the protocol's name for it (``basic``, ``PASS``, ``community``, ``CONNECT`` …).

    ``secret`` None if it was not sent in clear (a challenge, a hash); ``accepted`` None if no answer was seen.
    """

    how: str = ""
    user: str = ""
    secret: bytes | None = None
    accepted: bool | None = None


@dataclass(frozen=True, slots=True)
class KeyShown(Event):
    """A public key that a server proves to hold: its ``algorithm`` and the ``key`` as it was sent."""

    algorithm: str = ""
    key: bytes = b""


@dataclass(frozen=True, slots=True)
class Banner(Event):
    """What software calls itself: the raw ``text``, and its ``product`` and ``version`` where the protocol's grammar tells them apart."""

    text: str = ""
    product: str = ""
    version: str = ""
    what: str = "server"


@dataclass(frozen=True, slots=True)
class Named(Event):
    """A name or identity for an address: ``address`` is called ``name``, by ``how`` (``dns``, ``dhcp``, ``mdns``, ``ws-discovery``, ``snmp`` …).

    ``attributes`` are further ones: maker, model, version, serial, vendor class, service types.
    """

    address: str = ""
    name: str = ""
    how: str = ""
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked(Event):
    """A request or an answer of a protocol that has no event of its own: ``verb`` in the protocol's own words, ``subject`` what it is about.

    ``changes`` says that it sets or commands something; ``accepted`` whether the answer allowed it, None if none was seen.
    """

    protocol: str = ""
    verb: str = ""
    subject: str = ""
    changes: bool = False
    accepted: bool | None = None


@dataclass(frozen=True, slots=True)
class SoapSaid(Event):
    """One SOAP envelope (over HTTP or UDP): its WS-Addressing fields, and those elements, with their texts, that rules ask for."""

    action: str = ""
    message_id: str = ""
    relates_to: str = ""
    elements: tuple[tuple[str, str], ...] = ()
