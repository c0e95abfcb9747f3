"""TCP wrappers before a service: told where something shows that it asks them, and dismissing nothing."""

from __future__ import annotations

import pytest

from asepsis.findings.rule import Facts
from asepsis.findings.ways_in import WayIn, ways_in
from asepsis.model.facts import Component, Fact, Linkage, LogInPolicy, Service, StartedProgram
from asepsis.model.finding import Certainty
from asepsis.model.where import Where

INETD = Where("e1", "etc/inetd.conf", line=3)


def rule(file: str, names: str, says: str = "", line: int = 1, root: str = "") -> LogInPolicy:
    said = says or ("lets in" if file == "allow" else "keeps out")
    return LogInPolicy(Where("e1", f"{root}etc/hosts.{file}", line=line), f"hosts.{file}", said, names)


def telnet(*facts: Fact, command: str = "/usr/sbin/tcpd /usr/sbin/in.telnetd", by: str = "inetd") -> WayIn:
    service = Service(INETD, "telnet", "in.telnetd", enabled=True, port=23)
    (way,) = ways_in(Facts([service, StartedProgram(INETD, "/usr/sbin/in.telnetd", command, by), *facts]))
    return way


def told(way: WayIn) -> list[str]:
    return [line for line in way.shown_by if "TCP wrappers" in line]


CLOSED = rule("deny", "ALL : ALL")


def test_what_tcpd_starts_is_kept_out_and_stays_a_finding() -> None:
    way = telnet(rule("allow", "in.telnetd sshd : 10.1.0.0/255.255.0.0"), CLOSED)
    assert told(way) == [
        "let in from 10.1.0.0/255.255.0.0 by TCP wrappers: etc/hosts.allow:1",
        "everybody else is kept out by TCP wrappers: etc/hosts.deny:1",
    ]
    assert (way.exempt, way.certainty) == ("", Certainty.ENABLED)
    assert way.claims() == telnet().claims() != ()


def test_the_first_rule_for_everybody_is_the_last_that_is_told() -> None:
    assert told(telnet(rule("allow", "in.t* : ALL"), CLOSED)) == ["let in by TCP wrappers: etc/hosts.allow:1"]


def test_where_nobody_is_let_in_before_everybody_is_kept_out() -> None:
    assert told(telnet(CLOSED)) == ["everybody is kept out by TCP wrappers: etc/hosts.deny:1"]


@pytest.mark.parametrize("other", [rule("deny", "sshd : ALL"), rule("deny", "ALL : ALL", root="recovery/")])
def test_rules_of_another_daemon_or_tree_are_not_told(other: LogInPolicy) -> None:
    assert told(telnet(other)) == []


def test_a_rule_with_exceptions_is_said_not_to_be_followed() -> None:
    odd = rule("deny", "ALL EXCEPT sshd : ALL", "not followed")
    assert told(telnet(odd, rule("deny", "ALL : ALL", line=2)))[0] == "TCP wrappers have a rule that was not followed: etc/hosts.deny:1"


def test_what_nothing_shows_to_ask_them_is_not_told() -> None:
    assert told(telnet(CLOSED, command="/usr/sbin/in.telnetd")) == []
    other = Linkage(Where("e1", "usr/sbin/in.telnetd"), needs=("libc.so.6",))
    assert told(telnet(CLOSED, other, command="/usr/sbin/in.telnetd")) == []


def test_xinetd_and_what_is_linked_with_libwrap_ask_them() -> None:
    assert told(telnet(CLOSED, command="/usr/sbin/in.telnetd", by="xinetd")) != []
    linked = Linkage(Where("e1", "usr/sbin/in.telnetd"), needs=("libwrap.so.0", "libc.so.6"))
    assert told(telnet(CLOSED, linked, command="/usr/sbin/in.telnetd")) != []


@pytest.mark.parametrize(("version", "asks"), [("6.6p1", True), ("5.3p1", True), ("6.7p1", False), ("10.0p2", False), ("", False)])
def test_openssh_asked_them_up_to_6_6(version: str, *, asks: bool) -> None:
    where = Where("e1", "etc/ssh/sshd_config", line=1)
    (way,) = ways_in(Facts([Service(where, "ssh", "sshd"), Component(Where("e1", "usr/sbin/sshd"), "openssh", version), CLOSED]))
    assert (told(way) != []) is asks


@pytest.mark.parametrize(("detail", "asks"), [("strangers may read files, asks TCP wrappers", True), ("strangers may read files", False)])
def test_vsftpd_asks_them_if_it_is_told_to(detail: str, *, asks: bool) -> None:
    (way,) = ways_in(Facts([Service(Where("e1", "etc/vsftpd.conf", line=1), "ftp", "vsftpd", detail=detail), CLOSED]))
    assert (told(way) != []) is asks
