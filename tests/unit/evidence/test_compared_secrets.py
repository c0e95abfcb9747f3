"""Passwords compared in code: the same small program compiled for every processor, and what makes a text a password or not."""

from __future__ import annotations

import base64
import re
import tomllib
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from asepsis.evidence.protocols.compared import Compared, looks_secret, speaks_of_passwords, taken_for
from asepsis.evidence.reader import Malformed
from asepsis.evidence.readers.programs import compared_secrets
from asepsis.evidence.readers.programs.compared_secrets import ComparedSecretsReader
from asepsis.guard.limits import STANDARD, LimitReached
from asepsis.model.facts import Confidence, Fact, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind
from tests.unit.evidence.made_programs import elf
from tests.unit.evidence.reading import KEY, search, source_of

PROGRAMS = {
    name: zlib.decompress(base64.b64decode(text))
    for name, text in tomllib.loads(Path(__file__).with_name("compiled_programs.toml").read_text("utf-8")).items()
}
SECRETS = (
    (SecretForm.CLEARTEXT, "73915"),
    (SecretForm.CLEARTEXT, "Pump!2041"),
    (SecretForm.HASHED, "$1$abcdefgh$0123456789abcdefghijk."),
    (SecretForm.CLEARTEXT, "Tq7&unlock"),
)


def secrets_in(data: bytes, path: str = "usr/bin/pumpd") -> list[StoredSecret]:
    return [fact for fact in search(ComparedSecretsReader(), data, path) if isinstance(fact, StoredSecret)]


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_the_four_secrets_are_found_for_every_processor_and_nothing_else(name: str):
    facts = secrets_in(PROGRAMS[name])
    digests = [KEY.redact(SecretKind.LOGIN, form, secret).digest for form, secret in SECRETS]
    assert [fact.secret.digest for fact in facts] == digests
    assert [fact.secret.form for fact in facts] == [form for form, _ in SECRETS]
    assert {(fact.store, fact.secret.kind, fact.confidence) for fact in facts} == {("binary", SecretKind.LOGIN, Confidence.LIKELY)}
    for fact, (_, secret) in zip(facts, SECRETS, strict=True):
        assert fact.where.offset is not None
        assert PROGRAMS[name][fact.where.offset :].startswith(secret.encode() + b"\0")


def test_a_secret_is_named_after_its_function_or_after_the_prompt():
    assert [fact.subject for fact in secrets_in(PROGRAMS["x86-64 with symbols"])] == ["check_pin", "open_menu", "old_hash", "unlock"]
    for name in ("ARM", "Thumb", "AArch64", "MIPS", "PowerPC at a fixed place", "x86-64", "x86", "Windows, 64 bit", "Windows, 32 bit"):
        assert [fact.subject for fact in secrets_in(PROGRAMS[name])] == ["Enter service PIN", "Maintenance password", "pumpd", "Unlock code"], name


def test_no_fact_says_a_secret():
    said = repr([secrets_in(data) for data in PROGRAMS.values()])
    assert all(secret not in said for _, secret in SECRETS)


def test_examples_in_documentation_are_weak():
    assert {fact.confidence for fact in secrets_in(PROGRAMS["ARM"], "usr/share/doc/pump/examples/demo")} == {Confidence.WEAK}


@pytest.mark.parametrize(
    "text",
    ["7391", "73915", "00000000", "Pump!2041", "s3rv1ceMan", "pump2041", "BIOMED#77", "changeme", "letmein", "admin123", "P@ssw0rd", "Xy7-22093"],
)
def test_what_looks_like_a_secret(text: str):
    assert looks_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        *("login", "root", "admin", "service", "password", "PASS", "USER", "quit", "EHLO", "patient", "yes", "Basic"),
        *("--password", "-p1234", "/etc/passwd", "shadow.bak2", "%s1234", "key=1", "Host:", "a,b,c1", "[::1]", "name@host1.net"),
        *("sha256", "SHA-512", "hmac-sha2-256", "aes128-cbc", "ssh-ed25519", "rsa2048", "utf8", "UTF-8", "iso8859-1", "ipv4", "eth0", "wlan0"),
        *(
            "tls1.2",
            "TLSv1",
            "v1.2.3",
            "10.0.0.1",
            "0x1F",
            "x509",
            "pkcs12",
            "LUKS2",
            "compat-2x",
            "tpm2-absent",
            "maxRate2",
            "SQL_STATE_1",
            "Level1",
        ),
        *("Ctrl+A", "Shift+F1", "de_DE@euro", "ECDHE+AES", "armv7l", "error12", "Sensor-3", "8080", "5432", "11112"),
        *("1024", "9600", "115200", "65535", "8859", "123", "123456789", "", "two words1", "caf\xe9123", "x" * 33 + "1"),
    ],
)
def test_what_is_a_word_of_a_trade(text: str):
    assert not looks_secret(text)


