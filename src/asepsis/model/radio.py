"""Facts that only recorded radio traffic shows: who is on the air, who paired how, what was encrypted, what was read, written and obeyed.

Addresses are written as ``C0:FF:EE:00:00:01``; one that the recording does not hold is empty. What patients' devices measure, and every key, stays
where it is: kinds, lengths and counts only.
"""

from __future__ import annotations

from dataclasses import dataclass

from asepsis.model.fact import Confidence, Fact


@dataclass(frozen=True, slots=True)
class RadioDevice(Fact):
    """Somebody on the air. ``where`` is the packet that says first that he is there.

    ``address_kind`` is ``public``, ``static random``, ``resolvable private``, ``non-resolvable private``, ``br-edr`` or empty; ``identity`` is the
    lasting address behind a private one, where it was told. ``kind`` is a device profile's id by its services or appearance, ``role``
    ``peripheral``, ``central`` or both. ``recorder`` says that the log is its own. ``services`` are those it offered (``183A Insulin Delivery``),
    sorted. ``maker``, ``model``, ``version`` are what it says in its Device Information Service; ``chip`` the maker of its radio,
    ``bluetooth`` the version that it speaks, ``firmware`` the radio's own number (LMP/LL sub-version, with four hex digits).
    """

    address: str
    address_kind: str = ""
    identity: str = ""
    name: str = ""
    kind: str = ""
    role: str = ""
    recorder: bool = False
    services: tuple[str, ...] = ()
    maker: str = ""
    model: str = ""
    version: str = ""
    chip: str = ""
    bluetooth: str = ""
    firmware: str = ""
    confidence: Confidence = Confidence.LIKELY


@dataclass(frozen=True, slots=True)
class RadioAdvertised(Fact):
    """What an address told everybody in range, with no connection: ``times`` packets over ``seconds`` of the recording.

    ``services`` and ``maker`` as in the packets (``183A Insulin Delivery``; a company's name or number), ``appearance`` in words. ``connectable``
    that it takes connections, ``to_one`` that it only asks for one device that it knows (directed). ``discoverable`` is its own flag. ``data`` counts
    bytes of maker-specific and service data, ``changing`` that they change: readings may be in them.
    """

    address: str
    address_kind: str = ""
    name: str = ""
    services: tuple[str, ...] = ()
    maker: str = ""
    appearance: str = ""
    connectable: bool | None = None
    discoverable: bool | None = None
    to_one: bool = False
    data: int = 0
    changing: bool = False
    times: int = 1
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class RadioPairing(Fact):
    """One pairing that was tried between two devices; pairings that were alike are one fact, ``times`` says how many.

    ``generation`` is ``le legacy``, ``le secure connections``, ``br-edr pin``, ``br-edr simple pairing`` or ``br-edr secure connections``. ``method``
    is ``just works``, ``passkey``, ``numeric comparison``, ``out of band``, ``pin`` or empty where it is not known; by it ``authenticated`` says
    whether somebody in the middle would have been noticed. ``outcome`` is ``completed``, ``failed`` (``reason`` says why) or ``not seen``.
    ``stranger`` says that nothing but being in range was asked for (Just Works that went through). ``bonded`` None: not known. ``key_bits`` is the
    agreed length, ``keys`` the kinds handed out (``long-term key from the peripheral``), never their values. ``*_io`` is what each side said of its
    buttons and display (``NoInputNoOutput``). ``asked_authentication`` says that either side asked for protection against a man in the middle.
    ``debug_key`` that the published key of the specification was used: everybody can read it. ``crackable`` that whoever recorded all of it by
    radio has the key (legacy without an out-of-band secret).
    """

    central: str
    peripheral: str
    generation: str
    method: str = ""
    authenticated: bool | None = None
    outcome: str = "not seen"
    reason: str = ""
    bonded: bool | None = None
    key_bits: int | None = None
    keys: tuple[str, ...] = ()
    central_io: str = ""
    peripheral_io: str = ""
    asked_authentication: bool | None = None
    debug_key: bool = False
    crackable: bool = False
    stranger: bool = False
    times: int = 1


