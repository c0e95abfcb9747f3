"""Reports of pumps: what is remembered of one report's shape never tells something of another."""

from __future__ import annotations

import itertools

import pytest

from asepsis.evidence.protocols import hl7, pcd_reports
from asepsis.evidence.protocols.pcd_reports import reports

HEAD = "MSH|^~\\&|PUMP|W|GW|W|20260101||ORU^R01|1|P|2.6"
OBR = "OBR|1|{order}||{service}|||20260101101112"
NUMBER = "OBX|{line}|{type}|{code}||{value}|{unit}|||||R|||||{who}||{pump}"
RATE, VOLUME, STATUS = "157784^MDC_FLOW_FLUID_PUMP^MDC", "157884^MDC_VOL_FLUID_TBI^MDC", "184519^MDC_PUMP_INFUSING_STATUS^MDC"


def message(*lines: str, order: str = "A1", service: str = "1^Dopamine", patient: str = "77") -> hl7.Message:
    head = (HEAD, f"PID|||{patient}^^^H^MR", OBR.format(order=order, service=service))
    return hl7.parse("\r".join((*head, *lines)).encode())


def obx(line: int, code: str, value: str, **other: str) -> str:
    said = {"line": str(line), "type": "NM", "code": f"{code}|1.1.1.{line}", "value": value, "unit": "mL/h", "who": "", "pump": "P1"} | other
    return NUMBER.format(**said).replace("||" + said["value"], "|" + said["value"], 1)


def told(said: hl7.Message) -> list[object]:
    return [
        (one.said.order, one.said.pump, one.said.drug, one.said.patient, one.flow and one.flow.text, one.delivering, one.steady, one.operator)
        for one in reports(said, lambda text: f"<{text}>")
    ]


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    monkeypatch.setattr(pcd_reports, "_SHAPES", {})


def test_numbers_change_within_a_shape():
    first = told(message(obx(1, RATE, "5")))
    second = told(message(obx(1, RATE, "6.5")))
    assert first == [("A1", ("P1",), "Dopamine", ("MR@H:<77>",), "5 mL/h", None, True, False)]
    assert second == [("A1", ("P1",), "Dopamine", ("MR@H:<77>",), "6.5 mL/h", None, True, False)]
    assert len(pcd_reports._SHAPES) == 1


CHANGED = {
    "order": {"order": "A2"},
    "drug": {"service": "2^Heparin"},
    "patient": {"patient": "78"},
    "pump": {"pump": "P2"},
    "unit": {"unit": "L/h"},
    "who": {"who": "NURSE"},
    "status": {"status": "pump-status-not-delivering"},
    "type": {"type": "SN", "value": "^10^/^2"},
    "value": {"value": "x"},
}


@pytest.mark.parametrize("name", CHANGED)
@pytest.mark.parametrize("order", ["first", "last"])
def test_whatever_else_changes_is_told_as_if_nothing_had_been_before(name, order):
    changed = CHANGED[name]

    def made(**said: str) -> hl7.Message:
        of_message = {key: said.pop(key) for key in ("order", "service", "patient") if key in said}
        status = said.pop("status", "pump-status-infusing")
        return message(obx(1, RATE, said.pop("value", "5"), **said), obx(2, STATUS, status, type="CWE"), **of_message)

    alone = told(made(**changed)), told(made())
    assert alone[0] != alone[1]
    pcd_reports._SHAPES.clear()
    both = (made(**changed), made()) if order == "first" else (made(), made(**changed))
    said = [told(one) for one in both]
    assert said == list(alone if order == "first" else alone[::-1])


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(pcd_reports, "_MOST_SHAPES", 4)
    for number in itertools.count(1):
        told(message(obx(1, RATE, "5", pump=f"P{number}")))
        assert len(pcd_reports._SHAPES) <= 4
        if number > 20:
            break
    told(message(obx(1, RATE, "5", pump="P" * 10_000)))
    assert all(len(str(key)) < 10_000 for key in pcd_reports._SHAPES)


def test_an_observation_that_nobody_knows_makes_no_new_shape():
    for number in range(5):
        told(message(obx(1, RATE, "5"), obx(2, "999^UNKNOWN^L", str(number))))
    assert len(pcd_reports._SHAPES) == 1
