"""Devices on the network in the reports: counted on the first screen, listed in the page, absent without a capture."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asepsis.model.evidence import Evidence, EvidenceKind
from asepsis.model.facts import NetworkDevice
from asepsis.model.record import to_record
from asepsis.model.study import Study
from asepsis.model.where import Where
from asepsis.reports.exporters.html import HtmlExporter
from asepsis.reports.network import devices, sentence
from asepsis.reports.summary import summary
from tests.cases.reports.studies import EMPTY

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
