"""What PAM, securetty and the list of groups make of the services of their tree: worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence

from asepsis.evidence.joined import join
from asepsis.evidence.protocols.log_in_rules import with_log_in_rules
from asepsis.evidence.readers.config.nologin import NologinReader
from asepsis.evidence.readers.config.pam import PamReader
from asepsis.evidence.readers.config.securetty import SecurettyReader
from asepsis.findings.log_ins import refuses
from asepsis.findings.rule import Facts
from asepsis.findings.ways_in import ways_in
from asepsis.model.facts import Account, Auth, Fact, Group, LogInPolicy, Service
from asepsis.model.where import Where
from tests.unit.evidence.reading import read_file

TELNET = Service(Where("e1", "etc/inetd.conf", None, 3), "telnet", "telnetd", Auth.PASSWORD)
SERIAL = Service(Where("e1", "etc/inittab", None, 3), "serial-console", "getty", Auth.PASSWORD)
SSH = Service(Where("e1", "etc/ssh/sshd_config", None, 1), "ssh", "sshd", Auth.PASSWORD, detail="asks PAM")
BOUND = "auth required pam_securetty.so\nauth required pam_unix.so\n"
CONSOLES = "console\nttyS0\n"


def pam(service: str, text: str, root: str = "") -> list[Fact]:
    return read_file(PamReader(), text.encode(), f"{root}etc/pam.d/{service}")


def terminals(text: str) -> list[Fact]:
    return read_file(SecurettyReader(), text.encode(), "etc/securetty")


def one(*facts: Fact | Sequence[Fact]) -> Service:
    flat = [fact for part in facts for fact in ([part] if isinstance(part, Fact) else part)]
    (service,) = (fact for fact in with_log_in_rules(flat) if isinstance(fact, Service))
    return service


def test_root_is_kept_out_over_the_network_where_pam_binds_root_to_consoles() -> None:
    assert one(TELNET, pam("login", BOUND), terminals(CONSOLES)).root_log_in is False


def test_root_is_let_in_over_the_network_where_a_pseudo_terminal_is_listed() -> None:
    assert one(TELNET, pam("login", BOUND), terminals(f"{CONSOLES}pts/0\n")).root_log_in is None


def test_root_is_let_in_where_there_is_no_list_of_terminals_or_nothing_heeds_it() -> None:
    assert one(TELNET, pam("login", BOUND)).root_log_in is None
    assert one(TELNET, terminals(CONSOLES)).root_log_in is None
    assert one(TELNET, pam("login", "auth required pam_unix.so\n"), terminals(CONSOLES)).root_log_in is None


def test_each_name_by_which_login_asks_pam_must_bind_root() -> None:
    assert one(TELNET, pam("login", BOUND), pam("remote", "auth required pam_unix.so\n"), terminals(CONSOLES)).root_log_in is None


def test_the_serial_console_keeps_root_out_only_where_no_terminal_is_listed() -> None:
    assert one(SERIAL, pam("login", BOUND), terminals(CONSOLES)).root_log_in is None
    assert one(SERIAL, pam("login", BOUND), terminals("")).root_log_in is False


def test_ssh_asks_nothing_where_pam_asks_nothing() -> None:
    found = one(SSH, pam("sshd", "auth sufficient pam_permit.so\nauth required pam_unix.so\n"))
    assert (found.auth, found.detail) == (Auth.NONE, "asks PAM, PAM lets everybody in (etc/pam.d/sshd:1)")


def test_a_list_that_only_permits_asks_nothing_also_by_way_of_another_file() -> None:
    assert one(TELNET, pam("login", "auth include open\n"), pam("open", "auth required pam_permit.so\n")).auth is Auth.NONE


def test_the_usual_rules_of_a_distribution_ask_for_a_password() -> None:
    usual = "auth [success=1 default=ignore] pam_unix.so nullok\nauth requisite pam_deny.so\nauth required pam_permit.so\n"
    assert one(SSH, pam("sshd", "@include common-auth\n"), pam("common-auth", usual)).auth is Auth.PASSWORD


def test_a_file_about_sessions_only_is_there_and_says_nothing() -> None:
    session = pam("common-session", "session required pam_unix.so\n")
    rules = pam("login", f"{BOUND}@include common-session\n")
    assert one(TELNET, rules, session, terminals(CONSOLES)).root_log_in is False
    assert one(TELNET, rules, terminals(CONSOLES)).root_log_in is None


def test_rules_that_are_not_all_there_settle_nothing() -> None:
    assert one(TELNET, pam("login", "auth required pam_permit.so\nauth include missing\n")).auth is Auth.PASSWORD


def test_rules_that_take_in_each_other_come_to_an_end() -> None:
    assert one(TELNET, pam("login", "auth include a\n"), pam("a", "auth include login\nauth required pam_unix.so\n")).auth is Auth.PASSWORD


def test_ssh_that_does_not_ask_pam_or_takes_keys_only_stays_as_it_is() -> None:
    everybody = pam("sshd", "auth sufficient pam_permit.so\n")
    own = Service(SSH.where, "ssh", "sshd", Auth.PASSWORD)
    keys = Service(SSH.where, "ssh", "sshd", Auth.KEY, detail="asks PAM")
    assert [one(own, everybody), one(keys, everybody)] == [own, keys]


def test_another_tree_has_its_own_rules() -> None:
    assert one(TELNET, pam("login", "auth sufficient pam_permit.so\n", "b.img!rootfs/")).auth is Auth.PASSWORD


def groups(detail: str, *more: Fact) -> str:
    service = Service(SSH.where, "ssh", "sshd", Auth.PASSWORD, detail=detail)
    return next(fact.detail for fact in join([service, *more]) if isinstance(fact, Service))


WHEEL = Group(Where("e1", "etc/group", None, 2), "wheel", 10, "service pump")
FIRST = Account(Where("e1", "etc/passwd", None, 1), "boss", 1000, gid=10)


def test_groups_become_the_accounts_that_are_in_them() -> None:
    assert groups("lets in only the groups wheel", WHEEL, FIRST) == "lets in only the accounts boss pump service"
    assert groups("keeps out the groups whe*", WHEEL, FIRST) == "keeps out the accounts boss pump service"


def test_a_group_that_nobody_is_in_lets_in_nobody() -> None:
    assert groups("lets in only the groups staff", WHEEL, FIRST) == "lets in only the accounts (none)"


def test_groups_stay_groups_where_their_members_are_not_known() -> None:
    said = "lets in only the groups wheel"
    assert groups(said) == said
    assert groups(said, WHEEL) == said
    assert groups(said, Group(WHEEL.where, "wheel", 10, "service", whole=False), FIRST) == said


def test_very_many_rules_are_not_followed() -> None:
    many = [LogInPolicy(Where("e1", "etc/pam.d/login", None, line), "login", "asks nothing", "required") for line in range(1, 1000)]
    assert one(TELNET, many).auth is Auth.PASSWORD


HEEDS = "auth requisite pam_nologin.so\nauth required pam_unix.so\n"
OWN_SSH = Service(SSH.where, "ssh", "sshd", Auth.PASSWORD)


def nologin(path: str = "etc/nologin") -> list[Fact]:
    return read_file(NologinReader(), b"Closed for service.\n", path)


def test_pam_that_looks_for_nologin_lets_in_root_only_and_that_is_told() -> None:
    for path in ("etc/nologin", "run/nologin", "var/run/nologin"):
        found = one(TELNET, pam("login", HEEDS), nologin(path))
        assert (found.detail, found.auth, found.root_log_in) == (f"lets in root only while {path} is there", Auth.PASSWORD, None)
    account = "account required pam_nologin.so\nauth required pam_unix.so\n"
    assert one(SSH, pam("sshd", account), nologin()).detail == "lets in root only while etc/nologin is there, asks PAM"


def test_sshd_looks_for_etc_nologin_itself_unless_it_asks_pam() -> None:
    assert one(OWN_SSH, nologin()).detail == "lets in root only while etc/nologin is there"
    assert one(OWN_SSH, nologin("run/nologin")).detail == ""
    assert one(SSH, nologin()).detail == "asks PAM"
    assert one(SSH, pam("sshd", "auth required pam_unix.so\n"), nologin()).detail == "asks PAM"


def test_what_does_not_look_for_nologin_is_not_told_to() -> None:
    dropbear = Service(SSH.where, "ssh", "dropbear", Auth.PASSWORD)
    assert one(dropbear, nologin()) == dropbear
    assert one(TELNET, nologin()) == TELNET
    assert one(TELNET, pam("login", "auth optional pam_nologin.so\nauth required pam_unix.so\n"), nologin()).detail == ""
    assert one(TELNET, pam("login", HEEDS)).detail == ""
    assert one(TELNET, pam("login", HEEDS), nologin("other/etc/nologin")).detail == ""


def test_nologin_keeps_nobody_out() -> None:
    (way,) = ways_in(Facts(join([OWN_SSH, *nologin()])), "ssh")
    assert (refuses(way, "service"), way.exempt) == ("", "")
    assert way.details == ("lets in root only while etc/nologin is there",)
