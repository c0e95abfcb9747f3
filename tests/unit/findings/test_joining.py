"""Joining facts: several files about one service, secrets and their rules, device text in bounds."""

from __future__ import annotations

from itertools import product

import pytest

from asepsis.findings.log_ins import is_backup
from asepsis.findings.rule import Facts
from asepsis.findings.rules import RULES
from asepsis.findings.stored import SPOKEN_STORES, belongs_to, no_secret
from asepsis.findings.ways_in import ways_in
from asepsis.findings.words import LONGEST, listed, short
from asepsis.model.facts import Auth, Listener, Service, StartedProgram, StoredSecret, Zone
from asepsis.model.finding import Certainty
from asepsis.model.secret import Redacted, SecretForm, SecretKind
from asepsis.model.where import Where


def at(path, line=1):
    return Where("e1", path, line=line)


def test_settings_start_and_port_of_one_service_are_one_way_in():
    facts = Facts(
        [
            Service(at("etc/ssh/sshd_config"), "ssh", program="sshd", auth=Auth.KEY, port=22),
            StartedProgram(at("etc/init.d/S50sshd", 4), "/usr/sbin/sshd", "/usr/sbin/sshd", "init.d"),
            Listener(at("proc/net/tcp"), 22),
        ]
    )
    (way,) = ways_in(facts)
    assert (way.id, way.auth, way.enabled, way.certainty) == ("ssh", Auth.KEY, True, Certainty.REACHABLE)
    assert way.shown_by == ("started by init.d (etc/init.d/S50sshd:4)", "listens on port 22: proc/net/tcp:1")


def test_settings_of_a_program_that_is_not_the_one_started_do_not_count():
    facts = Facts(
        [
            Service(at("etc/ssh/sshd_config"), "ssh", program="sshd", auth=Auth.KEY),
            Service(at("etc/init.d/S50dropbear"), "ssh", program="dropbear", auth=Auth.PASSWORD, enabled=True),
        ]
    )
    assert [(way.id, way.auth, way.enabled) for way in ways_in(facts)] == [
        ("ssh-dropbear", Auth.PASSWORD, True),
        ("ssh-sshd", Auth.KEY, None),
    ]


def test_a_service_that_settings_switch_off_stays_off_although_its_script_is_called():
    facts = Facts(
        [
            Service(at("etc/config/dropbear"), "ssh", program="dropbear", auth=Auth.PASSWORD, enabled=False),
            StartedProgram(at("etc/init.d/dropbear"), "dropbear", "dropbear -F", "procd"),
        ]
    )
    (way,) = ways_in(facts)
    assert way.switched_off
    assert way.claims() == ()


def test_settings_that_say_off_outweigh_what_the_start_script_would_open():
    script = at("etc/init.d/dropbear", 71)
    start = StartedProgram(script, "/usr/sbin/dropbear", "/usr/sbin/dropbear -F", "procd")
    opened = Service(script, "ssh", program="dropbear", auth=Auth.PASSWORD, enabled=True)
    off = Service(at("etc/config/dropbear"), "ssh", program="dropbear", auth=Auth.PASSWORD, enabled=False)
    other = Service(at("etc/config/dropbear", 9), "ssh", program="dropbear", auth=Auth.PASSWORD)
    assert ways_in(Facts([start, opened, off]))[0].switched_off
    assert not ways_in(Facts([start, opened, off, other]))[0].switched_off


def test_a_start_belongs_to_what_its_own_line_opens():
    line, port = at("etc/inittab", 5), at("etc/inetd.conf", 3)
    facts = Facts(
        [
            Service(line, "serial-console", program="sh", auth=Auth.NONE, enabled=True, zone=Zone.TOUCH),
            StartedProgram(line, "/bin/sh", "-/bin/sh", "inittab"),
            Service(port, "bind-shell", program="sh", auth=Auth.NONE, enabled=True, port=5555),
            StartedProgram(port, "/bin/sh", "/bin/sh -i", "inetd"),
            Listener(port, 5555, program="/bin/sh"),
        ]
    )
    ways = {way.name: way for way in ways_in(facts)}
    assert [(name, way.locations, way.certainty) for name, way in sorted(ways.items())] == [
        ("bind-shell", (port,), Certainty.REACHABLE),
        ("serial-console", (line,), Certainty.ENABLED),
    ]


def test_one_name_in_two_zones_is_two_ways_in():
    facts = Facts([Service(at("a"), "maintenance", zone=Zone.TOUCH), Service(at("b"), "maintenance")])
    assert {(way.id, way.zone) for way in ways_in(facts)} == {
        ("maintenance-touch", Zone.TOUCH),
        ("maintenance-device_network", Zone.DEVICE_NETWORK),
    }


def test_one_start_of_two_on_loopback_does_not_hide_the_other():
    def unit(path, address):
        where = at(path)
        return [
            StartedProgram(where, "/usr/bin/x11vnc", "/usr/bin/x11vnc -nopw", "systemd"),
            Service(where, "vnc", program="x11vnc", auth=Auth.NONE, enabled=True, port=5900, address=address),
        ]

    (local,) = ways_in(Facts(unit("a.service", "127.0.0.1")))
    (both,) = ways_in(Facts([*unit("a.service", "127.0.0.1"), *unit("b.service", "")]))
    assert local.only_local
    assert not both.exempt