def test_a_user_and_password_together_are_taken_apart():
    assert taken_for("admin:Xy7pump") == Compared("Xy7pump", user="admin")
    assert taken_for("Basic " + base64.b64encode(b"service:4711").decode()) == Compared("4711", user="service")
    assert taken_for(base64.b64encode(b"pump:door").decode()) == Compared("door", user="pump")
    assert taken_for("content:type1") is None
    assert taken_for("73915\r\n") == Compared("73915")
    assert taken_for("Basic realm") is None


@pytest.mark.parametrize(
    ("said", "function"),
    [
        (["Enter service PIN:", "Wrong PIN"], ""),
        (["Password: ", "Login incorrect"], ""),
        (["Access code accepted"], ""),
        (["Maintenance mode unlocked"], ""),
        ([], "check_pin"),
        ([], "VerifyPassword"),
        ([], "unlock_service_mode"),
    ],
)
def test_code_that_asks_for_a_password(said: list[str], function: str):
    assert speaks_of_passwords(said, function, Compared("x"))


@pytest.mark.parametrize(
    ("said", "function"),
    [
        ([], ""),
        ([], "check_passive_open"),
        ([], "parse_login_options"),
        (["login", "password", "--pin", "unlock"], "main"),
        (["panic: MUTEX_UNLOCK (%d)", "invalid value"], ""),
        (["invalid argument", "Enter a number:"], ""),
        (["could not get peer credentials: %s", "invalid state"], ""),
        (["Usage: tool [--password PASS] " + "x" * 120, "invalid option"], ""),
    ],
)
def test_code_that_does_not(said: list[str], function: str):
    assert not speaks_of_passwords(said, function, Compared("x"))


def test_a_program_that_compares_nothing_says_nothing():
    assert secrets_in(elf(imports=("printf",))) == []
    assert secrets_in(elf(imports=("strcmp",), machine=22)) == []


@pytest.mark.parametrize("data", [b"", b"\x7fELF", b"MZ", b"MZ" + bytes(100)])
def test_what_is_no_program_says_nothing(data: bytes):
    assert secrets_in(data) == []


def test_a_program_cut_short_is_malformed():
    source = source_of(PROGRAMS["ARM"][:1500], "usr/bin/pumpd")
    with pytest.raises(Malformed, match="dynamic section"):
        ComparedSecretsReader().read_matches(source, (), [].append)


def test_more_code_than_may_be_searched_is_a_limit_and_no_silence():
    source = source_of(PROGRAMS["ARM"], "usr/bin/pumpd", limits=replace(STANDARD, code_bytes=1000))
    with pytest.raises(LimitReached, match="code_bytes"):
        ComparedSecretsReader().read_matches(source, (), [].append)


@pytest.mark.parametrize("name", ["ARM", "x86-64"])
def test_more_calls_than_may_be_followed_are_a_limit_and_what_came_before_is_kept(name: str, monkeypatch: pytest.MonkeyPatch):
    facts: list[Fact] = []
    monkeypatch.setattr(compared_secrets, "_MOST_CALLS", 3)  # on x86-64 the first two compare with no secret
    with pytest.raises(LimitReached, match="compared_calls"):
        ComparedSecretsReader().read_matches(source_of(PROGRAMS[name], "usr/bin/pumpd"), (), facts.append)
    assert 0 < len(facts) < len(SECRETS)


def test_calls_taken_a_few_at_a_time_say_the_same(monkeypatch: pytest.MonkeyPatch):
    whole = secrets_in(PROGRAMS["x86-64"])
    monkeypatch.setattr(compared_secrets, "_CALLS_AT_A_TIME", 1)
    assert secrets_in(PROGRAMS["x86-64"]) == whole


def test_a_program_that_never_speaks_of_a_password_is_not_searched():
    data = re.sub(rb"(?i)pass|pin|log|code|unlock", b"xxx", PROGRAMS["ARM"]).replace(b"$1$", b"x1x")
    assert secrets_in(data) == []


@pytest.mark.parametrize("name", ["ARM", "x86", "MIPS", "AArch64", "Windows, 32 bit"])
def test_code_of_zeros_and_ones_says_nothing(name: str):
    data = bytearray(PROGRAMS[name])
    data[len(data) // 3 :: 7] = b"\xff" * len(data[len(data) // 3 :: 7])
    try:
        secrets_in(bytes(data))
    except Malformed:
        return
