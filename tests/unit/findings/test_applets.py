"""BusyBox is used where one of its applets is, and a flaw of one applet is reached where that one is."""

from __future__ import annotations

import pytest

from asepsis.findings.flaws.applets import applets_of
from asepsis.model.facts import Component, Fact, ProgramNames, Service, StartedProgram
from asepsis.model.software import VexStatus
from asepsis.model.vulnerability import Match, Reached
from asepsis.model.where import Where
from tests.unit.findings.test_flaw_matching import cpe, flaw, one, says

BUSYBOX = Component(Where("e1", "bin/busybox", offset=9), "BusyBox", "1.31.1", "busybox", cpe="cpe:2.3:a:busybox:busybox:1.31.1:*:*:*:*:*:*:*")
NAMES = ProgramNames(Where("e1", "bin/busybox"), ("bin/sh", "sbin/syslogd", "usr/sbin/telnetd", "usr/bin/awk"))
OF_AWK = "A use-after-free in Busybox 1.35-x's awk applet leads to denial of service."
OF_ALL = "BusyBox before 2.0 allows something."


def starts(command: str, program: str = "", *, enabled: bool | None = True) -> StartedProgram:
    return StartedProgram(Where("e1", "etc/inittab", line=3), program or command.split(maxsplit=1)[0], command, "inittab", enabled)


def found(*facts: Fact, summary: str = OF_ALL) -> Match:
    statement = says(cpe=cpe("busybox", "busybox"))
    return one([BUSYBOX, *facts], statement, flaws=(flaw(summary=summary),))


def test_a_link_that_is_started_is_a_start_of_busybox():
    match = found(NAMES, starts("/sbin/syslogd -n"))
    assert (match.status, match.reached) == (VexStatus.AFFECTED, Reached.STARTED)
    assert "syslogd is started by inittab; syslogd is another name of BusyBox" in match.for_


def test_an_applet_that_listens_makes_busybox_listen():
    telnet = Service(Where("e1", "etc/inittab", line=3), "telnet", "telnetd", enabled=True)
    assert found(NAMES, starts("/usr/sbin/telnetd -F"), telnet).reached is Reached.LISTENING


@pytest.mark.parametrize("program", ["klogd", "/bin/busybox"])
def test_an_applet_that_is_named_in_a_command_needs_no_link(program: str):
    assert found(starts("nohup /bin/busybox klogd -n", program)).reached is Reached.STARTED


def test_what_the_kernel_starts_is_busybox_where_init_is_a_link_to_it():
    assert found(ProgramNames(Where("e1", "bin/busybox"), ("sbin/init",))).reached is Reached.STARTED


@pytest.mark.parametrize(
    "facts",
    [
        (NAMES,),
        (starts("/sbin/syslogd -n"),),
        (NAMES, starts("/usr/sbin/pumpd")),
        (NAMES, starts("/sbin/syslogd -n", enabled=False)),
        (ProgramNames(Where("e1", "usr/sbin/pumpd"), ("sbin/syslogd",)), starts("/sbin/syslogd -n")),
    ],
)
def test_without_a_link_and_a_start_nothing_is_shown(facts: tuple[Fact, ...]):
    match = found(*facts)
    assert (match.status, match.reached) == (VexStatus.UNDER_INVESTIGATION, Reached.PRESENT)


def test_a_flaw_of_one_applet_is_not_reached_by_another():
    match = found(NAMES, starts("/sbin/syslogd -n"), summary=OF_AWK)
    assert (match.status, match.decided_by, match.reached) == (VexStatus.UNDER_INVESTIGATION, "nobody", Reached.PRESENT)
    assert match.against[-1] == "it is in the applet awk, and nothing shows that the device starts that"


def test_a_flaw_of_one_applet_is_reached_by_that_one():
    assert found(NAMES, starts("/usr/bin/awk -f /etc/watch.awk"), summary=OF_AWK).reached is Reached.STARTED
    assert found(starts("busybox awk -f /etc/watch.awk", "awk"), summary=OF_AWK).reached is Reached.STARTED


@pytest.mark.parametrize(
    ("summary", "applets"),
    [
        (OF_AWK, {"awk"}),
        ("The DHCP client (udhcpc) in BusyBox before 1.20.0 allows remote DHCP servers to execute commands.", {"udhcpc"}),
        ("Directory traversal vulnerability in the BusyBox implementation of tar before 1.22.0 v5.", {"tar"}),
        ("util-linux/mdev.c in BusyBox before 1.21.0 uses 0777 permissions.", {"mdev"}),
        ("The recv_and_process_client_pkt function in networking/ntpd.c in busybox allows remote attackers.", {"ntpd"}),
        ("In netstat in BusyBox through 1.37.0, local users can launch an application.", {"netstat"}),
        ('A missing check in the "busybox wget" applet.', {"wget"}),
        ("The add_match function in libbb/lineedit.c in BusyBox through 1.27.2.", set()),
        ("huft_build in archival/libarchive/decompress_gunzip.c in BusyBox misuses a pointer.", set()),
        ("An out of bounds read in udhcp components (consumed by the DHCP server, client, and relay).", {"udhcpc", "udhcpd", "dhcprelay"}),
        ("A flaw in the applet.", set()),
        (OF_ALL, set()),
    ],
)
def test_the_applet_of_a_flaw_is_read_out_of_its_description(summary: str, applets: set[str]):
    assert applets_of("busybox", summary) == applets
    assert applets_of("gawk", summary) == frozenset()


@pytest.mark.parametrize(
    ("product", "summary", "applets"),
    [
        ("busybox", "BusyBox project BusyBox wget version prior to commit 8e2174e contains a Buffer Overflow", {"wget"}),
        ("busybox", "allows remote attackers to execute arbitrary code if netstat is used to print a record", {"netstat"}),
        ("dropbear", "The dbclient in Dropbear SSH before 2016.74 allows remote attackers to execute code", {"dbclient"}),
        ("dropbear", "The dropbearconvert command in Dropbear SSH before 2016.74 allows attackers to execute code", {"dropbearconvert"}),
        ("dropbear", "Dropbear through 2020.81. Due to a check of the methods in the client-side SSH code, it is possible", {"dbclient"}),
        ("dropbear", "The dbclient and server in Dropbear SSH before 2016.74, when compiled with DEBUG_TRACE", set()),
        ("dropbear", "Format string vulnerability in Dropbear SSH before 2016.74", set()),
    ],
)
def test_a_flaw_of_one_program_is_known_by_what_its_description_says(product: str, summary: str, applets: set[str]):
    assert applets_of(product, summary) == applets


def test_a_flaw_of_the_client_is_not_reached_by_the_server():
    dropbear = Component(Where("e1", "usr/sbin/dropbear"), "Dropbear", "1.5", "dropbear", cpe="cpe:2.3:a:dropbear:ssh:1.5:*:*:*:*:*:*:*")
    server = Service(Where("e1", "etc/inittab", line=3), "ssh", "dropbear", enabled=True)
    statement = says(cpe=cpe("dropbear", "ssh"))
    client = one([dropbear, server], statement, flaws=(flaw(summary="The dbclient in Dropbear SSH before 2.0 allows something."),))
    assert (client.status, client.against) == (
        VexStatus.UNDER_INVESTIGATION,
        ("it is in the program dbclient, and nothing shows that the device starts that",),
    )
    assert one([dropbear, server], statement).status is VexStatus.AFFECTED
