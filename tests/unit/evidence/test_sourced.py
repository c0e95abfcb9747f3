"""Ports and options in a file that a start script takes in: worked out by hand, as the shell would."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from asepsis.evidence.joined import join
from asepsis.evidence.readers.config.init_d import InitScriptReader
from asepsis.evidence.readers.config.start_settings import StartSettingsReader
from asepsis.evidence.readers.config.systemd import SystemdReader
from asepsis.findings.rule import Facts
from asepsis.findings.ways_in import WayIn, ways_in
from asepsis.model.facts import Auth, Fact, Service, SourcedSettings, UnsettledStart
from tests.unit.evidence.reading import read_file

TAKES_IN = "[ -r /etc/default/telnetd ] && . /etc/default/telnetd\n"
LINK = ("etc/systemd/system/multi-user.target.wants/telnet.service",)


def script(text: str, path: str = "etc/init.d/S50telnetd") -> list[Fact]:
    return read_file(InitScriptReader(), f"#!/bin/sh\n{text}".encode(), path)


def settings(text: str, path: str = "etc/default/telnetd") -> list[Fact]:
    return read_file(StartSettingsReader(), text.encode(), path)


def unit(text: str) -> list[Fact]:
    return read_file(SystemdReader(), f"[Service]\n{text}".encode(), "usr/lib/systemd/system/telnet.service", LINK)


def way(*facts: Sequence[Fact]) -> WayIn:
    known = join([fact for part in facts for fact in part])
    assert not [fact for fact in known if isinstance(fact, (SourcedSettings, UnsettledStart))]
    (found,) = ways_in(Facts(known), "telnet")
    return found


def port(*facts: Sequence[Fact]) -> tuple[int | None, ...]:
    return tuple(part.port for part in way(*facts).parts)


@pytest.mark.parametrize(
    "text",
    [
        f"{TAKES_IN}telnetd -p $TELNETD_PORT\n",
        ". /etc/default/telnetd\ntelnetd -p ${TELNETD_PORT:-23}\n",
        f"TELNETD_PORT=23\n{TAKES_IN}telnetd -p $TELNETD_PORT\n",
        "if [ -f /etc/default/telnetd ]; then\n  . /etc/default/telnetd\nfi\nPORT=${TELNETD_PORT:-23}\ntelnetd -p $PORT\n",
        "D=/etc/default/telnetd\ntest -r $D && source $D\nstart-stop-daemon -S -x /usr/sbin/telnetd -- -p ${TELNETD_PORT}\n",
    ],
)
def test_a_port_in_a_file_that_the_script_takes_in_is_known(text: str) -> None:
    assert port(script(text), settings("TELNETD_PORT=2323\n")) == (2323,)


def test_what_the_script_sets_afterwards_counts() -> None:
    assert port(script(f"{TAKES_IN}TELNETD_PORT=24\ntelnetd -p $TELNETD_PORT\n"), settings("TELNETD_PORT=2323\n")) == (24,)


def test_options_in_such_a_file_decide_who_is_let_in_and_the_file_is_named() -> None:
    found = way(script(f"{TAKES_IN}telnetd $OPTIONS\n"), settings('OPTIONS="-l /bin/sh -b 127.0.0.1"\n'))
    assert (found.auth, found.only_local, found.enabled) == (Auth.NONE, True, True)
    assert found.details == ("telnet gives a shell without a log-in (sh), with what etc/default/telnetd sets",)


@pytest.mark.parametrize("path", ["etc/default/other", "recovery/etc/default/telnetd"])
def test_a_file_that_the_script_does_not_take_in_says_nothing(path: str) -> None:
    assert port(script(f"{TAKES_IN}telnetd -p $TELNETD_PORT\n"), settings("TELNETD_PORT=2323\n", path)) == (None,)
    assert port(script("telnetd -p $TELNETD_PORT\n"), settings("TELNETD_PORT=2323\n")) == (None,)


def test_without_the_file_the_script_is_read_as_before() -> None:
    assert port(script(f"TELNETD_PORT=24\n{TAKES_IN}telnetd -p $TELNETD_PORT\n")) == (24,)


def test_the_files_of_a_unit_count_and_outweigh_its_own_variables() -> None:
    command = "ExecStart=/usr/sbin/telnetd -F -p $TELNETD_PORT\n"
    assert port(unit(f"EnvironmentFile=-/etc/default/telnetd\n{command}"), settings("TELNETD_PORT=2323\n")) == (2323,)
    assert port(unit(f"{command}EnvironmentFile=/etc/default/telnetd\nEnvironment=TELNETD_PORT=24 X=1\n"), settings("TELNETD_PORT=2323\n")) == (2323,)
    assert port(unit(f'Environment="TELNETD_PORT=24"\n{command}')) == (24,)
    assert way(unit(f"EnvironmentFile=-/etc/default/telnetd\n{command}"), settings("TELNETD_PORT=2323\n")).enabled


def test_openrc_reads_the_file_of_the_scripts_name_first() -> None:
    text = b'#!/sbin/openrc-run\ncommand=/usr/sbin/telnetd\ncommand_args="-p ${TELNETD_PORT:-23}"\n'
    start = read_file(InitScriptReader(), text, "etc/init.d/telnetd", ("etc/runlevels/default/telnetd",))
    assert port(start, settings("TELNETD_PORT=2323\n", "etc/conf.d/telnetd")) == (2323,)


def test_another_service_of_the_same_line_stays() -> None:
    text = f"{TAKES_IN}telnetd -p $TELNETD_PORT; /usr/sbin/vsftpd\n"
    known = join([*script(text), *settings("TELNETD_PORT=2323\n")])
    assert sorted(fact.name for fact in known if isinstance(fact, Service)) == ["ftp", "telnet"]