@dataclass(frozen=True, slots=True)
class RadioConnection(Fact):
    """All connections between two devices, over ``transport`` ``le`` or ``br-edr``.

    ``encrypted`` True: every one in which anything was said was encrypted at some time; False: one of them never was; None: not known.
    ``encrypted_times`` counts those that were, ``said_in_clear`` packets of attributes or channels outside encryption, ``said`` all.
    ``refused`` counts encryptions that did not come about, ``reason`` why the last one did not. ``by_stored_key`` counts connections that were
    encrypted with a key from an earlier pairing, ``stored_key`` what that was (``le legacy``, ``le secure connections``), as far as the key's number
    tells. ``authenticated`` is that of the keys in use where their pairing was recorded. ``interval_ms``, ``latency`` and ``timeout_ms`` are the
    fastest parameters in use (battery). ``disconnected`` are the reasons, sorted.
    """

    central: str
    peripheral: str
    transport: str = "le"
    times: int = 1
    encrypted: bool | None = None
    encrypted_times: int = 0
    authenticated: bool | None = None
    key_bits: int | None = None
    by_stored_key: int = 0
    stored_key: str = ""
    refused: int = 0
    reason: str = ""
    said: int = 0
    said_in_clear: int = 0
    interval_ms: float | None = None
    latency: int | None = None
    timeout_ms: int | None = None
    seconds: int = 0
    disconnected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AttributeAccess(Fact):
    """What was done with one attribute of ``device`` by ``peer``, in one way and with one outcome; ``times`` says how often.

    ``service`` and ``characteristic`` are UUIDs (``183A``; all 128 bits for maker-specific ones) with their names, empty where the table was not in
    the recording; ``descriptor`` that of a descriptor. ``operation`` is ``read``, ``write``, ``write without response``, ``signed write``,
    ``notification`` or ``indication``. ``outcome`` is ``accepted``, ``refused`` (``error`` in the standard's words), ``no answer`` or ``told`` for
    what has no answer. ``encrypted`` None: the beginning of the connection was not seen. ``authenticated`` None: the pairing was not seen.
    ``purpose`` is what the attribute is for: ``therapy``, ``alarm``, ``readings``, ``records``, ``settings``, ``clock``, ``bond``, ``update``,
    ``identity``, ``maker`` (of the maker's own service), or empty. ``command`` names the control point's opcode (``Set Bolus``), ``answer`` what the
    control point said to it; ``harmful`` that this command changes what a patient gets or is warned of.
    """

    device: str
    peer: str
    handle: int
    operation: str
    outcome: str
    service: str = ""
    service_name: str = ""
    characteristic: str = ""
    characteristic_name: str = ""
    descriptor: str = ""
    purpose: str = ""
    command: str = ""
    answer: str = ""
    harmful: bool = False
    encrypted: bool | None = None
    authenticated: bool | None = None
    key_bits: int | None = None
    error: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class GattCharacteristic(Fact):
    """One characteristic of ``device``'s table, as it was discovered, and what it asked for before it gave or took anything.

    ``properties`` are those that it declares (``read``, ``write``, ``write without response``, ``notify``, ``indicate``, ``signed write``).
    ``read_in_clear``, ``write_in_clear`` and ``told_in_clear`` (notified or indicated) are True if that was seen to work without encryption, False if
    it was refused then, None if nobody tried. ``read_unauthenticated`` and ``write_unauthenticated`` say the same of a key made by Just Works.
    ``asks_for`` are the errors that it gave, sorted.
    """

    device: str
    handle: int
    service: str
    service_name: str
    characteristic: str
    characteristic_name: str
    purpose: str = ""
    properties: tuple[str, ...] = ()
    read_in_clear: bool | None = None
    write_in_clear: bool | None = None
    told_in_clear: bool | None = None
    read_unauthenticated: bool | None = None
    write_unauthenticated: bool | None = None
    asks_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RepeatedCommand(Fact):
    """The same bytes were written more than once to one attribute of ``device``: what is recorded once can be sent again.

    Of ``different`` messages with this ``command``, ``repeated`` were sent more than once, ``times`` in all, in up to ``connections`` connections.
    ``accepted`` is how often the one that was confirmed most often was confirmed (by a control point that answers: with success); two or more means
    that the device obeyed the same bytes twice. Writes without response are never confirmed, so that it is 0 for them. A counter or checksum of the
    message would have made the bytes differ. ``bytes`` and ``digest`` (keyed) are of the first one. ``harmful``, ``command``, ``purpose`` are as in
    :class:`AttributeAccess`; ``encrypted`` is False if one of them ever was not.
    """

    device: str
    handle: int
    characteristic: str
    characteristic_name: str
    bytes: int
    digest: str
    different: int
    repeated: int
    times: int
    accepted: int
    connections: int
    service: str = ""
    service_name: str = ""
    purpose: str = ""
    command: str = ""
    harmful: bool = False
    encrypted: bool | None = None


KINDS_OF_RADIO: tuple[type[Fact], ...] = (
    RadioDevice,
    RadioAdvertised,
    RadioPairing,
    RadioConnection,
    AttributeAccess,
    GattCharacteristic,
    RepeatedCommand,
)
"""Every kind of fact that recorded radio traffic shows."""
