"""A way in behind the device's own firewall: closed only if it is loaded and drops it from everybody, over both versions of IP."""

from __future__ import annotations

import pytest

from asepsis.findings.rule import Facts
from asepsis.findings.ways_in import WayIn, ways_in
from asepsis.model.facts import Fact, FirewallRule, Listener, Service
from asepsis.model.finding import Certainty
from asepsis.model.where import Where

BOTH = "nftables"


def rule(action: str, port: int | None = None, *, line: int = 1, by: str = BOTH, path: str = "etc/fw.sh", **more: object) -> FirewallRule:
    return FirewallRule(Where("e1", path, line=line), action, by, **{"transport": "tcp" if port else "", "port": port, "enabled": True, **more})  # type: ignore[arg-type]


def telnet(*rules: Fact, path: str = "etc/inittab") -> WayIn:
    where = Where("e1", path, line=3)
    (way,) = ways_in(Facts([Service(where, "telnet", enabled=True, port=23, address="10.0.0.1"), Listener(where, 23), *rules]))
    return way


@pytest.mark.parametrize(
    "rules",
    [
        [rule("drop", 23)],
        [rule("default-drop")],
        [rule("default-drop"), rule("accept", 22)],
        [rule("default-drop"), rule("accept", interface="lo")],
        [rule("drop", 20, last_port=30), rule("accept", 23, line=2)],
        [rule("default-drop", by="iptables"), rule("default-drop", by="ip6tables")],
        [rule("default-accept", by="ufw"), rule("drop", 23)],
        [rule("default-drop", interface="wan", by="uci"), rule("default-drop", by="uci")],
    ],
)
def test_a_loaded_firewall_that_drops_it_from_everybody_is_told_and_dismisses_nothing(rules: list[FirewallRule]):
    way = telnet(*rules)
    assert way.exempt == ""
    assert way.claims() != ()
    assert way.certainty is Certainty.ENABLED
    assert any("drops it from everybody as far as its rules could be followed (etc/fw.sh:1)" in line for line in way.shown_by)
    assert [text for text in way.assumes if "although the device's own firewall drops it" in text] == list(way.assumes)


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([rule("drop", 23, by="iptables")], "nothing was seen to drop it over IPv6"),
        ([rule("drop", 23, enabled=None)], "a firewall is there, but whether anything loads it was not seen: etc/fw.sh:1"),
        ([rule("accept", 23), rule("default-drop", line=2)], "let in by the firewall: etc/fw.sh:1"),
        ([rule("default-accept")], "let in by the firewall: etc/fw.sh:1"),
        ([rule("accept", 23, source="10.0.0.0/8"), rule("default-drop", line=2)], "let in from 10.0.0.0/8 by the firewall: etc/fw.sh:1"),
        ([rule("default-accept", interface="lan", by="uci"), rule("default-drop", by="uci", line=2)], "let in from lan by the firewall: etc/fw.sh:1"),
        ([rule("unknown"), rule("default-drop", line=2)], "there is a firewall whose rules could not be followed: etc/fw.sh:1"),
        ([rule("accept", 23, path="etc/other.sh"), rule("default-drop")], "let in by the firewall: etc/other.sh:1"),
    ],
)
def test_anything_less_leaves_it_open_and_says_so(rules: list[FirewallRule], said: str):
    way = telnet(*rules)
    assert way.shield.closed == ""
    assert way.claims() != ()
    assert said in way.shown_by


@pytest.mark.parametrize(
    "closed",
    [
        rule("drop", 24),
        rule("drop", 23, enabled=False),
        rule("drop", 23, transport="udp"),
        rule("drop", 23, source="!10.0.0.0/8"),
        rule("drop", 23, interface="eth1"),
        rule("drop", 23, path="img!etc/fw.sh"),
        rule("drop", 23, path="rootfs/etc/fw.sh"),
    ],
)
def test_a_rule_about_something_else_says_nothing(closed: FirewallRule):
    way = telnet(closed)
    assert way.shield.closed == ""
    assert way.certainty is Certainty.REACHABLE
    assert [line for line in way.shown_by if line.startswith("behind")] == []


def test_behind_a_firewall_for_one_version_of_ip_it_is_enabled_but_not_shown_to_be_reachable():
    way = telnet(rule("default-drop", by="iptables"))
    assert way.certainty is Certainty.ENABLED
    assert "behind a firewall: etc/fw.sh:1 drops it over IPv4" in way.shown_by


def test_more_rules_than_are_followed_close_nothing():
    way = telnet(*(rule("drop", 23, line=line) for line in range(1, 2100)))
    assert way.shield.closed == ""
    assert "more than 2000 rules" in " ".join(way.shown_by)
