"""What observers make of what was said: facts without secrets, once each, in the order in which they were seen."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from asepsis.evidence.wire.events import Asked, Banner, Closed, DicomAssociation, Event, KeyShown, LogIn, Named, TlsSaid
from asepsis.evidence.wire.observer import Means, Observer
from asepsis.evidence.wire.observers import OBSERVERS, clinical, encryption, inventory, log_ins, outside, services, uses
from asepsis.evidence.wire.observers.encryption import EncryptionObserver
from asepsis.evidence.wire.observers.log_ins import LogInsObserver
from asepsis.evidence.wire.observers.outside import OutsideObserver
from asepsis.evidence.wire.observers.services import ServicesObserver
from asepsis.evidence.wire.packet import Conversation, Endpoint, Side
from asepsis.guard.redact import Redactor
from asepsis.model.facts import Auth, Certificate, Component, Fact, Flow, Gives, OverheardSecret, Service, ShownKey, TlsSession, Zone
from asepsis.model.secret import SecretForm, SecretKind
from asepsis.model.where import Where

MEANS = Means(lambda packet: Where("e1", "ward.pcap", packet=packet), Redactor(b"k" * 32), lambda secret: secret == "admin")
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pump")])


def talk(protocol: str, port: int, *, number: int = 1, server: str = "10.0.0.9", client: str = "10.0.0.2") -> Conversation:
    made = Conversation(number, "tcp", Endpoint(client, 50_000), Endpoint(server, port), 1, 0, opened_seen=True, answered=True, protocol=protocol)
    made.payload[:] = [10, 10]
    return made


def shown(observer: Observer, events: Iterable[Event]) -> list[Fact]:
    facts = [fact for event in events for fact in observer.see(event)]
    return [*facts, *observer.finish(99, 0)]


def log_in(packet: int, user: str, secret: bytes | None, accepted: bool | None, how: str = "telnet", port: int = 23) -> LogIn:
    return LogIn(talk(how, port), Side.CLIENT, packet, 0, how=how, user=user, secret=secret, accepted=accepted)


class TestLogIns:
    def test_one_fact_for_each_secret_however_often_it_is_sent(self):
        heard = shown(LogInsObserver(MEANS), [log_in(4, "root", b"Zq7-drip", None), log_in(9, "root", b"Zq7-drip", accepted=True)])
        (fact,) = heard
        assert isinstance(fact, OverheardSecret)
        assert (fact.service, fact.server, fact.client, fact.subject, fact.accepted, fact.times) == (
            "telnet", "10.0.0.9:23", "10.0.0.2", "root", True, 2,
        )  # fmt: skip
        assert (fact.secret.length, fact.secret.known_default, fact.where.packet) == (8, False, 4)
        assert "Zq7" not in repr(fact)

    def test_defaults_empty_ones_and_other_users_are_kept_apart(self):
        said = [log_in(1, "admin", b"admin", accepted=True), log_in(2, "root", b"", accepted=True), log_in(3, "root", b"x", accepted=False)]
        facts = shown(LogInsObserver(MEANS), said)
        assert [(one.secret.known_default, one.secret.form, one.accepted) for one in facts if isinstance(one, OverheardSecret)] == [
            (True, SecretForm.CLEARTEXT, True),
            (False, SecretForm.EMPTY, True),
            (False, SecretForm.CLEARTEXT, False),
        ]

    def test_what_was_not_sent_in_clear_or_is_nobodys_is_no_secret(self):
        assert shown(LogInsObserver(MEANS), [log_in(1, "root", None, None), log_in(2, "anonymous", b"a@b", accepted=True, how="ftp")]) == []

    def test_a_dicom_identity_counts_as_accepted_with_its_association(self):
        def said(kind: str, identity: int = 0, number: int = 1) -> DicomAssociation:
            side = Side.CLIENT if kind == "request" else Side.SERVER
            secret = {0: b"", 5: b"a.token.here"}.get(identity, b"Zq7-drip")
            return DicomAssociation(talk("dicom", 104, number=number), side, number, 0, kind, identity=identity, user=b"tech", password=secret)

        events = [said("request", 2), said("accept"), said("request", 2, 2), said("reject", 0, 2), said("request", 3, 3), said("accept", 0, 3)]
        facts = shown(LogInsObserver(MEANS), [*events, said("request", 1, 4), said("request", 5, 5)])
        heard = [(one.service, one.how, one.subject, one.accepted, one.times) for one in facts if isinstance(one, OverheardSecret)]
        assert heard == [("dicom", "dicom password", "tech", True, 2), ("dicom", "dicom JWT", "tech", None, 1)]

    def test_names_of_services_are_those_of_the_rules(self):
        facts = shown(
            LogInsObserver(MEANS), [log_in(1, "", b"public", None, how="community", port=161), log_in(2, "a", b"b", None, how="basic", port=80)]
        )
        assert [one.service for one in facts if isinstance(one, OverheardSecret)] == ["snmp", "http"]


class TestEncryption:
    def hello(self, number: int, version: int, suite: int) -> TlsSaid:
        return TlsSaid(talk("tls", 443, number=number), Side.SERVER, number, 0, step="server-hello", version=version, suite=suite)

    def test_the_worst_that_a_server_agreed_to(self):
        (fact,) = shown(EncryptionObserver(MEANS), [self.hello(1, 0x0304, 0x1301), self.hello(2, 0x0301, 0x000A), self.hello(3, 0x0303, 0xC02F)])
        assert isinstance(fact, TlsSession)
        assert (fact.version, fact.suite, fact.times, fact.where.packet) == ("TLS 1.0", "0x000a", 3, 2)
        assert fact.weak == ("TLS 1.0 is no longer safe", "triple DES")
        assert fact.client_certificate is None

    def test_only_a_handshake_that_shows_a_certificate_says_that_the_client_is_asked_for_none(self):
        """A resumed one asks for nothing, whatever the server asks otherwise (RFC 5246, 7.3)."""
        shows = TlsSaid(talk("tls", 443), Side.SERVER, 2, 0, step="certificate", certificates=(b"of the server",))
        (fact,) = shown(EncryptionObserver(MEANS), [self.hello(1, 0x0303, 0xC02F), shows])
        assert fact.client_certificate is False

    @pytest.mark.parametrize(("port", "inside"), [(2762, "dicom"), (2575, "hl7"), (443, "")])
    def test_what_is_inside_by_its_registered_port(self, port: int, inside: str):
        hello = TlsSaid(talk("tls", port), Side.SERVER, 1, 0, step="server-hello", version=0x0303, suite=0xC02F)
        (fact,) = shown(EncryptionObserver(MEANS), [hello])
        assert fact.inside == inside

    def test_what_is_inside_by_an_announcement(self):
        attributes = {"types": "Device MedicalDevice", "addresses": "https://10.0.0.9:6464/pump http://10.0.0.9:99/"}
        announced = Named(talk("ws-discovery", 3702), Side.CLIENT, 5, 0, "10.0.0.9", "", "ws-discovery", attributes)
        hello = TlsSaid(talk("tls", 6464), Side.SERVER, 1, 0, step="server-hello", version=0x0303, suite=0xC02F)
        (fact,) = shown(EncryptionObserver(MEANS), [hello, announced])
        assert fact.inside == "sdc"

    def test_a_key_has_one_digest_in_ssh_and_in_software(self):
        """That of its SubjectPublicKeyInfo, as for the private key in an image."""
        key = rsa.generate_private_key(65537, 1024).public_key()
        blob = b64decode(key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).split()[1])
        said = KeyShown(talk("ssh", 22), Side.SERVER, 4, 0, algorithm="ssh-rsa", key=blob)
        (fact,) = shown(EncryptionObserver(MEANS), [said, said])
        assert isinstance(fact, ShownKey)
        identity = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        digest = MEANS.redactor.redact(SecretKind.KEY, SecretForm.CLEARTEXT, identity).digest
        assert (fact.server, fact.algorithm, fact.bits, fact.digest) == ("10.0.0.9:22", "RSA", 1024, digest)

    def test_the_day_of_a_mad_clock_is_none(self):
        key, day = rsa.generate_private_key(65537, 1024), datetime(2020, 1, 1, tzinfo=UTC)
        made = x509.CertificateBuilder(NAME, NAME, key.public_key(), 7, day, day + timedelta(days=10)).sign(key, hashes.SHA256())
        shows = [
            TlsSaid(talk("tls", port), Side.SERVER, 3, time, step="certificate", certificates=(made.public_bytes(Encoding.DER),))
            for port, time in ((443, 1_577_880_000 * 10**9), (444, 2**63))
        ]
        hellos = [TlsSaid(talk("tls", port), Side.SERVER, 1, 0, step="server-hello", version=0x0303, suite=0xC02F) for port in (443, 444)]
        facts = shown(EncryptionObserver(MEANS), [*hellos, *shows])
        assert [str(one.seen_on) for one in facts if isinstance(one, Certificate)] == ["2020-01-01", "2262-04-11"]

    def test_a_server_that_asks_the_client_for_a_certificate(self):
        said = [self.hello(1, 0x0303, 0xC02F), TlsSaid(talk("tls", 443), Side.SERVER, 2, 0, step="certificate-request")]
        (fact,) = shown(EncryptionObserver(MEANS), said)
        assert (fact.client_certificate, fact.weak) == (True, ())

    def test_version_1_3_hides_whether_it_asks(self):
        (fact,) = shown(EncryptionObserver(MEANS), [self.hello(1, 0x0304, 0x1301)])
        assert fact.client_certificate is None

    def test_its_certificate_is_told_once(self):
        key, day = rsa.generate_private_key(65537, 1024), datetime(2020, 1, 1, tzinfo=UTC)
        made = x509.CertificateBuilder(NAME, NAME, key.public_key(), 7, day, day + timedelta(days=10)).sign(key, hashes.SHA256())
        shows = TlsSaid(talk("tls", 443), Side.SERVER, 3, 0, step="certificate", certificates=(made.public_bytes(Encoding.DER), b"an authority"))
        certificates = [
            one for one in shown(EncryptionObserver(MEANS), [self.hello(1, 0x0303, 0xC02F), shows, shows]) if isinstance(one, Certificate)
        ]
        assert [(one.subject, one.bits, one.self_signed, str(one.not_after)) for one in certificates] == [("pump", 1024, True, "2020-01-11")]


class TestServices:
    def test_who_answered_what_he_asked_for_and_what_he_is(self):
        said = [
            Banner(talk("ssh", 22), Side.SERVER, 2, 0, text="SSH-2.0-OpenSSH_7.4", product="OpenSSH", version="7.4"),
            Closed(talk("ssh", 22), Side.SERVER, 5, 0),
            Asked(talk("vnc", 5901), Side.CLIENT, 7, 0, "vnc", "log on", "none", changes=True, accepted=True),
            Closed(talk("vnc", 5901), Side.SERVER, 9, 0),
        ]
        facts = shown(ServicesObserver(MEANS), said)
        assert [(one.name, one.auth, one.port, one.enabled, one.subject) for one in facts if isinstance(one, Service)] == [
            ("ssh", Auth.PASSWORD, None, True, "10.0.0.9"),
            ("vnc", Auth.NONE, 5901, True, "10.0.0.9"),
        ]
        (part,) = [one for one in facts if isinstance(one, Component)]
        assert (part.name, part.version) == ("OpenSSH", "7.4")
        assert part.cpe.startswith("cpe:2.3:a:openbsd:openssh:7.4")

    def test_what_answers_the_internet_is_a_way_in_of_its_own(self):
        said = [Closed(talk("ssh", 22), Side.SERVER, 5, 0), Closed(talk("ssh", 22, client="8.8.4.4"), Side.SERVER, 9, 0)]
        facts = [one for one in shown(ServicesObserver(MEANS), said) if isinstance(one, Service)]
        assert [(one.zone, one.detail) for one in facts] == [
            (Zone.DEVICE_NETWORK, "answered at 10.0.0.9"),
            (Zone.INTERNET, "answered at 10.0.0.9, asked by 8.8.4.4"),
        ]

    def test_who_only_receives_traps_serves_nothing(self):
        trap = Conversation(1, "udp", Endpoint("10.0.0.9", 50_000), Endpoint("10.0.0.2", 162), 1, 0, protocol="snmp")
        trap.payload[:] = [80, 0]
        assert shown(ServicesObserver(MEANS), [Closed(trap, Side.CLIENT, 5, 0)]) == []

    def test_snmp_gives_readings_until_it_is_written_to(self):
        ended = Closed(talk("snmp", 161), Side.SERVER, 5, 0)
        write = Asked(talk("snmp", 161), Side.CLIENT, 3, 0, "snmp", "set", "version 1", changes=True, accepted=True)
        for events, gives in (([ended], Gives.READING), ([write, ended], Gives.CONTROL)):
            (fact,) = shown(ServicesObserver(MEANS), events)
            assert isinstance(fact, Service)
            assert fact.gives is gives

    @pytest.mark.parametrize(
        ("name", "part"),
        [
            ("OFFIS_DCMTK_367", ("DCMTK", "3.6.7")), ("PYNETDICOM_210", ("pynetdicom", "2.1.0")), ("dcm4che-2.0", ("dcm4che", "2.0")),
            ("ACME_PACS_367", None), ("OFFIS_DCMTK", None),
        ],
    )  # fmt: skip
    def test_what_an_end_of_an_association_was_made_with(self, name: str, part: tuple[str, str] | None):
        said = DicomAssociation(talk("dicom", 104), Side.CLIENT, 2, 0, "request", "PACS", "CT1", "1.2.3", name)
        parts = [(one.name, one.version) for one in shown(ServicesObserver(MEANS), [said]) if isinstance(one, Component)]
        assert parts == ([part] if part else [])

    def test_software_of_the_internet_is_none_of_the_hospital(self):
        outside = Banner(talk("http", 80, server="8.8.4.4"), Side.SERVER, 2, 0, text="nginx/1.4.6", product="nginx", version="1.4.6")
        assert shown(ServicesObserver(MEANS), [outside]) == []

    def test_a_port_that_nobody_answers_at_is_no_service(self):
        silent = talk("ssh", 22)
        silent.answered = False
        assert shown(ServicesObserver(MEANS), [Closed(silent, Side.CLIENT, 5, 0)]) == []


class TestOutside:
    def test_who_leaves_for_the_internet(self):
        (flow,) = shown(OutsideObserver(MEANS), [Closed(talk("http", 80, server="202.114.4.119"), Side.SERVER, 5, 0)] * 2)
        assert isinstance(flow, Flow)
        assert (flow.peer, flow.zone, flow.encrypted, flow.protocol) == ("202.114.4.119", Zone.INTERNET, False, "http")

    def test_whoever_stays_or_comes_in_is_not_told(self):
        inside = talk("http", 80)
        came = talk("http", 80, client="202.114.4.119")
        assert shown(OutsideObserver(MEANS), [Closed(inside, Side.SERVER, 5, 0), Closed(came, Side.SERVER, 5, 0)]) == []

    def test_an_encrypted_protocol_is_told_as_such(self):
        (flow,) = shown(OutsideObserver(MEANS), [Closed(talk("tls", 443, server="8.8.8.8"), Side.SERVER, 5, 0)])
        assert flow.encrypted is True


class TestLimits:
    """What finds no room is told; the bounds are lowered here, so that few events reach them."""

    @pytest.mark.parametrize(
        ("module", "name", "events"),
        [
            (log_ins, "_MOST", [log_in(1, "a", b"b", None), log_in(2, "c", b"d", None)]),
            (outside, "_MOST", [Closed(talk("http", 80, server=f"8.8.8.{last}"), Side.SERVER, 5, 0) for last in (1, 2)]),
            (services, "_MOST", [Closed(talk("ssh", port), Side.SERVER, 5, 0) for port in (22, 2222)]),
            (
                encryption,
                "_MOST_SERVERS",
                [TlsSaid(talk("tls", port), Side.SERVER, 1, 0, step="server-hello") for port in (443, 8443)],
            ),
            (inventory, "_MOST", [Named(talk("dns", 53), Side.SERVER, 1, 0, address=f"10.0.0.{last}", name="x", how="dns") for last in (7, 8)]),
            (uses, "_MOST", [Closed(talk("ssh", port, client="8.8.4.4"), Side.SERVER, 5, 0) for port in (22, 2222)]),
            (clinical, "_MOST", [Asked(talk("fhir", port), Side.CLIENT, 1, 0, "fhir", "GET", "Device") for port in (80, 81)]),
        ],
        ids=["log-ins", "outside", "services", "encryption", "inventory", "uses", "clinical"],
    )
    def test_what_finds_no_room_is_told(self, module: ModuleType, name: str, events: list[Event], monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(module, name, 1)
        told: list[str] = []
        (make,) = [one for one in OBSERVERS if getattr(one, "__module__", "") == module.__name__]
        shown(make(Means(MEANS.place, MEANS.redactor, full=told.append)), events)
        assert len(told) == 1
        assert "more than 1 " in told[0]
