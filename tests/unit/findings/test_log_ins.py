"""What is told beside a finding about an account: sudo, and groups that are not known."""

from __future__ import annotations

from datetime import date

from asepsis.findings.key_log_ins import lets_in
from asepsis.findings.log_ins import becomes_root, opens_account
from asepsis.findings.rule import Facts
from asepsis.model.facts import Account, Auth, AuthorizedKey, Fact, Group, LogInPolicy, Service
from asepsis.model.where import Where


def at(path: str, line: int = 1) -> Where:
    return Where("e1", path, None, line)


def sudo(name: str) -> LogInPolicy:
    return LogInPolicy(at("etc/sudoers", 5), "sudo", "root without password", name)


WHEEL = Group(at("etc/group", 2), "wheel", 10, "service")


def test_sudo_is_told_of_the_account_its_groups_and_everybody() -> None:
    said = ("account 'service' becomes root with sudo, without a password: etc/sudoers:5",)
    assert becomes_root(Facts([sudo("service")]), "service") == said
    assert becomes_root(Facts([sudo("%wheel"), WHEEL]), "service") == said
    assert becomes_root(Facts([sudo("%wheel"), WHEEL, Account(at("etc/passwd"), "boss", gid=10)]), "boss")
    assert becomes_root(Facts([sudo("ALL")]), "service") == said


def test_sudo_is_not_told_of_another_account() -> None:
    assert becomes_root(Facts([sudo("%wheel"), sudo("pump"), WHEEL]), "guest") == ()


def ssh(detail: str) -> Fact:
    return Service(at("etc/ssh/sshd_config"), "ssh", "sshd", Auth.PASSWORD, enabled=True, root_log_in=False, detail=detail)


def test_groups_that_are_not_known_are_an_assumption_and_known_ones_are_none() -> None:
    unknown = opens_account(Facts([ssh("lets in only the groups wheel")]), "service", "s", ("ssh",))
    known = opens_account(Facts([ssh("lets in only the accounts service")]), "service", "s", ("ssh",))
    assert [len(unknown.assumes), len(known.assumes)] == [1, 0]
    assert unknown.claims
    assert known.claims


def test_a_list_that_is_too_long_is_an_assumption_and_a_long_one_counts() -> None:
    many = " ".join(f"nurse{number}" for number in range(2000))
    long = opens_account(Facts([ssh("its list of accounts is too long to follow")]), "service", "s", ("ssh",))
    kept_out = opens_account(Facts([ssh(f"lets in only the accounts {many} adm*")]), "service", "s", ("ssh",))
    let_in = opens_account(Facts([ssh(f"lets in only the accounts {many} adm*")]), "admin", "s", ("ssh",))
    assert [len(long.assumes), bool(long.claims), bool(kept_out.claims), bool(let_in.claims)] == [1, True, False, True]


def test_blank_passwords_are_seen_behind_a_long_list() -> None:
    many = " ".join(f"nurse{number}" for number in range(200))
    entry = opens_account(Facts([ssh(f"lets in only the accounts {many}, accepts blank passwords")]), "nurse7", "s", ("ssh",), empty=True)
    assert entry.claims


def keys_of(detail: str, path: str, *, usual: bool = True) -> int:
    entry = AuthorizedKey(at(path), "pump", "RSA", "d1", usual_place=usual)
    return len(lets_in(Facts([ssh(detail), entry]), entry, date(2026, 11, 1)).assumes)


def test_a_list_of_keys_that_the_settings_do_not_name_is_taken_to_be_read() -> None:
    assert keys_of("reads keys from /etc/keys/%u", "home/pump/.ssh/authorized_keys") == 1
    assert keys_of("reads keys from /etc/keys/%u .ssh/authorized_keys", "home/pump/.ssh/authorized_keys") == 0
    assert keys_of("reads keys from /etc/keys/%u", "etc/keys/pump", usual=False) == 0
    assert keys_of("", "home/pump/.ssh/authorized_keys") == 0