def test_settings_on_loopback_speak_for_the_start_too():
    where = at("etc/init.d/S50snmpd")
    facts = Facts(
        [
            StartedProgram(where, "/usr/sbin/snmpd", "/usr/sbin/snmpd", "init.d"),
            Service(where, "snmp", program="snmpd", enabled=True, port=161),
            Service(at("etc/snmp/snmpd.conf"), "snmp", program="snmpd", auth=Auth.PASSWORD, port=161, address="127.0.0.1"),
        ]
    )
    assert ways_in(facts)[0].only_local


def test_accounts_stay_out_only_if_all_settings_say_so():
    out = Service(at("etc/vsftpd.conf"), "ftp", program="vsftpd", auth=Auth.PASSWORD, detail="accounts of the device may not log in")
    let_in = Service(at("etc/vsftpd-service.conf"), "ftp", program="vsftpd", auth=Auth.PASSWORD)
    assert ways_in(Facts([out]))[0].keeps_accounts_out
    assert not ways_in(Facts([out, let_in]))[0].keeps_accounts_out


def test_a_listener_on_another_port_says_nothing_about_a_local_service():
    facts = Facts(
        [
            Service(at("orthanc.json"), "http", program="Orthanc", auth=Auth.NONE, enabled=True, port=8042, address="127.0.0.1"),
            Listener(at("orthanc.json"), 4242, program="Orthanc"),
        ]
    )
    (way,) = ways_in(facts)
    assert way.only_local
    assert way.exempt


def test_the_weakest_log_in_that_is_stated_counts():
    facts = Facts([Service(at("a"), "http", auth=Auth.KEY), Service(at("b"), "http", auth=Auth.NONE), Service(at("c"), "http")])
    (way,) = ways_in(facts)
    assert way.auth is Auth.NONE


def secret_of(kind, form, store="nvram", **changes):
    return StoredSecret(at("nvram.ini"), Redacted(kind, form, 8, "0" * 16, **changes), store, "user")


@pytest.mark.parametrize(("kind", "form", "store"), list(product(SecretKind, SecretForm, ("nvram", "vnc", "snmp", *sorted(SPOKEN_STORES)))))
def test_every_usable_secret_belongs_to_exactly_one_rule(kind, form, store):
    stored = secret_of(kind, form, store)
    owner = belongs_to(stored)
    assert bool(owner) != bool(no_secret(stored))
    assert owner in {"", *(rule.INFO.id for rule in RULES)}


def test_a_placeholder_belongs_to_no_rule():
    assert belongs_to(secret_of(SecretKind.WIFI, SecretForm.CLEARTEXT, placeholder="example text")) == ""


@pytest.mark.parametrize(
    ("path", "backup"),
    [
        ("etc/shadow", False),
        ("etc/passwd", False),
        ("etc/shadow-", True),
        ("etc/shadow.bak", True),
        ("update.zip!etc/shadow~", True),
        ("opt/first-boot/shadow", False),
    ],
)
def test_a_backup_of_a_password_file_is_told_by_its_name(path, backup):
    assert is_backup(at(path)) is backup


def test_long_device_text_is_bounded_and_two_long_names_stay_two():
    one, other = short("s" * 5000), short("s" * 4999 + "t")
    assert len(one) == len(other) == LONGEST
    assert one != other
    assert short("ward7") == "ward7"


def test_text_that_is_no_valid_unicode_is_bounded_too():
    assert len(short("\udcff" * 100)) == LONGEST


def test_a_list_names_three_and_counts_the_rest():
    assert listed(["a", "b", "c"]) == "a, b, c"
    assert listed(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"


@pytest.mark.parametrize(("account", "kept"), [("service", False), ("admin", False), ("pump", False), ("root", True), ("guest", True)])
def test_an_account_that_the_settings_do_not_name_is_kept_out(account: str, *, kept: bool):
    detail = "lets in only the accounts service adm* pump@10.0.0.5 guest, keeps out the accounts guest other@10.0.0.6"
    (way,) = ways_in(Facts([Service(Where("e1", "etc/ssh/sshd_config"), "ssh", program="sshd", detail=detail)]), "ssh")
    assert way.keeps_out(account) is kept


def test_a_start_says_as_whom_and_when():
    start = StartedProgram(
        Where("e1", "lib/systemd/system/t.service", line=2), "telnetd", "telnetd", "systemd", run_levels="multi-user.target", user="root"
    )
    (way,) = ways_in(Facts([start]), "telnet")
    assert way.shown_by == ("started by systemd as root in multi-user.target (lib/systemd/system/t.service:2)",)


def test_settings_that_name_no_address_are_open_whatever_a_copy_of_them_says():
    facts = Facts(
        [
            Service(Where("e1", "etc/ssh/sshd_config", line=1), "ssh", program="sshd", enabled=True),
            Service(Where("e1", "etc/ssh/sshd_config.old", line=1), "ssh", program="sshd", address="127.0.0.1"),
        ]
    )
    (way,) = ways_in(facts)
    assert not way.only_local
    assert way.exempt == ""
