"""Flows of clinical messages and devices on the network, out of what was said."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from asepsis.evidence.wire.events import Asked, Closed, DicomAssociation, DimseSaid, Event, Hl7Said, Named, SoapSaid
from asepsis.evidence.wire.observer import Means, Observer
from asepsis.evidence.wire.observers.clinical import ClinicalObserver
from asepsis.evidence.wire.observers.inventory import InventoryObserver
from asepsis.evidence.wire.packet import Conversation, Endpoint, Side
from asepsis.guard.redact import Redactor
from asepsis.model.facts import Confidence, Effect, Fact, Flow, NetworkDevice, Zone
from asepsis.model.where import Where

MEANS = Means(lambda packet: Where("e1", "ward.pcap", packet=packet), Redactor(b"k" * 32))
PUMP, GATEWAY = "10.0.0.7", "10.0.0.2"


def talk(protocol: str = "mllp", port: int = 3000, client: str = GATEWAY, server: str = PUMP) -> Conversation:
    made = Conversation(1, "tcp", Endpoint(client, 50_000), Endpoint(server, port), 1, 0, opened_seen=True, answered=True, protocol=protocol)
    made.packets[:] = [5, 4]
    return made


def message(kind: str, *segments: str, sender: str = "GW") -> bytes:
    return "\r".join([f"MSH|^~\\&|{sender}|H|PUMP|H|20260301||{kind}|7|P|2.6", *segments, ""]).encode()


def said(kind: str, *segments: str, packet: int = 3, side: Side = Side.CLIENT, conversation: Conversation | None = None) -> Hl7Said:
    return Hl7Said(conversation or talk(), side, packet, 0, message=message(kind, *segments))


def shown(observer: Observer, events: Iterable[Event]) -> list[Fact]:
    facts = [fact for event in events for fact in observer.see(event)]
    return [*facts, *observer.finish(99, 0)]


class TestClinical:
    @pytest.mark.parametrize(
        ("client", "server", "zone"),
        [("10.0.0.2", "10.0.0.7", Zone.DEVICE_NETWORK), ("10.0.0.2", "8.8.4.4", Zone.INTERNET), ("8.8.4.4", "10.0.0.7", Zone.INTERNET)],
    )
    def test_what_crosses_the_internet_is_said_to(self, client: str, server: str, zone: Zone):
        (flow,) = shown(ClinicalObserver(MEANS), [said("ORU^R01^ORU_R01", conversation=talk(client=client, server=server))])
        assert isinstance(flow, Flow)
        assert flow.zone is zone

    def test_a_report_that_names_a_patient(self):
        (flow,) = shown(ClinicalObserver(MEANS), [Asked(talk("syslog", 514), Side.CLIENT, 3, 0, "syslog", "report", "patient")])
        assert isinstance(flow, Flow)
        assert (flow.name, flow.effect, flow.patient_data) == ("syslog records from 10.0.0.2 to 10.0.0.7:514", Effect.RECORD, True)

    @pytest.mark.parametrize(
        ("kind", "effect", "name"),
        [
            ("RGV^O15^RGV_O15", Effect.COMMAND, "hl7 orders from 10.0.0.2 to 10.0.0.7:3000"),
            ("ORU^R01^ORU_R01", Effect.READING, "hl7 readings from 10.0.0.2 to 10.0.0.7:3000"),
            ("ADT^A01", Effect.RECORD, "hl7 records from 10.0.0.2 to 10.0.0.7:3000"),
        ],
    )
    def test_what_a_message_carries(self, kind: str, effect: Effect, name: str):
        (flow,) = shown(ClinicalObserver(MEANS), [said(kind), said(kind, packet=8)])
        assert isinstance(flow, Flow)
        assert (flow.effect, flow.name, flow.encrypted, flow.authenticated, flow.patient_data, flow.where.packet) == (
            effect,
            name,
            False,
            False,
            False,
            3,
        )

    def test_acknowledgements_carry_nothing(self):
        assert shown(ClinicalObserver(MEANS), [said("ACK^O15", "MSA|AA|7", side=Side.SERVER)]) == []

    def test_a_patient_in_it_is_told_and_not_said(self):
        (flow,) = shown(ClinicalObserver(MEANS), [said("ORU^R01", "PID|||12345^^^H||DOE^JOHN")])
        assert flow.patient_data
        assert "DOE" not in repr(flow)

    def test_other_protocols(self):
        dicom = talk("dicom", 104)
        events = [
            DicomAssociation(dicom, Side.CLIENT, 2, 0, kind="request"),
            DimseSaid(dicom, Side.CLIENT, 3, 0, command=0x0001, identifies_patient=True),
            DimseSaid(dicom, Side.SERVER, 4, 0, command=0x8001, status=0),
            SoapSaid(talk("http", 6464), Side.CLIENT, 5, 0, action="http://standards.ieee.org/downloads/11073/11073-20701-2018/SetService/SetValue"),
            Asked(talk("poct1a", 4000), Side.CLIENT, 6, 0, "poct1a", "DTV.R01", "", changes=True),
            Asked(talk("http", 80), Side.CLIENT, 7, 0, "fhir", "POST", "MedicationRequest", changes=True),
            Asked(talk("http", 80), Side.CLIENT, 8, 0, "fhir", "GET", "Patient"),
        ]
        flows = [one for one in shown(ClinicalObserver(MEANS), events) if isinstance(one, Flow)]
        assert [(one.protocol, one.effect, one.patient_data) for one in flows] == [
            ("dicom", Effect.RECORD, False),
            ("dicom", Effect.READING, True),
            ("sdc", Effect.COMMAND, False),
            ("poct1-a", Effect.COMMAND, False),
            ("fhir", Effect.COMMAND, False),
            ("fhir", Effect.RECORD, True),
        ]


SDC = "http://standards.ieee.org/downloads/11073/11073-20701-2018"


@pytest.mark.parametrize(
    ("action", "effect"),
    [
        (f"{SDC}/SetService/SetValue", Effect.COMMAND),
        (f"{SDC}/SetService/Activate", Effect.COMMAND),
        (f"{SDC}/ContextService/SetContextState", Effect.COMMAND),
        (f"{SDC}/GetService/GetMdibResponse", Effect.READING),
        (f"{SDC}/StateEventService/EpisodicMetricReport", Effect.READING),
        (f"{SDC}/WaveformService/WaveformStream", Effect.READING),
    ],
)
def test_what_a_message_of_sdc_carries(action, effect):
    (flow,) = shown(ClinicalObserver(MEANS), [SoapSaid(talk("http", 6464), Side.CLIENT, 5, 0, action=action)])
    assert (flow.protocol, flow.effect) == ("sdc", effect)


@pytest.mark.parametrize(
    "action",
    [
        "http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01/Probe",
        "http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01/Hello",
        "http://schemas.xmlsoap.org/ws/2004/09/transfer/GetResponse",
        "http://schemas.xmlsoap.org/ws/2004/08/eventing/Subscribe",
        f"{SDC}/SetService/SetValueResponse",
        f"{SDC}/SetService/OperationInvokedReport",
        f"{SDC}/GetService/GetMdib",
        f"{SDC}/ContainmentTreeService/GetDescriptorResponse",
        f"{SDC}/LocalizationService/GetLocalizedTextResponse",
        f"{SDC}/GetService",
        "",
    ],
)
def test_what_finds_describes_asks_or_answers_carries_neither_readings_nor_orders(action):
    assert shown(ClinicalObserver(MEANS), [SoapSaid(talk("http", 6464), Side.SERVER, 5, 0, action=action)]) == []


def devices(events: Iterable[Event]) -> dict[str, NetworkDevice]:
    return {one.address: one for one in shown(InventoryObserver(MEANS), events) if isinstance(one, NetworkDevice)}


def test_a_device_of_sdc_is_called_by_its_own_name_and_is_what_it_announces():
    pump = talk("http", 6464)
    said = [
        Named(pump, Side.SERVER, 3, 0, "10.0.0.9", "urn:uuid:05fb0880", "ws-discovery", {"types": "Device MedicalDevice", "device types": "1 69985"}),
        Named(pump, Side.SERVER, 4, 0, "10.0.0.9", "Pump bed 3", "dpws", {"maker": "Harbour Pumps", "model": "HP-3", "version": "2.1.7"}),
        Named(pump, Side.SERVER, 5, 0, "10.0.0.8", "urn:uuid:77777777", "ws-discovery", {}),
    ]
    found = devices(said)
    assert (found["10.0.0.9"].name, found["10.0.0.9"].kind, found["10.0.0.9"].model) == ("Pump bed 3", "infusion-pump", "HP-3")
    assert (found["10.0.0.8"].name, found["10.0.0.8"].kind) == ("urn:uuid:77777777", "")


def report(equipment: str, packet: int = 3) -> Hl7Said:
    observation = f"OBX|1||69986^MDC_DEV_PUMP_INFUS_VMD^MDC|1.1.0.0|||||||X|||||||{equipment}"
    return said("ORU^R01^ORU_R01", observation, packet=packet, conversation=talk(client=PUMP, server=GATEWAY))


class TestInventory:
    def test_a_pump_that_reports(self):
        found = devices([report("PMP1^^0003B1000000AAAA^EUI-64"), Closed(talk(client=PUMP, server=GATEWAY), Side.CLIENT, 9, 0)])
        pump = found[PUMP]
        assert (pump.kind, pump.peers, pump.packets, pump.services) == ("infusion-pump", (GATEWAY,), 5, ())
        assert found[GATEWAY].services == ("mllp 3000",)

    def test_whoever_speaks_for_several_pumps_is_a_gateway(self):
        found = devices([report(f"PMP{number}^^00AA^EUI-64", number) for number in (1, 2, 3, 4)])
        assert found[PUMP].kind == "gateway"

    def test_names_from_others_and_from_itself(self):
        names = [
            Named(talk("dhcp", 67), Side.CLIENT, 2, 0, address=PUMP, name="pump-7", how="dhcp", attributes={"hardware": "02:03:04:aa:bb:cc"}),
            Named(talk("snmp", 161), Side.SERVER, 4, 0, address=PUMP, name="other", how="snmp", attributes={"description": "Pump 9000 v2.1"}),
        ]
        pump = devices(names)[PUMP]
        assert (pump.name, pump.hardware, pump.model, pump.shown_by, pump.where.packet) == (
            "pump-7", "02:03:04:aa:bb:cc", "Pump 9000 v2.1", ("dhcp", "snmp"), 2,
        )  # fmt: skip
        assert pump.confidence is Confidence.LIKELY

    def test_an_image_tells_the_scanner_and_its_server(self):
        elements = {"Modality": "MR", "Manufacturer": "ACME", "ManufacturerModelName": "Field 3T", "SoftwareVersions": "VB17"}
        store = DimseSaid(talk("dicom", 104, client=PUMP, server=GATEWAY), Side.CLIENT, 3, 0, command=1, elements=elements)
        found = devices([store, Closed(talk("dicom", 104, client=PUMP, server=GATEWAY), Side.CLIENT, 9, 0)])
        scanner = found[PUMP]
        assert (scanner.kind, scanner.maker, scanner.model, scanner.version) == ("mri", "ACME", "Field 3T", "VB17")
        assert found[GATEWAY].kind == "dicom-server"

    def test_an_address_that_never_spoke_is_no_device(self):
        silent = talk("", 23)
        silent.packets[:] = [3, 0]
        silent.answered = False
        assert list(devices([Closed(silent, Side.CLIENT, 9, 0)])) == [GATEWAY]
