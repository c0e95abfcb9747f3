"""The zones of firewalld as one firewall, from their files to what a service says of it: worked out by hand."""

from __future__ import annotations

from asepsis.evidence.joined import join
from asepsis.evidence.readers.config.firewalld import FirewalldReader
from asepsis.findings.rule import Facts
from asepsis.findings.ways_in import WayIn, ways_in
from asepsis.model.facts import Auth, Fact, FirewallRule, Service, StartedProgram
from asepsis.model.where import Where
from tests.unit.evidence.reading import read_file

TELNET = Service(Where("e1", "etc/inetd.conf", None, 3), "telnet", "telnetd", Auth.PASSWORD, enabled=True)
RUNS = StartedProgram(Where("e1", "usr/lib/systemd/system/firewalld.service", None, 5), "/usr/sbin/firewalld", "firewalld --nofork", "systemd", True)
ONLY_SSH = '<zone><service name="ssh"/></zone>'


def file(path: str, text: str) -> list[Fact]:
    return read_file(FirewalldReader(), text.encode(), path)


def zone(name: str, text: str, folder: str = "etc") -> list[Fact]:
    return file(f"{folder}/firewalld/zones/{name}.xml", text)


def telnet(*facts: list[Fact], started: bool = True) -> WayIn:
    (way,) = ways_in(Facts(join([TELNET, *([RUNS] if started else []), *(fact for part in facts for fact in part)])), "telnet")
    return way


DEFAULT_IS_WARD = file("etc/firewalld/firewalld.conf", "DefaultZone=ward\n")


def test_the_default_zone_closes_what_it_does_not_name() -> None:
    assert telnet(zone("public", ONLY_SSH)).shield.closed
    assert telnet(DEFAULT_IS_WARD, zone("ward", ONLY_SSH), zone("public", '<zone target="ACCEPT"/>')).shield.closed


def test_a_zone_that_nothing_is_bound_to_closes_nothing() -> None:
    assert telnet(DEFAULT_IS_WARD, zone("public", ONLY_SSH)).shield.closed == ""


def test_a_zone_of_one_interface_closes_nothing_for_the_others_and_opens_it_for_its_own() -> None:
    assert telnet(DEFAULT_IS_WARD, zone("work", '<zone><interface name="eth1"/></zone>')).shield.closed == ""
    opened = telnet(zone("public", ONLY_SSH), zone("work", '<zone><interface name="eth1"/><service name="telnet"/></zone>'))
    assert opened.shield.closed == ""
    assert any("let in from eth1" in line for line in opened.shown_by)


def test_a_zone_that_accepts_everything_from_a_source_opens_it() -> None:
    assert telnet(zone("public", ONLY_SSH), zone("trusted", '<zone target="ACCEPT"><source address="10.0.0.0/8"/></zone>')).shield.closed == ""


def test_the_zone_in_etc_stands_before_its_namesake() -> None:
    shipped = zone("public", '<zone><service name="telnet"/></zone>', "usr/lib")
    assert telnet(shipped).shield.closed == ""
    assert telnet(shipped, zone("public", ONLY_SSH)).shield.closed


def test_what_is_not_followed_closes_nothing() -> None:
    unknown = '<zone><service name="something"/></zone>'
    direct = file("etc/firewalld/direct.xml", "<direct><rule/></direct>")
    chosen: list[Fact] = [FirewallRule(Where("e1", "etc/NetworkManager/system-connections/a", None, 2), "unknown", "firewalld")]
    assert [telnet(zone("public", unknown)).shield.closed, telnet(zone("public", ONLY_SSH), direct).shield.closed] == ["", ""]
    assert telnet(zone("public", ONLY_SSH), chosen).shield.closed == ""


def test_a_firewall_that_nothing_starts_closes_nothing() -> None:
    assert telnet(zone("public", ONLY_SSH), started=False).shield.closed == ""


def test_very_many_bindings_are_not_followed() -> None:
    many = "".join(f'<interface name="e{number}"/>' for number in range(40))
    facts = [fact for fact in join([*DEFAULT_IS_WARD, *zone("work", f"<zone>{many}</zone>")]) if isinstance(fact, FirewallRule)]
    assert [fact.action for fact in facts] == ["unknown"]
