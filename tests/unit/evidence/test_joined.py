"""Facts of one file that another completes: scripts that are called, services that a socket starts."""

from __future__ import annotations

import pytest

from asepsis.evidence.joined import join
from asepsis.model.facts import Fact, Listener, Service, StartedProgram
from asepsis.model.where import Where

SOCKET = "lib/systemd/system/telnet.socket"


def at(path: str, line: int = 1) -> Where:
    return Where("e1", path, line=line)


def unit(path: str) -> list[Fact]:
    """What the reader says of a service without a link of its own."""
    return [
        StartedProgram(at(path), "/usr/sbin/in.telnetd", "/usr/sbin/in.telnetd", "systemd", enabled=False),
        Service(at(path), "telnet", program="in.telnetd", enabled=False, port=23),
    ]


@pytest.mark.parametrize(
    "path", ["lib/systemd/system/telnet@.service", "etc/systemd/system/telnet.service", "usr/lib/systemd/system/telnet@.service"]
)
def test_an_enabled_socket_switches_its_service_on_at_its_own_port(path: str):
    start, service = join([*unit(path), Listener(at(SOCKET), 2323, address="10.0.0.1")])[:2]
    assert isinstance(start, StartedProgram)
    assert isinstance(service, Service)
    assert (start.enabled, service.enabled, service.port, service.address) == (True, True, 2323, "10.0.0.1")


@pytest.mark.parametrize(
    ("service", "socket"),
    [
        ("lib/systemd/system/other@.service", SOCKET),
        ("a.img!lib/systemd/system/telnet@.service", f"b.img!{SOCKET}"),
        ("opt/telnet@.service", SOCKET),
        ("lib/systemd/system/telnet@.service", "etc/inetd.conf"),
        ("etc/inetd.conf", "etc/xinetd.d/vnc"),
    ],
)
def test_a_socket_of_another_name_or_tree_does_not(service: str, socket: str):
    facts = [*unit(service), Listener(at(socket), 23)]
    assert join(facts) == facts
