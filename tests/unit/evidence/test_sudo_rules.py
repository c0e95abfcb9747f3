"""Who becomes root with sudo, over all files: worked out by hand from sudoers(5)."""

from __future__ import annotations

import pytest

from asepsis.evidence.joined import join
from asepsis.evidence.readers.config.sudoers import SudoersReader
from asepsis.model.facts import LogInPolicy
from tests.unit.evidence.reading import read_file


def free(**files: str) -> list[str]:
    """The accounts that become root without a password; ``main`` is etc/sudoers, the others lie in sudoers.d."""
    facts = [
        fact
        for name, text in files.items()
        for fact in read_file(SudoersReader(), text.encode(), "etc/sudoers" if name == "main" else f"etc/sudoers.d/{name}")
    ]
    known = [fact for fact in join(facts) if isinstance(fact, LogInPolicy)]
    assert {fact.says for fact in known} <= {"root without password"}
    return [fact.names for fact in known]


@pytest.mark.parametrize(
    "command",
    [
        "/bin/sh",
        "/bin/bash",
        "/bin/dash -l",
        '/bin/ash ""',
        "/bin/busybox",
        "/bin/busybox sh",
        "/usr/bin/python3",
        "/usr/bin/python3.11",
        "/usr/bin/perl",
        "/usr/bin/vi",
        "/usr/bin/vi /etc/network/interfaces",
        "/usr/bin/vim.tiny",
        "/usr/bin/env",
        "/usr/bin/env /bin/sh",
        "/bin/su",
        "/bin/su -",
        "/bin/su root",
        "/usr/bin/sudo",
        "/bin/*",
        "/usr/bin/",
        "/bin/sh *",
        "/sbin/reboot, /bin/sh",
        "/sbin/reboot -f, NOEXEC: /usr/bin/vi",
    ],
)
def test_a_command_that_gives_a_shell_is_as_good_as_all(command: str) -> None:
    assert free(main=f"service ALL=(ALL) NOPASSWD: {command}\n") == ["service"]


@pytest.mark.parametrize(
    "command",
    [
        "/sbin/reboot",
        "/bin/sh /opt/update.sh",
        "/bin/bash -c /opt/update.sh",
        "/usr/bin/python3 /opt/pump/tool.py",
        "/bin/su - pump",
        "/bin/busybox reboot",
        "/usr/bin/env LANG=C /sbin/reboot",
        "/opt/sh/tool",
        "!/bin/sh",
        "/opt/pump/*",
        "/sbin/reboot, PASSWD: /bin/sh",
        "/usr/bin/shutdown",
    ],
)
def test_a_command_with_fixed_arguments_or_of_another_kind_is_not(command: str) -> None:
    assert free(main=f"service ALL=(ALL) NOPASSWD: {command}\n") == []


def test_a_shell_of_another_account_or_with_a_password_is_not() -> None:
    assert free(main="service ALL=(lp) NOPASSWD: /bin/sh\nnurse ALL=(ALL) /bin/sh\n") == []
    assert free(main="service ALL=(lp, root) NOPASSWD: /bin/sh\nnurse ALL=NOPASSWD: /bin/sh\n") == ["service", "nurse"]


def test_aliases_of_another_file_are_known() -> None:
    main = "User_Alias ADMINS = service, nurse\nCmnd_Alias TOOLS = /bin/sh\nRunas_Alias TOP = root\n"
    assert free(main=main, maker="ADMINS ALL=(TOP) NOPASSWD: TOOLS\n") == ["service", "nurse"]
    assert free(a_rule="ADMINS ALL=(ALL) NOPASSWD: TOOLS\n", b_alias=main) == ["service", "nurse"]
    assert free(main=main, maker="ADMINS ALL=(ALL) TOOLS\n") == []


def test_an_alias_of_aliases_in_several_files_is_followed() -> None:
    assert free(main="User_Alias ALLOWED = NIGHT\nALLOWED ALL=(ALL) NOPASSWD: ALL\n", night="User_Alias NIGHT = nurse\n") == ["nurse"]


def test_an_alias_that_no_file_defines_is_taken_for_an_account_and_gives_no_command() -> None:
    assert free(main="ADMINS ALL=(ALL) NOPASSWD: ALL\n") == ["ADMINS"]
    assert free(main="service ALL=(ALL) NOPASSWD: TOOLS\n") == []


def test_that_nobody_is_asked_counts_in_every_file() -> None:
    assert free(main="Defaults !authenticate\n", maker="service ALL=(ALL) ALL\n") == ["service"]
    assert free(main="service ALL=(ALL) ALL\n", maker="Defaults env_reset\n") == []


def test_files_of_another_tree_say_nothing() -> None:
    rule = read_file(SudoersReader(), b"service ALL=(ALL) NOPASSWD: TOOLS\n", "etc/sudoers")
    other = read_file(SudoersReader(), b"Cmnd_Alias TOOLS = ALL\n", "recovery/etc/sudoers")
    assert join([*rule, *other]) == []
