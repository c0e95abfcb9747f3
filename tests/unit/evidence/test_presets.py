"""Which units a preset switches on at the first boot: worked out by hand from systemd.preset(5) and machine-id(5)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from asepsis.evidence.joined import join
from asepsis.evidence.readers.config.systemd import SystemdReader
from asepsis.evidence.readers.config.systemd_preset import SystemdPresetReader
from asepsis.findings.rule import Facts
from asepsis.findings.ways_in import WayIn, ways_in
from asepsis.model.facts import Fact, UnitPreset
from asepsis.model.finding import Certainty
from asepsis.model.where import Where
from tests.unit.evidence.reading import read_file

UNIT = "[Service]\nExecStart=/usr/sbin/telnetd -F\n"
INSTALL = "[Install]\nWantedBy=multi-user.target\n"
ON, OFF = "enable telnet.service\n", "disable *\n"


def unit(text: str = UNIT + INSTALL, name: str = "telnet.service", links: Sequence[str] = ()) -> list[Fact]:
    return read_file(SystemdReader(), text.encode(), f"usr/lib/systemd/system/{name}", links)


def preset(text: str, path: str = "usr/lib/systemd/system-preset/90-maker.preset") -> list[Fact]:
    return read_file(SystemdPresetReader(), text.encode(), path)


def machine(text: str) -> list[Fact]:
    return read_file(SystemdPresetReader(), text.encode(), "etc/machine-id")


def telnet(*facts: Sequence[Fact], masked: Sequence[str] = ()) -> WayIn:
    known = join([fact for part in facts for fact in part], [Where("e1", path) for path in masked])
    assert not [fact for fact in known if isinstance(fact, UnitPreset)]
    (way,) = ways_in(Facts(known), "telnet")
    return way


def test_a_unit_that_a_preset_enables_is_on_and_the_finding_names_the_preset() -> None:
    way = telnet(unit(), preset(ON))
    assert (way.enabled, way.certainty) == (True, Certainty.ENABLED)
    assert "started by systemd-preset in multi-user.target (usr/lib/systemd/system-preset/90-maker.preset:1)" in way.shown_by


@pytest.mark.parametrize(
    ("rules", "enabled"),
    [
        (ON + OFF, True),
        (OFF + ON, False),
        ("ignore telnet.service\n" + ON, False),
        ("enable tel*.service\n", True),
        ("enable *\n", True),
        ("enable Telnet.service\n", False),
        ("", False),
    ],
)
def test_the_first_rule_that_names_the_unit_counts(rules: str, *, enabled: bool) -> None:
    assert telnet(unit(), preset(rules)).enabled is enabled


@pytest.mark.parametrize(("text", "enabled"), [("0123456789abcdef0123456789abcdef\n", False), ("", False), ("uninitialized\n", True)])
def test_presets_count_at_the_first_boot_only(text: str, *, enabled: bool) -> None:
    assert telnet(unit(), preset(ON), machine(text)).enabled is enabled


def test_files_count_in_the_order_of_their_names_wherever_they_lie() -> None:
    assert telnet(unit(), preset(ON, "usr/lib/systemd/system-preset/10.preset"), preset(OFF, "etc/systemd/system-preset/20.preset")).enabled
    assert not telnet(unit(), preset(ON, "usr/lib/systemd/system-preset/20.preset"), preset(OFF, "etc/systemd/system-preset/10.preset")).enabled


def test_a_file_in_etc_hides_the_one_of_its_name_also_an_empty_one_and_a_link_to_nothing() -> None:
    own = "etc/systemd/system-preset/90-maker.preset"
    assert not telnet(unit(), preset(ON), preset(OFF, own)).enabled
    assert not telnet(unit(), preset(ON), preset("", own)).enabled
    assert not telnet(unit(), preset(ON), masked=[own]).enabled


def test_a_preset_that_disables_takes_no_link_away() -> None:
    links = ["etc/systemd/system/multi-user.target.wants/telnet.service"]
    assert telnet(unit(links=links), preset(OFF)).enabled


def test_a_unit_that_cannot_be_enabled_is_enabled_by_no_preset() -> None:
    assert telnet(unit(UNIT), preset("enable *\n")).enabled is False


def test_a_masked_unit_stays_off() -> None:
    assert telnet(unit(), preset(ON), masked=["etc/systemd/system/telnet.service"]).enabled is False


def test_a_preset_of_another_tree_says_nothing() -> None:
    assert telnet(unit(), preset(ON, "recovery/usr/lib/systemd/system-preset/90.preset")).enabled is False


def test_a_socket_that_a_preset_enables_starts_its_service_at_its_port() -> None:
    socket = unit("[Socket]\nListenStream=2323\nAccept=yes\n[Install]\nWantedBy=sockets.target\n", "telnet.socket")
    service = unit("[Service]\nExecStart=-/usr/sbin/telnetd -i\n", "telnet@.service")
    way = telnet(socket, service, preset("enable telnet.socket\n"))
    assert (way.enabled, way.certainty, way.id) == (True, Certainty.REACHABLE, "telnet-2323")
    assert any("90-maker.preset:1" in line for line in way.shown_by)
    off = telnet(socket, service)
    assert (off.enabled, off.listeners) == (False, ())


def test_what_calls_a_unit_does_not_start_it_in_its_target() -> None:
    caller = read_file(SystemdReader(), b"[Service]\nExecStart=/bin/systemctl start telnet\n", "usr/lib/systemd/system/x.service", LINK)
    assert "started by systemd (usr/lib/systemd/system/telnet.service:2)" in telnet(unit(), caller).shown_by


LINK = ["etc/systemd/system/multi-user.target.wants/x.service"]
