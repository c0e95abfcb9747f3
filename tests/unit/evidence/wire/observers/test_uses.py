"""What services do for whoever asks: titles that are let in, queries for everybody, writes, old versions, ways out and in. Never contents."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from asepsis.evidence.wire.events import Asked, Closed, DicomAssociation, DimseSaid, Event, Named, TlsSaid
from asepsis.evidence.wire.observer import Means
from asepsis.evidence.wire.observers.uses import UsesObserver
from asepsis.evidence.wire.packet import Conversation, Endpoint, Side
from asepsis.guard.redact import Redactor
from asepsis.model.facts import ServiceUse, Use
from asepsis.model.where import Where

MEANS = Means(lambda packet: Where("e1", "ward.pcap", packet=packet), Redactor(b"k" * 32))
PATIENT_ROOT, WORKLIST = "1.2.840.10008.5.1.4.1.2.1.1", "1.2.840.10008.5.1.4.31"
PENDING, SUCCESS, NOT_AUTHORIZED = 0xFF00, 0, 0x0124


def talk(protocol: str = "dicom", port: int = 104, *, number: int = 1, server: str = "10.0.0.9", client: str = "10.0.0.2") -> Conversation:
    made = Conversation(number, "tcp", Endpoint(client, 50_000), Endpoint(server, port), 1, 0, opened_seen=True, answered=True, protocol=protocol)
    made.payload[:] = [10, 10]
    return made


def shown(events: Iterable[Event]) -> list[tuple[Use, str, str, str, bool | None, int]]:
    observer = UsesObserver(MEANS)
    assert [fact for event in events for fact in observer.see(event)] == []
    facts = [fact for fact in observer.finish(99, 0) if isinstance(fact, ServiceUse)]
    return [(one.use, one.service, one.server, one.detail, one.granted, one.times) for one in facts]


def associate(kind: str, calling: str = "CT1", *, number: int = 1, identity: int = 0, reason: tuple[int, int, int] = (0, 0, 0)) -> DicomAssociation:
    side = Side.CLIENT if kind == "request" else Side.SERVER
    return DicomAssociation(talk(number=number), side, number, 0, kind, "PACS", calling, identity=identity, reason=reason)


class TestCallers:
    def test_a_title_that_was_let_in_however_often(self):
        events = [associate(kind, number=number) for number in (1, 2) for kind in ("request", "accept", "release")]
        assert shown(events) == [(Use.CALLER, "dicom", "10.0.0.9:104", "CT1", True, 2)]

    def test_a_title_that_is_not_known_there(self):
        assert shown([associate("request", "NOBODY"), associate("reject", "NOBODY", reason=(1, 1, 3))]) == [
            (Use.CALLER, "dicom", "10.0.0.9:104", "NOBODY", False, 1)
        ]

    @pytest.mark.parametrize("reason", [(1, 1, 7), (1, 1, 2), (2, 3, 1)], ids=["called title", "application context", "congestion"])
    def test_a_refusal_for_another_reason_says_nothing_of_the_caller(self, reason: tuple[int, int, int]):
        assert shown([associate("request"), associate("reject", reason=reason)]) == []


def find(*statuses: int, sop: str = PATIENT_ROOT, wildcard: bool = True) -> list[Event]:
    asked = DimseSaid(talk(), Side.CLIENT, 5, 0, command=0x0020, sop_class=sop, message_id=7, wildcard=wildcard)
    return [asked, *(DimseSaid(talk(), Side.SERVER, 6, 0, command=0x8020, sop_class=sop, message_id=7, status=status) for status in statuses)]


class TestQueries:
    @pytest.mark.parametrize(
        ("statuses", "granted"),
        [([PENDING, PENDING, SUCCESS], True), ([PENDING], True), ([SUCCESS], None), ([], None), ([NOT_AUTHORIZED], False), ([0xA700], False)],
        ids=["matches", "cut off", "nobody", "no answer", "not authorized", "out of resources"],
    )
    def test_whether_everybody_was_told(self, statuses: list[int], granted: bool | None):
        assert shown(find(*statuses)) == [(Use.QUERY, "dicom", "10.0.0.9:104", "", granted, 1)]

    def test_a_worklist_and_a_query_for_somebody_are_everyday(self):
        assert shown([*find(PENDING, SUCCESS, sop=WORKLIST), *find(PENDING, SUCCESS, wildcard=False)]) == []

    def test_who_proved_who_he_is(self):
        query = shown([associate("request", identity=2), associate("accept"), *find(PENDING, SUCCESS)])[1]
        assert query[3:5] == ("user identity", True)


def asked(protocol: str, verb: str, subject: str, accepted: bool | None = None, side: Side = Side.SERVER) -> Asked:
    return Asked(talk(protocol, 40), side, 3, 0, protocol, verb, subject, accepted=accepted)


@pytest.mark.parametrize(
    ("event", "use"),
    [
        (asked("snmp", "set", "version 1", accepted=True), [(Use.WRITE, "version 1", True)]),
        (asked("snmp", "set", "version 1", accepted=False), [(Use.WRITE, "version 1", False)]),
        (asked("snmp", "set", "version 1"), [(Use.WRITE, "version 1", None)]),
        (asked("snmp", "get", "version 1", accepted=True), []),
        (asked("smb", "negotiate", "SMB 1, unsigned", accepted=True), [(Use.OLD_VERSION, "SMB 1, unsigned", True)]),
        (asked("smb", "negotiate", "SMB 1, unsigned", accepted=False), [(Use.OLD_VERSION, "SMB 1, unsigned", False)]),
        (asked("smb", "negotiate", "SMB 3.1.1"), []),
        (asked("smb", "session", "guest", accepted=True), [(Use.GUEST, "", True)]),
        (asked("rdp", "connect", "TLS", accepted=True), [(Use.EARLY_SCREEN, "TLS", True)]),
        (asked("rdp", "connect", "RDP security", accepted=True), [(Use.EARLY_SCREEN, "RDP security", True)]),
        (asked("rdp", "connect", "CredSSP", accepted=True), [(Use.EARLY_SCREEN, "CredSSP", False)]),
        (asked("rdp", "connect", "refused, reason 5", accepted=False), []),
        (asked("tftp", "read", "SEP001122.cnf.xml", side=Side.CLIENT), [(Use.FILE, "read settings", None)]),
        (asked("tftp", "write", "pump-4.2.BIN", side=Side.CLIENT), [(Use.FILE, "write software", None)]),
        (asked("tftp", "read", "Miller^Anna", side=Side.CLIENT), [(Use.FILE, "read file", None)]),
    ],
)
def test_what_a_careful_service_refuses(event: Asked, use: list[tuple[Use, str, bool | None]]):
    assert [(one[0], one[3], one[4]) for one in shown([event])] == use


class TestAnnouncements:
    def announced(self, **attributes: str) -> Named:
        return Named(talk("ws-discovery", 3702), Side.CLIENT, 3, 0, "10.0.0.9", "urn:uuid:x", "ws-discovery", attributes)

    def test_a_medical_device_says_how_it_is_spoken_to(self):
        assert shown([self.announced(types="Device MedicalDevice", schemes="http")]) == [(Use.ANNOUNCED, "sdc", "10.0.0.9", "http", None, 1)]

    def test_printers_announce_themselves_too(self):
        assert shown([self.announced(types="Device PrintDeviceType", schemes="http")]) == []


class TestOutside:
    def test_remote_control_that_comes_in(self):
        came = [Closed(talk(name, port, client="8.8.4.4"), Side.SERVER, 5, 0) for name, port in (("ssh", 22), ("dns", 53), ("", 99))]
        assert shown(came) == [(Use.FROM_OUTSIDE, "ssh", "10.0.0.9:22", "", True, 1)]

    def test_nobody_answered(self):
        silent = talk("ssh", 22, client="8.8.4.4")
        silent.payload[:] = [10, 0]
        assert shown([Closed(silent, Side.CLIENT, 5, 0)]) == []

    def test_a_tunnel_that_goes_out(self):
        went = [Closed(talk(name, 22, server="8.8.4.4"), Side.SERVER, 5, 0) for name in ("ssh", "tls")]
        assert shown(went) == [(Use.TUNNEL, "ssh", "8.8.4.4:22", "", True, 1)]

    @pytest.mark.parametrize(
        ("name", "maker"),
        [("router7.TeamViewer.com", "teamviewer.com"), ("anydesk.com", "anydesk.com"), ("notanydesk.com", ""), ("www.example.com", "")],
    )
    def test_where_remote_support_meets(self, name: str, maker: str):
        hello = TlsSaid(talk("tls", 443, server="8.8.4.4"), Side.CLIENT, 3, 0, step="client-hello", server_name=name)
        assert [one[3] for one in shown([hello])] == ([maker] if maker else [])
