"""Facts: things read in the evidence, not judged. Every one has a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from asepsis.model.dose import DoseDoubt, DoseSign, DoseTraffic, OrderSeen, ReportSeen
from asepsis.model.fact import Auth, Confidence, Effect, Fact, Gives, Zone
from asepsis.model.log_in import Account, AuthorizedKey, Group, LogInPolicy, PasswordHash
from asepsis.model.radio import (
    KINDS_OF_RADIO,
    AttributeAccess,
    GattCharacteristic,
    RadioAdvertised,
    RadioConnection,
    RadioDevice,
    RadioPairing,
    RepeatedCommand,
)
from asepsis.model.secret import Redacted
from asepsis.model.software import Component, KernelModule, KernelOption, Linkage, PackagedFiles, Program, ProgramNames, UnidentifiedProgram, VexClaim
from asepsis.model.starting import SourcedSettings, UnitPreset, UnsettledStart
from asepsis.model.system import SystemPart
from asepsis.model.traffic import Conversed, Disturbance, NetworkDevice, OverheardSecret, ServiceUse, ShownKey, TlsSession, Use

__all__ = [
    "FACT_KINDS", "Account", "AttributeAccess", "Auth", "AuthorizedKey", "Certificate", "Component", "Confidence", "Conversed", "Disturbance",
    "DoseDoubt", "DoseSign", "DoseTraffic", "Effect", "Fact", "FirewallRule", "Flow", "GattCharacteristic", "Gives", "Group", "Hardening",
    "HardwareAccess", "HostileContainer", "KernelModule", "KernelOption", "KeyReference", "KnownVulnerability", "Linkage", "Listener",
    "LogInPolicy", "MalformedInputEffect", "NetworkDevice", "OperatingSystem", "OrderSeen", "OverheardSecret", "PackagedFiles", "PasswordHash",
    "PatientDataStore", "PrivateKey", "Program", "ProgramNames", "Protection", "RadioAdvertised", "RadioConnection", "RadioDevice", "RadioLink",
    "RadioPairing", "RepeatedCommand", "ReportSeen", "RuleMatch", "Service", "ServiceUse", "ShownKey", "SourcedSettings", "StartedProgram",
    "StoredSecret", "SystemPart", "TlsSession", "UncheckedPeer", "UnidentifiedProgram", "UnitPreset", "UnsettledStart", "UpdateMechanism", "Use",
    "VexClaim", "Zone",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class StoredSecret(Fact):
    """A secret kept on the device, other than a private key or a password hash.

    ``subject`` is what it belongs to: the SSID, the user name, the host. ``store`` names the format (``wpa_supplicant``,
    ``hostapd``, ``network-manager``, ``uci``, ``nvram``, ``script``, ``url``, ``vnc`` …). ``opens`` names the service it is for, if known.
    """

    secret: Redacted
    store: str
    subject: str = ""
    key_name: str = ""
    opens: str = ""
    confidence: Confidence = Confidence.CONFIRMED


@dataclass(frozen=True, slots=True)
class PrivateKey(Fact):
    """A private key. ``purpose`` is ``ssh-host``, ``ssh-user``, ``tls`` or ``unknown``; ``encoding`` that of its file (``pem``, ``jks`` …).

    ``encrypted`` means under a passphrase, ``opened_by`` what kind of passphrase opened it; ``public_test_key`` names a published key it equals.
    """

    algorithm: str
    bits: int | None
    encoding: str
    encrypted: bool
    secret: Redacted
    purpose: str = "unknown"
    public_test_key: str = ""
    confidence: Confidence = Confidence.CONFIRMED
    opened_by: str = ""


@dataclass(frozen=True, slots=True)
class StartedProgram(Fact):
    """A program that the device starts by itself.

    ``by`` is inittab, init.d, procd, openrc, systemd, systemd-preset, upstart, supervised, android, inetd, xinetd, rc.local, cron, udev, mdev,
    windows-service, registry-run, scheduled-task, or a ``script`` that one of these calls. ``enabled`` None that it cannot be told; ``run_levels``
    digits or names, of a unit that is off those that it may be switched on for (reading takes them off).
    """

    program: str
    command: str
    by: str
    enabled: bool | None = True
    run_levels: str = ""
    user: str = ""


@dataclass(frozen=True, slots=True)
class Service(Fact):
    """A way in: a remote service, a serial console, a programming interface, with how it is configured.

    ``name`` is ``telnet``, ``ssh``, ``ftp``, ``tftp``, ``vnc``, ``snmp``, ``http``, ``hl7``, ``dicom``, ``serial-console``, ``bind-shell``,
    ``debug-agent``, ``remote-support``, ``rdp``, ``auto-logon``, ``pump-protocol`` …;
    ``enabled`` is None when it cannot be told; ``gives`` is what a log-in yields. ``zone`` is where it is reached from;
    ``subject`` what it is called on the air (an SSID).
    """

    name: str
    program: str = ""
    auth: Auth = Auth.UNKNOWN
    encrypted: bool | None = None
    enabled: bool | None = None
    port: int | None = None
    address: str = ""
    zone: Zone = Zone.DEVICE_NETWORK
    gives: Gives = Gives.CONTROL
    root_log_in: bool | None = None
    detail: str = ""
    confidence: Confidence = Confidence.CONFIRMED
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Listener(Fact):
    """A port that something is bound to. ``address`` empty means every address.

    ``enabled`` False: of a socket unit that is off but may be switched on; reading drops those that stay off.
    """

    port: int
    transport: str = "tcp"
    address: str = ""
    program: str = ""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class OperatingSystem(Fact):
    """The operating system or its kernel. ``product`` is an id of the end-of-support table, or empty when not in it."""

    name: str
    version: str
    product: str = ""


@dataclass(frozen=True, slots=True)
class Flow(Fact):
    """Traffic of the device: what it carries and how it is protected. None means not known.

    ``effect`` is what somebody who changes it achieves; ``accepts_strangers`` that the receiver believes any sender; ``peer`` is the other end.
    """

    name: str
    effect: Effect
    zone: Zone = Zone.DEVICE_NETWORK
    protocol: str = ""
    encrypted: bool | None = None
    authenticated: bool | None = None
    replay_protected: bool | None = None
    accepts_strangers: bool | None = None
    patient_data: bool = False
    peer: str = ""
    confidence: Confidence = Confidence.CONFIRMED


@dataclass(frozen=True, slots=True)
class RadioLink(Fact):
    """A radio link, with ``zone`` its range and ``effect`` what its messages bring about; None fields are not known.

    ``peer`` is the other end, ``opened_by`` what opens a session (``wand``, ``magnet`` …), ``one_key_for_all`` that every unit of the model holds the
    same key. ``verified`` says of a declared link which of its protections a test showed: ``encryption: report 17``.
    """

    technology: str
    zone: Zone
    effect: Effect = Effect.COMMAND
    encrypted: bool | None = None
    authenticated: bool | None = None
    replay_protected: bool | None = None
    proximity_to_open: bool | None = None
    wake_up_unlimited: bool | None = None
    patient_data: bool = False
    peer: str = ""
    opened_by: str = ""
    session_limited: bool | None = None
    one_key_for_all: bool | None = None
    verified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UpdateMechanism(Fact):
    """How software gets onto the device. ``zone`` is where an update can be handed in, ``started_by`` what was seen to start it, and as whom."""

    name: str
    zone: Zone
    signature_checked: bool | None = None
    rollback_refused: bool | None = None
    transport_protected: bool | None = None
    started_by: str = ""


@dataclass(frozen=True, slots=True)
class KnownVulnerability(Fact):
    """A published flaw of a part that is in the device: ``zone`` needed, what it ``gives``, ``cwe``, and the ``component`` it lies in."""

    id: str
    cwe: int
    zone: Zone
    gives: Gives
    component: str = ""
    known_exploited: bool = False
    summary: str = ""


@dataclass(frozen=True, slots=True)
class MalformedInputEffect(Fact):
    """What the device did on input it did not expect: ``outcome`` is ``crash``, ``reboot``, ``hang``, ``battery-drain`` or ``none``.

    ``recovers`` is whether it comes back by itself; ``broadcast`` that one packet reaches every unit of the network.
    """

    name: str
    zone: Zone
    outcome: str
    protocol: str = ""
    recovers: bool | None = None
    broadcast: bool = False


@dataclass(frozen=True, slots=True)
class PatientDataStore(Fact):
    """Records of patients on the device or in its traffic: counts and places only. ``zone`` is where they can be read from."""

    store: str
    records: int | None = None
    encrypted: bool | None = None
    zone: Zone = Zone.TOUCH


@dataclass(frozen=True, slots=True)
class Protection(Fact):
    """Security software of the device and the date of its definitions."""

    name: str
    kind: str
    definitions_date: date | None = None
    enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class Hardening(Fact):
    """A hardening setting of a program or of the system, present or absent.

    Of programs only what is absent is stated: ``PIE``, ``NX``, ``RELRO``, ``full RELRO``, ``stack protector``, ``FORTIFY``, ``trusted library path``
    (ELF), ``ASLR``, ``high-entropy ASLR``, ``DEP``, ``CFG``, ``SafeSEH``, ``Authenticode`` (PE). ``listens``: it asks its system for a port.
    """

    name: str
    present: bool
    subject: str = ""
    listens: bool | None = None


@dataclass(frozen=True, slots=True)
class HardwareAccess(Fact):
    """A debug or service connector, removable memory, boot console: ``gives`` what it yields to somebody who touches the device.

    ``enabled`` False means that it is switched off or locked for good, None that nothing says so.
    """

    name: str
    gives: Gives
    auth: Auth = Auth.NONE
    detail: str = ""
    enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class HostileContainer(Fact):
    """A container that tried something.

    ``trick`` is ``path-traversal``, ``absolute-path``, ``link-escape``, ``device-node``, ``bomb`` or ``nesting``.
    """

    trick: str
    entry: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Certificate(Fact):
    """An X.509 certificate (RFC 5280). ``digest`` is that of its public key, as in :class:`PrivateKey`; ``authority`` that it may sign others.

    ``signature_hash`` is what its issuer signed (``sha256``), or the scheme if that has a hash in it (``ed25519``); empty if it is not known.
    ``server`` (address and port) is who showed it in traffic, ``seen_on`` the day by the clock of whoever recorded.
    """

    subject: str
    issuer: str
    not_after: date
    algorithm: str
    bits: int | None
    digest: str
    self_signed: bool = False
    authority: bool = False
    signature_hash: str = ""
    server: str = ""
    seen_on: date | None = None


@dataclass(frozen=True, slots=True)
class FirewallRule(Fact):
    """One rule about what may come in; those of one file count in the order of their lines.

    ``action`` is ``accept``, ``drop``, ``unknown`` (not followed), or for what no rule names ``default-accept``, ``default-drop``. ``port`` None is
    all, ``last_port`` the end of a range; empty ``source`` and ``interface`` are all. ``by`` is ``iptables``, ``nftables``, ``uci``, ``ufw``,
    ``firewalld``, ``windows``; ``ip6tables``, ``…-ip``, ``…-ip6`` are about one version of IP. ``enabled`` False that nothing loads it, None that it
    is not known.
    """

    action: str
    by: str
    transport: str = ""
    port: int | None = None
    last_port: int | None = None
    source: str = ""
    interface: str = ""
    enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class KeyReference(Fact):
    """Settings that name the file of a private key: its ``path`` as they write it, the ``store`` that they are, what it is for (``subject``)."""

    path: str
    store: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class UncheckedPeer(Fact):
    """A program that is told not to check whom it speaks to: ``how`` (``curl -k``, ``verify=False``), ``peer`` if it is named."""

    how: str
    peer: str = ""
    protocol: str = ""
    confidence: Confidence = Confidence.LIKELY


@dataclass(frozen=True, slots=True)
class RuleMatch(Fact):
    """A match of a user's own pattern rule about something that is no secret: the rule's id and title, its weakness class and CWE number."""

    rule: str
    title: str
    weakness: str
    cwe: int
    confidence: Confidence = Confidence.LIKELY


FACT_KINDS: tuple[type[Fact], ...] = (
    Account, PasswordHash, StoredSecret, PrivateKey, StartedProgram, Service, Listener, OperatingSystem, Component, UnidentifiedProgram, Program,
    Flow, RadioLink, SystemPart, UpdateMechanism, KnownVulnerability, MalformedInputEffect, PatientDataStore, Protection, Hardening, HardwareAccess,
    HostileContainer, AuthorizedKey, Certificate, FirewallRule, UncheckedPeer, RuleMatch, KeyReference, Group, LogInPolicy, UnitPreset,
    SourcedSettings, UnsettledStart, Linkage, PackagedFiles, ProgramNames, KernelOption, KernelModule, VexClaim, NetworkDevice, Conversed,
    OverheardSecret, TlsSession, ServiceUse, ShownKey, Disturbance, DoseSign, DoseDoubt, OrderSeen, ReportSeen, DoseTraffic,
    *KINDS_OF_RADIO,
)  # fmt: skip
"""Every kind of fact; a fact's kind name in files is its class name."""
