"""Lists of keys that only the server's settings name."""

from __future__ import annotations

import pytest

from asepsis.evidence.joined import join
from asepsis.evidence.readers.config.sshd_config import SshdConfigReader
from asepsis.evidence.readers.keys.authorized_keys import AuthorizedKeysReader
from asepsis.model.facts import AuthorizedKey
from tests.unit.evidence.reading import read_file

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f maker\n"


def accounts(named: str, path: str, text: str = KEY, root: str = "") -> list[str]:
    settings = read_file(SshdConfigReader(), f"AuthorizedKeysFile {named}\n".encode(), f"{root}etc/ssh/sshd_config")
    keys = read_file(AuthorizedKeysReader(), text.encode(), path)
    return [fact.account for fact in join([*settings, *keys]) if isinstance(fact, AuthorizedKey)]


@pytest.mark.parametrize(
    ("named", "path", "account"),
    [
        ("/etc/keys/%u", "etc/keys/service", "service"),
        ("/etc/keys/%u.pub", "etc/keys/service.pub", "service"),
        ("/persist/access/%u/list", "persist/access/service/list", "service"),
        ("%h/.access/keys", "home/service/.access/keys", "service"),
        (".access/keys", "root/.access/keys", "root"),
        ("/etc/maker.keys", "etc/maker.keys", ""),
        ("none /etc/maker.keys", "etc/maker.keys", ""),
    ],
)
def test_a_list_that_the_settings_name_lets_in(named: str, path: str, account: str) -> None:
    assert accounts(named, path) == [account]


def test_a_list_may_begin_with_a_comment_and_options() -> None:
    text = f'# keys of the maker\n\nfrom="10.0.0.1",no-pty {KEY}'
    assert accounts("/etc/keys/%u", "etc/keys/service", text) == ["service"]


@pytest.mark.parametrize("path", ["etc/keys/service", "etc/ssh/ssh_host_ed25519_key.pub", "root/.ssh/id_ed25519.pub"])
def test_a_public_key_that_no_settings_name_lets_nobody_in(path: str) -> None:
    assert accounts(".ssh/authorized_keys", path) == []


def test_the_settings_of_another_tree_name_nothing_here() -> None:
    assert accounts("/etc/keys/%u", "b/etc/keys/service", root="a/") == []
    assert accounts("/etc/keys/%u", "a/etc/keys/service", root="a/") == ["service"]


def test_the_usual_list_stays_whatever_the_settings_name() -> None:
    assert accounts("/etc/keys/%u", "home/service/.ssh/authorized_keys") == ["service"]
