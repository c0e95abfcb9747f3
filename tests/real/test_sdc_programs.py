"""IEEE 11073 SDC without TLS between sdc11073's provider and consumer: found by WS-Discovery, read, and told to set a rate."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from asepsis.evidence.wire.events import SoapSaid
from asepsis.model.study import Study
from tests.real import loopback
from tests.real.loopback import facts, fields, first_screen, found_by

pytest.importorskip("sdc11073")
pytestmark = loopback.needs("unshare", "ip")

ALONE = """
ip link set lo up
tcpdump -i lo -U --immediate-mode -w "$1" 2>"$1.said" &
until grep -q "listening on" "$1.said"; do sleep 0.1; done
"$2" "$3" && sleep 1
kill %1
wait
"""
"""What is called out to everybody is heard in a network of its own only."""

SERVICE = re.compile(r"/11073-20701-2018/(\w+/\w+)$")


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sdc") / "sdc.pcap"
    ward = Path(__file__).with_name("sdc_ward.py")
    command = ["unshare", "--net", "bash", "-ec", ALONE, "bash", str(path), sys.executable, str(ward)]
    ended = subprocess.run(command, capture_output=True, timeout=3 * loopback.PATIENCE, check=False)
    if b"unshare" in ended.stderr:
        pytest.skip("no network of its own can be made here")
    assert ended.returncode in {0, 143}, ended.stderr
    return path


@pytest.fixture(scope="module")
def study(spoken: Path) -> Study:
    return loopback.study_of(spoken)


def test_each_service_of_the_device_is_heard_in_its_order(spoken):
    events, complaints = loopback.events_of(spoken)
    said = [match[1] for event in events if isinstance(event, SoapSaid) and (match := SERVICE.search(event.action))]
    assert complaints == []
    assert [one for one in said if one.startswith("SetService")] == ["SetService/SetValue", "SetService/SetValueResponse"]
    assert said.index("GetService/GetMdib") < said.index("GetService/GetMdibResponse") < said.index("SetService/SetValue")
    (order,) = (event for event in events if isinstance(event, SoapSaid) and event.action.endswith("/SetValue"))
    assert dict(order.elements) == {"OperationHandleRef": "set_rate", "RequestedNumericValue": "50"}


def test_wireshark_counts_as_many_envelopes_in_http(spoken):
    envelopes = fields(spoken, 'tcp and xml.tag contains "Envelope"', "frame.number")
    events, _ = loopback.events_of(spoken)
    assert sum(isinstance(event, SoapSaid) and event.conversation.transport == "tcp" for event in events) == len(envelopes) > 0


def test_the_pump_is_known_by_what_it_says_of_itself(study):
    (pump,) = facts(study, "NetworkDevice", address="127.0.0.1")
    known = [pump[name] for name in ("kind", "maker", "model", "version", "name")]
    assert known == ["infusion-pump", "Harbour Pumps", "HP-3", "2.1.7", "Pump bed 3"]
    assert {"dpws", "ws-discovery"} <= set(pump["shown_by"])
    assert "1 infusion pump" in first_screen(study)


def test_the_order_in_clear_is_told_and_neither_its_answer_nor_the_search_is_one(study):
    flows = facts(study, "Flow", protocol="sdc")
    assert sorted(flow["effect"] for flow in flows) == ["command", "reading"]
    assert all(flow["name"].count("127.0.0.1") == 2 for flow in flows)  # nothing of what went to everybody
    assert sorted(found_by(study, "flow_in_clear")) == sorted(flow["name"] for flow in flows)
