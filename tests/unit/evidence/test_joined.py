"""Facts of one file that another completes: scripts that are called, services that a socket starts."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from asepsis.evidence.joined import STAND_ALONE, join
from asepsis.evidence.look import Look
from asepsis.evidence.reader import Reader
from asepsis.evidence.readers import FILE_READERS
from asepsis.evidence.readers.config.systemd import SystemdReader
from asepsis.model.facts import (
    Auth,
    Fact,
    FirewallRule,
    KeyReference,
    Listener,
    PasswordHash,
    Service,
    StartedProgram,
    StoredSecret,
    UpdateMechanism,
    Zone,
)
from asepsis.model.where import Where
from tests.unit.evidence.reading import read_file, source_of

CASES = Path(__file__).parents[2] / "cases" / "evidence" / "readers"

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


def switched(facts: list[Fact]) -> list[tuple[str, bool | None]]:
    return [(fact.where.path, fact.enabled) for fact in facts if isinstance(fact, (StartedProgram, Service))]


UNIT = "lib/systemd/system/telnet.service"


def on(path: str) -> list[Fact]:
    """A unit that a link pulls in."""
    return [StartedProgram(at(path), "/usr/sbin/telnetd", "telnetd", "systemd"), Service(at(path), "telnet", program="telnetd", enabled=True)]


def test_a_link_to_nothing_masks_a_unit_whatever_calls_it():
    caller = StartedProgram(at("etc/rc.local"), "systemctl", "systemctl start telnet", "rc.local")
    found = join([*on(UNIT), caller], [at("etc/systemd/system/telnet.service")])
    assert switched(found)[:2] == [(UNIT, False), (UNIT, False)]


@pytest.mark.parametrize("mask", ["etc/systemd/system/other.service", "rootfs/etc/systemd/system/telnet.service", "etc/telnet.service"])
def test_a_mask_of_another_unit_or_tree_does_not(mask: str):
    assert switched(join(on(UNIT), [at(mask)])) == [(UNIT, True), (UNIT, True)]


def test_a_mask_in_lib_does_not_reach_a_unit_in_etc():
    own = "etc/systemd/system/telnet.service"
    assert switched(join(on(own), [at(UNIT)])) == [(own, True), (own, True)]


def test_a_mask_of_one_instance_leaves_the_others_on():
    template = "lib/systemd/system/serial-getty@.service"
    facts = [Service(at(template), "serial-console", enabled=True, detail=f"log-in on {tty}") for tty in ("ttyS0", "ttyS1")]
    found = join(facts, [at("etc/systemd/system/serial-getty@ttyS0.service")])
    assert [fact.enabled for fact in found if isinstance(fact, Service)] == [False, True]


def test_a_masked_socket_opens_no_port():
    facts: list[Fact] = [*unit("lib/systemd/system/telnet@.service"), Listener(at(SOCKET), 23)]
    found = join(facts, [at("etc/systemd/system/telnet.socket")])
    assert [fact for fact in found if isinstance(fact, Listener)] == []
    assert [enabled for _, enabled in switched(found)] == [False, False]


def test_a_unit_in_etc_hides_the_one_in_lib():
    own = "etc/systemd/system/telnet.service"
    facts: list[Fact] = [*on(UNIT), StartedProgram(at(own), "/bin/true", "true", "systemd", enabled=False)]
    assert switched(join(facts)) == [(UNIT, False), (own, True)]


def test_a_drop_in_takes_the_place_of_the_command():
    drop_in = "etc/systemd/system/telnet.service.d/shell.conf"
    more = Service(at(drop_in), "telnet", program="telnetd", enabled=False, detail="a shell")
    facts = [*on(UNIT), StartedProgram(at(drop_in), "telnetd", "telnetd -l /bin/sh", "systemd", enabled=False), more]
    assert switched(join(facts)) == [(UNIT, False), (drop_in, True), (drop_in, True)]


@pytest.mark.parametrize("root", ["etc", "lib"])
def test_a_drop_in_without_a_command_of_its_own_leaves_the_unit_as_it_is(root: str):
    drop_in = f"{root}/systemd/system/telnet.service.d/10.conf"
    more: list[Fact] = [
        StartedProgram(at(drop_in), "/usr/bin/prep", "prep", "systemd", enabled=None),
        Service(at(drop_in), "ftp", program="ftpd", enabled=None),
    ]
    assert switched(join([*on(UNIT), *more])) == [(UNIT, True), (UNIT, True), (drop_in, True), (drop_in, True)]
    off: list[Fact] = [StartedProgram(at(UNIT), "/usr/sbin/telnetd", "telnetd", "systemd", enabled=False), *more]
    assert switched(join(off)) == [(UNIT, False), (drop_in, False), (drop_in, False)]
    assert switched(join([*off, Listener(at(SOCKET), 2323)])) == [(UNIT, True), (drop_in, True), (drop_in, True)]


@pytest.mark.parametrize(
    ("text", "enabled"),
    [
        ("ExecStartPre=/usr/bin/prep", None),
        ("ExecStartPost=/usr/bin/prep\n[Unit]\nWants=x.service", None),
        ("ExecStart=\nExecStart=/usr/bin/prep", False),
        ("ExecStart=\nExecStartPre=/usr/bin/prep", False),
    ],
)
def test_the_reader_leaves_open_what_a_drop_in_only_adds(text: str, enabled: bool | None):
    found = read_file(SystemdReader(), f"[Service]\n{text}\n".encode(), "etc/systemd/system/telnet.service.d/10.conf")
    assert found
    assert {fact.enabled for fact in found if isinstance(fact, StartedProgram)} == {enabled}


def test_a_drop_in_that_only_adds_does_not_undo_one_that_replaces():
    folder = "etc/systemd/system/telnet.service.d"
    replaces = StartedProgram(at(f"{folder}/10.conf"), "/bin/x", "x", "systemd", enabled=False)
    adds = StartedProgram(at(f"{folder}/20.conf"), "/usr/bin/prep", "prep", "systemd", enabled=None)
    assert switched(join([*on(UNIT), replaces, adds])) == [(UNIT, False), (f"{folder}/10.conf", True), (f"{folder}/20.conf", True)]


def test_a_drop_in_without_its_unit_may_be_on():
    drop_in = "etc/systemd/system/serial-getty@ttyS0.service.d/x.conf"
    facts: list[Fact] = [StartedProgram(at(drop_in), "agetty", "agetty", "systemd", enabled=False)]
    assert switched(join(facts)) == [(drop_in, None)]


@pytest.mark.parametrize(
    ("command", "called"),
    [
        ("systemctl start telnet.service", True),
        ("systemctl enable --now telnet", True),
        ("systemctl stop telnet", False),
        ("systemctl start other", False),
        ("service telnet start", True),
    ],
)
def test_what_an_enabled_start_calls_by_name_is_on(command: str, *, called: bool):
    facts = [StartedProgram(at("etc/rc.local"), command.split(maxsplit=1)[0], command, "rc.local"), *unit(UNIT)]
    assert switched(join(facts))[1:] == [(UNIT, called), (UNIT, called)]


def test_a_script_of_a_script_of_cron_is_on_and_one_that_nothing_calls_is_not():
    def script(path: str, command: str) -> StartedProgram:
        return StartedProgram(at(path), command, command, "script", enabled=False)

    facts: list[Fact] = [
        StartedProgram(at("img!etc/crontab", 3), "/opt/a.sh", "/opt/a.sh", "cron", user="root"),
        script("img!opt/a.sh", "/opt/b.sh"),
        script("img!opt/b.sh", "telnetd"),
        Service(at("img!opt/b.sh"), "telnet", program="telnetd", enabled=False),
        script("img!opt/c.sh", "telnetd"),
        Service(at("img!opt/c.sh"), "telnet", program="telnetd", enabled=False),
        UpdateMechanism(at("img!opt/a.sh"), "script-a", Zone.DEVICE_NETWORK),
        script("other!opt/a.sh", "telnetd"),
    ]
    found = join(facts)
    assert [enabled for _, enabled in switched(found)] == [True, True, True, True, False, False, False]
    assert [fact.started_by for fact in found if isinstance(fact, UpdateMechanism)] == ["cron as root (img!etc/crontab:3)"]


def test_the_defaults_of_xinetd_switch_another_file_off():
    off = Service(at("etc/xinetd.conf"), "telnet", program="xinetd", enabled=False, detail="disabled in the defaults of xinetd")
    facts: list[Fact] = [Service(at("etc/xinetd.d/telnet"), "telnet", enabled=True), Service(at("etc/xinetd.d/ftp"), "ftp", enabled=True), off]
    assert [enabled for _, enabled in switched(join(facts))] == [False, True, False]


def sshd(path: str, auth: Auth, detail: str = "", *, root: bool | None = None, port: int | None = None) -> Service:
    return Service(at(path), "ssh", program="sshd", auth=auth, detail=detail, root_log_in=root, port=port)


def test_the_first_value_of_the_included_files_counts():
    main = sshd("etc/ssh/sshd_config", Auth.PASSWORD, "sshd_config.d comes first", root=True, port=22)
    found = join([main, sshd("etc/ssh/sshd_config.d/1.conf", Auth.KEY), sshd("etc/ssh/sshd_config.d/2.conf", Auth.PASSWORD, port=2222)])
    assert {(fact.auth, fact.port, fact.root_log_in) for fact in found if isinstance(fact, Service)} == {(Auth.KEY, 2222, False)}
    assert len(found) == 3


def test_lists_of_accounts_in_several_files_add_up():
    main = sshd(
        "etc/ssh/sshd_config", Auth.PASSWORD, "sshd_config.d comes first, asks PAM, lets in only the accounts nurse root, keeps out the accounts x"
    )
    added = sshd("etc/ssh/sshd_config.d/1.conf", Auth.UNKNOWN, "asks PAM, lets in only the accounts service root")
    assert {fact.detail for fact in join([main, added]) if isinstance(fact, Service)} == {
        "asks PAM, lets in only the accounts service root nurse, sshd_config.d comes first, keeps out the accounts x"
    }


def test_a_list_that_grows_too_long_keeps_nobody_out():
    main = sshd("etc/ssh/sshd_config", Auth.PASSWORD, f"sshd_config.d comes first, lets in only the accounts {'a' * 9000}")
    added = sshd("etc/ssh/sshd_config.d/1.conf", Auth.UNKNOWN, f"lets in only the accounts {'b' * 9000}")
    assert {fact.detail for fact in join([main, added]) if isinstance(fact, Service)} == {
        "its list of accounts is too long to follow, sshd_config.d comes first"
    }


INCLUDES = "sshd_config.d comes first"
MAIN, ADDED = "etc/ssh/sshd_config", "etc/ssh/sshd_config.d/1.conf"


def one_server(main: Service, *added: Service) -> Service:
    return next(fact for fact in join([main, *added]) if isinstance(fact, Service))


def test_what_a_match_block_allows_holds_whatever_an_included_file_says():
    some = "passwords only for: Address 10.0.0.0/8, root may log in with a password for: Address 10.0.0.0/8"
    main = sshd(MAIN, Auth.PASSWORD, f"{INCLUDES}, {some}", root=True)
    found = one_server(main, sshd(ADDED, Auth.KEY, "root may not log in at all", root=False))
    assert (found.auth, found.root_log_in, found.detail) == (Auth.PASSWORD, True, f"{INCLUDES}, {some}")


def test_a_list_of_a_match_block_in_another_file_lifts_the_lists():
    main = sshd(MAIN, Auth.PASSWORD, f"{INCLUDES}, has lists of its own for: User x")
    found = one_server(main, sshd(ADDED, Auth.UNKNOWN, "lets in only the accounts nurse, keeps out the accounts x"))
    assert found.detail == f"{INCLUDES}, has lists of its own for: User x"


def test_the_main_file_does_not_keep_root_out_of_a_server_that_an_included_one_opens_to_root():
    main = sshd(MAIN, Auth.PASSWORD, f"{INCLUDES}, root may not log in at all", root=False)
    found = one_server(main, sshd(ADDED, Auth.UNKNOWN, "root may log in with a password", root=True))
    assert (found.root_log_in, found.detail) == (True, f"root may log in with a password, {INCLUDES}")


@pytest.mark.parametrize(("note", "auth"), [("asks PAM", Auth.PASSWORD), ("asks PAM, PAM asks no questions", Auth.KEY)])
def test_pam_asks_for_passwords_unless_a_file_says_that_it_does_not(note: str, auth: Auth):
    assert one_server(sshd(MAIN, Auth.PASSWORD, f"{INCLUDES}, {note}"), sshd(ADDED, Auth.KEY)).auth is auth


def test_ports_and_addresses_of_included_files_add_up():
    main = [replace(sshd(MAIN, Auth.PASSWORD, INCLUDES, port=22), address=address) for address in ("127.0.0.1", "10.0.0.1")]
    found = join([*main, sshd(ADDED, Auth.UNKNOWN, port=2222), sshd("etc/ssh/sshd_config.d/2.conf", Auth.UNKNOWN, port=2200)])
    ends = {(fact.port, fact.address) for fact in found if isinstance(fact, Service) and fact.where.path == MAIN}
    assert ends == {(2222, "127.0.0.1"), (2222, "10.0.0.1"), (2200, "127.0.0.1"), (2200, "10.0.0.1")}


def test_files_that_the_main_one_does_not_include_say_nothing():
    main = sshd("etc/ssh/sshd_config", Auth.KEY, port=22)
    assert join([main, sshd("etc/ssh/sshd_config.d/1.conf", Auth.PASSWORD)]) == [main]


def firewall(path: str, by: str, *, enabled: bool | None = None) -> FirewallRule:
    return FirewallRule(at(path), "default-drop", by, enabled=enabled)


def started(path: str, command: str, *, enabled: bool = True) -> StartedProgram:
    return StartedProgram(at(path), command.split(maxsplit=1)[0], command, "init.d", enabled=enabled)


@pytest.mark.parametrize(
    ("rule", "start", "loaded"),
    [
        (firewall("opt/fw.sh", "iptables"), started("etc/rc.local", "/opt/fw.sh"), True),
        (firewall("opt/fw.sh", "iptables"), started("etc/rc.local", "/opt/other.sh"), None),
        (firewall("etc/nftables.conf", "nftables"), started(UNIT, "/usr/sbin/nft -f /etc/nftables.conf"), True),
        (firewall("etc/config/firewall", "uci"), started("etc/init.d/firewall", "fw3 start"), True),
        (firewall("etc/config/firewall", "uci-ip"), started("etc/init.d/firewall", "fw4 start", enabled=False), False),
        (firewall("etc/ufw/user.rules", "ufw-ip"), started("etc/ufw/ufw.conf", "ufw enable"), True),
        (firewall("etc/iptables/rules.v4", "iptables"), started(UNIT, "/usr/sbin/netfilter-persistent start"), True),
        (firewall("opt/rules.v4", "iptables"), started(UNIT, "/usr/sbin/netfilter-persistent start"), None),
        (firewall("etc/fw.sh", "iptables", enabled=True), started("etc/rc.local", "/bin/x"), True),
        (firewall("img!etc/config/firewall", "uci"), started("etc/init.d/firewall", "fw3 start"), None),
    ],
)
def test_a_firewall_counts_only_if_something_loads_it(rule: FirewallRule, start: StartedProgram, *, loaded: bool | None):
    assert [fact.enabled for fact in join([rule, start]) if isinstance(fact, FirewallRule)] == [loaded]


def test_the_kinds_that_stand_alone_complete_no_other():
    everything = [fact for reader in FILE_READERS for fact in of_cases(reader)]
    kept = [fact for fact in everything if type(fact) not in STAND_ALONE]
    assert {type(fact) for fact in everything} >= {StoredSecret, PasswordHash, KeyReference, StartedProgram, Service, FirewallRule}
    assert [fact for fact in join(everything) if type(fact) not in STAND_ALONE] == join(kept)


def of_cases(reader: Reader) -> list[Fact]:
    files = [tomllib.loads(path.read_text("utf-8")) for path in CASES.glob(f"*/{reader.info.name}/*/case.toml")]
    looks = [Look(source_of(file["text"].encode(), file["path"]), 10_000) for file in files]
    for look in looks:
        look.with_readers([reader])
    return [fact for look in looks for fact in look.facts]
