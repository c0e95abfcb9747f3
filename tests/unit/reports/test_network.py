"""Devices on the network in the reports: counted on the first screen, listed in the page, absent without a capture."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asepsis.model.evidence import Evidence, EvidenceKind
from asepsis.model.facts import Confidence, NetworkDevice
from asepsis.model.record import to_record
from asepsis.model.study import Study
from asepsis.model.where import Where
from asepsis.reports.exporters.html import HtmlExporter
from asepsis.reports.network import devices, sentence
from asepsis.reports.summary import summary
from tests.cases.reports.studies import EMPTY, PUMP

WARD = Evidence("e2", EvidenceKind.PCAP, "ward.pcapng", "0" * 64, 1000)


def device(address: str, kind: str = "", **more: object) -> NetworkDevice:
    return NetworkDevice(Where("e2", "ward.pcapng", packet=7), address, kind=kind, **more)  # type: ignore[arg-type]


def ward(*seen: NetworkDevice) -> Study:
    study = EMPTY
    return replace(study, evidence=(*study.evidence, WARD), facts=(*study.facts, *(to_record(one) for one in seen)))


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        ((), "On the network: nobody was recognised in the recorded traffic"),
        ((device("10.0.0.1"),), "On the network: 1 address"),
        (
            (
                device("10.0.0.1", "infusion-pump"),
                device("10.0.0.2", "infusion-pump"),
                device("10.0.0.3", "mri"),
                device("10.0.0.4"),
                device("10.0.0.5"),
            ),
            "On the network: 2 infusion pumps, 1 MRI scanner and 2 other addresses",
        ),
    ],
)
def test_what_was_seen_in_a_sentence(seen: tuple[NetworkDevice, ...], text: str):
    assert sentence(ward(*seen)) == text
    assert text in summary(ward(*seen), [])


def test_without_a_capture_nothing_is_said():
    assert sentence(EMPTY) == ""
    assert b'id="network"' not in HtmlExporter().write(EMPTY)


def test_the_page_lists_devices_and_escapes_what_they_call_themselves():
    page = HtmlExporter().write(ward(device("10.0.0.9"), device("10.0.0.1", "infusion-pump", name="<script>", services=("mllp 3000",)))).decode()
    assert "infusion pump" in page
    assert "&lt;script&gt;" in page
    assert page.index("10.0.0.1<") < page.index("10.0.0.9<")
    assert "ward.pcapng packet 7" in page


def test_the_known_kinds_lead():
    assert [one.kind for one in devices(ward(device("10.0.0.1"), device("10.0.0.9", "mri")))] == ["MRI scanner", ""]


def tampered(rule: str = "dose_tampering", confidence: Confidence = Confidence.CONFIRMED) -> Study:
    study = ward()
    title, facts = "Order '7' reached two places with different content", ("rate 10 → 90 ug/kg/min",)
    finding = replace(PUMP.findings[0], rule=rule, title=title, facts=facts, confidence=confidence)
    return replace(study, findings=(*study.findings, finding))


def test_what_happened_already_stands_before_what_could_happen():
    told = " ".join(" ".join(summary(tampered(), [])).split())
    words = "Look at the patient and the pump now. It happened already: Order '7' reached two places with different content (rate 10 → 90 ug/kg/min)"
    assert words in told
    page = HtmlExporter().write(tampered()).decode()
    assert page.index("It happened already") < page.index('id="harms"')


def test_nobody_is_sent_to_the_patient_for_a_flood():
    told = " ".join(summary(tampered("flood_observed", Confidence.LIKELY), []))
    assert "It looks as if this happened already" in told
    assert "Look at the patient" not in told


def test_the_first_screen_keeps_its_length_with_traffic():
    crowded = replace(PUMP, findings=(*PUMP.findings, *tampered().findings), coverage=replace(PUMP.coverage, packets=9, packets_understood=1))
    assert len(summary(crowded, [("html", "a"), ("json", "b"), ("sarif", "c")])) <= 25
