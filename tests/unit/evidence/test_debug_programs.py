"""Debuggers that were left in, by their names; debug ports of Java and Node.js; services linked into VxWorks."""

from __future__ import annotations

import pytest

from asepsis.evidence.protocols.commands import way_in
from asepsis.evidence.readers.programs.debug_programs import NAMES, DebugProgramsReader
from asepsis.evidence.readers.programs.debug_settings import DebugSettingsReader
from asepsis.evidence.readers.programs.vxworks_services import VxworksServicesReader
from asepsis.model.facts import Auth, Confidence, Service
from asepsis.model.where import Where
from tests.unit.evidence.made_programs import elf, pe
from tests.unit.evidence.reading import read_file, search


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_debugger_that_lies_there_is_a_weak_witness(name: str):
    (fact,) = read_file(DebugProgramsReader(), pe() if name.endswith(".exe") else elf(), f"usr/bin/{name}")
    assert isinstance(fact, Service)
    assert (fact.name, fact.program, fact.enabled, fact.confidence) == ("debug-agent", name, None, Confidence.WEAK)


@pytest.mark.parametrize(
    ("data", "path"), [(b"#!/bin/sh\n", "usr/bin/gdbserver"), (elf(), "usr/bin/gdb"), (elf(kind=1), "gdbserver"), (b"", "gdbserver")]
)
def test_a_script_another_program_and_an_object_file_are_none(data: bytes, path: str):
    assert read_file(DebugProgramsReader(), data, path) == []


@pytest.mark.parametrize(
    ("command", "port", "address"),
    [
        ("java -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:8000 -jar a.jar", 8000, ""),
        ("java -Xdebug -Xrunjdwp:transport=dt_socket,address=5005,server=y,suspend=n Main", 5005, ""),
        ("/usr/bin/java -agentlib:jdwp=transport=dt_socket,server=y,address=localhost:8000 Main", 8000, "localhost"),
        ("node --inspect=0.0.0.0:9229 server.js", 9229, "0.0.0.0"),
        ("node --inspect server.js", 9229, "127.0.0.1"),
        ("nodejs --inspect-brk=9230 server.js", 9230, "127.0.0.1"),
        ("python3.11 -m debugpy --listen 0.0.0.0:5678 app.py", 5678, "0.0.0.0"),
        ("python3 -m debugpy --listen 5678 app.py", 5678, "127.0.0.1"),
        ("python -m ptvsd --host 0.0.0.0 --port 3000 app.py", 3000, "0.0.0.0"),
        ("lldb-server platform --listen *:1234 --server", 1234, ""),
        ("dlv --headless --listen=:2345 exec ./pumpd", 2345, ""),
    ],
)
def test_a_command_that_opens_a_debug_port_is_a_way_in(command: str, port: int, address: str):
    way = way_in(command.split())
    assert way is not None
    assert (way.name, way.port, way.address, way.auth) == ("debug-agent", port, address, Auth.NONE)


@pytest.mark.parametrize(
    "command",
    [
        "java -jar a.jar",
        "java -agentlib:jdwp=transport=dt_socket,server=n,address=10.0.0.5:8000 Main",
        "java -agentlib:jdwp=help",
        "node server.js --inspector-name=x",
        "python3 -m http.server 8000",
        "python3 app.py",
        "dlv debug --listen=:2345",
        "lldb-server version",
    ],
)
def test_a_command_that_opens_none_is_none(command: str):
    assert way_in(command.split()) is None


JDWP = b"-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:8000"


def test_a_setting_that_switches_the_debug_port_on_is_found_at_its_line():
    (fact,) = search(DebugSettingsReader(), b'# settings\nJAVA_OPTS="-Xmx1g ' + JDWP + b'"\n', "etc/default/gateway")
    assert fact == Service(
        Where("e1", "etc/default/gateway", line=2),
        "debug-agent",
        "java",
        Auth.NONE,
        port=8000,
        detail="Java's debug port",
        confidence=Confidence.LIKELY,
    )


def test_node_options_are_read():
    (fact,) = search(DebugSettingsReader(), b'export NODE_OPTIONS="--max-old-space-size=64 --inspect=0.0.0.0:9229"\n', "opt/ui/env")
    assert (fact.program, fact.port, fact.address) == ("node", 9229, "0.0.0.0")


def test_a_line_inside_a_condition_is_weak_evidence():
    (fact,) = search(DebugSettingsReader(), b'if [ -n "$DEBUG" ]; then\n  OPTS=' + JDWP + b"\nfi\n", "opt/run.sh")
    assert fact.confidence is Confidence.WEAK


@pytest.mark.parametrize(
    "text",
    [
        b"#JAVA_OPTS=" + JDWP + b"\n",
        b"rem set JAVA_OPTS=" + JDWP + b"\r\n",
        b"OPTS=-agentlib:jdwp=transport=$JPDA_TRANSPORT,address=$JPDA_ADDRESS,server=y\n",
        b"OPTS=-agentlib:jdwp=transport=dt_socket,server=y,address=$PORT\n",
        b"\x7fELF\0\0" + JDWP + b"\0",
    ],
)
def test_comments_variables_and_programs_switch_nothing_on(text: bytes):
    assert search(DebugSettingsReader(), text, "opt/run.sh") == []


VXWORKS = b"\0VxWorks 6.9\0Copyright Wind River Systems, Inc., 1984-2013\0"


def services(data: bytes, path: str = "vxWorks.bin") -> list[tuple[str, int, str]]:
    return [(fact.name, fact.port, fact.auth) for fact in search(VxworksServicesReader(), data, path)]


def test_the_debug_agent_is_told_by_its_task():
    (fact,) = search(VxworksServicesReader(), VXWORKS + b"\0tWdbTask\0", "vxWorks.bin")
    assert (fact.name, fact.port, fact.auth, fact.enabled, fact.where.offset) == ("debug-agent", 17185, Auth.NONE, None, len(VXWORKS) + 1)


def test_the_debug_agent_is_told_by_two_of_its_functions_but_not_by_one():
    assert services(VXWORKS + b"\0_wdbConfig\0x\0wdbUdpSockIfInit\0") == [("debug-agent", 17185, "none")]
    assert services(VXWORKS + b"\0_wdbConfig\0x\0_wdbConfig\0") == []


def test_telnet_asks_for_a_password_only_if_the_log_in_library_is_in():
    assert services(VXWORKS + b"\0tTelnetd\0tFtpdTask\0") == [("telnet", 23, "unknown"), ("ftp", 21, "unknown")]
    assert services(VXWORKS + b"\0tTelnetd\0tRlogind\0\nVxWorks login: \0") == [("telnet", 23, "password"), ("rlogin", 513, "password")]


@pytest.mark.parametrize("data", [b"\0tWdbTask\0tTelnetd\0", b"MZ" + VXWORKS + b"\0tWdbTask\0", VXWORKS + b"about tWdbTask in words"])
def test_other_systems_host_tools_and_prose_are_none(data: bytes):
    assert services(data) == []


def test_documentation_is_none():
    assert services(VXWORKS + b"\0tWdbTask\0", "usr/share/doc/wdb.bin") == []
