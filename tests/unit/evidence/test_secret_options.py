"""The table of secret options: every row finds its secret and hides it, and finds nothing where there is none."""

from __future__ import annotations

import pytest

from asepsis.evidence.protocols.credentials import find, without_secrets
from asepsis.evidence.protocols.secret_options import ROWS, SecretOptions
from asepsis.evidence.protocols.shell import words_of
from asepsis.evidence.protocols.shown import HIDDEN
from asepsis.model.secret import SecretKind

SECRET = "Harbour-77"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.programs[0])
def test_a_row_finds_and_hides_its_secret_and_nothing_else(row: SecretOptions):
    assert row.example.split()[0] == row.harmless.split()[0] == row.programs[0]
    for program in row.programs:
        example = row.example.replace(row.programs[0], program, 1)
        assert [(found.secret, found.kind) for found in find(words_of(example))] == [(SECRET, row.kind)]
        assert without_secrets(words_of(example)) == " ".join(words_of(example)).replace(SECRET, HIDDEN)
        harmless = row.harmless.replace(row.programs[0], program, 1)
        assert [found.secret for found in find(words_of(harmless))] == []
        assert HIDDEN not in without_secrets(words_of(harmless))


@pytest.mark.parametrize(
    ("line", "subject"),
    [
        (f"mysql -u nurse -p{SECRET}", "nurse"),
        (f"htpasswd -nb nurse {SECRET}", "nurse"),
        (f"wpa_passphrase ward7 {SECRET}", "ward7"),
        (f"nmcli dev wifi connect ward7 password {SECRET}", "ward7"),
        (f"smbclient -U nurse%{SECRET} //h/s", "nurse"),
        (f"mount -t cifs -o user=nurse%{SECRET} //h/s /m", "nurse"),
        (f"mount -t cifs -o ro -o username=nurse,password={SECRET} //h/s /m", "nurse"),
        (f"mount -t cifs //nurse:{SECRET}@h/s /m", "nurse"),
    ],
)
def test_whose_secret_it_is(line: str, subject: str):
    assert [(found.secret, found.subject) for found in find(words_of(line))] == [(SECRET, subject)]
    assert SECRET not in without_secrets(words_of(line))


@pytest.mark.parametrize("line", [f"PGPASSWORD={SECRET} psql -h h", f"env LANG=C DB_PASSWORD={SECRET} /opt/app", f"/usr/bin/env API_KEY={SECRET} x"])
def test_a_variable_before_the_program_is_told_by_its_name(line: str):
    assert [found.secret for found in find(tuple(line.split()))] == [SECRET]


@pytest.mark.parametrize("line", ["PASSWORD_FILE=/etc/pw x", "USE_PASSWORD=yes x", "LANG=C x password", "x PASSWORDLESS"])
def test_other_variables_are_none(line: str):
    assert not list(find(tuple(line.split())))


@pytest.mark.parametrize(
    "line",
    [
        "/opt/agent -p hunter22",
        "/opt/agent -phunter22",
        "/opt/agent -P Pump#Station",
        "/opt/agent -x -a 7ward7",
        "sh -c '/opt/agent -p hunter22'",
        "mysql -u root -p hunter22",
        "/opt/agent -p 'hunter 22'",
    ],
)
def test_what_may_be_a_secret_of_an_unknown_program_is_not_shown(line: str):
    assert HIDDEN in without_secrets(words_of(line))


@pytest.mark.parametrize(
    "line",
    [
        "/opt/agent -p 8080",
        "/opt/agent -P 8080",
        "/opt/agent -p8080",
        "/opt/agent -p 10.0.0.5:8080",
        "/opt/agent -p [::1]:22",
        "/opt/agent -p host1:22",
        "/opt/agent -p 8080:80",
        "/opt/agent -p 5000-5010",
        "/opt/agent -p eth0",
        "/opt/agent -p ttyS0",
        "/opt/agent -p /dev/ttyUSB0",
        "/opt/agent -p /var/run/agent2.pid",
        "/opt/agent -p agent2.pid",
        "/opt/agent -a fe80::1",
        "/opt/agent -p $PORT1",
        "/opt/agent -p tcp",
        "/opt/agent -a 0x1f",
        "/opt/agent -a 10s",
        "iptables -p udp --dport 161",
        "ssh -p 2222 u@h",
        "sshpass -f /etc/pw ssh -p 2222 u@h",
        "mysql -u root -p records",
        "unzip -p a.zip",
        "openssl enc -aes-256-cbc -kfile /etc/k",
        "openssl enc -aria128 -in a",
        "docker run -p 8080 image",
    ],
)
def test_a_port_an_address_or_a_path_is_shown(line: str):
    assert HIDDEN not in without_secrets(words_of(line))


@pytest.mark.parametrize("line", ["mysql -u root -p records", "mysql -u root --password records", "7z x -p a.7z"])
def test_an_option_that_takes_its_secret_in_the_same_word_only_takes_none_from_the_next(line: str):
    assert not list(find(words_of(line)))


def test_kinds_are_those_of_what_is_opened():
    assert {row.kind for row in ROWS} == {SecretKind.APPLICATION, SecretKind.KEY, SecretKind.WIFI}
