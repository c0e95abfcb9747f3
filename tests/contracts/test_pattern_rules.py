"""Promises of every shipped pattern: it has examples of both kinds, they hold, and no other rule claims them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from asepsis.evidence.patterns import PatternPass
from asepsis.evidence.readers import PATTERN_READERS
from asepsis.evidence.readers.firmware.hash_lines import HashLinesReader
from asepsis.evidence.readers.firmware.pattern_rules import PatternRulesReader
from asepsis.evidence.readers.firmware.private_keys import PrivateKeysReader
from asepsis.evidence.readers.firmware.url_credentials import UrlCredentialsReader
from asepsis.evidence.readers.firmware.versions import VersionsReader
from asepsis.evidence.readers.keys.certificates import CertificatesReader
from asepsis.evidence.readers.keys.java_keystore import JavaKeystoreReader
from asepsis.evidence.readers.keys.jwk import JwkReader
from asepsis.evidence.readers.keys.openpgp import OpenpgpReader
from asepsis.evidence.readers.keys.putty import PuttyReader
from asepsis.evidence.readers.keys.ssh1 import Ssh1Reader
from asepsis.evidence.readers.keys.windows_keys import WindowsKeysReader
from asepsis.evidence.rule_patterns import check_patterns, digest_of, facts_of, failures
from asepsis.guard.limits import LimitReached
from asepsis.knowledge.pattern_rules import check_shipped, shipped_rules
from asepsis.model.facts import StoredSecret

TESTS = Path(__file__).parents[1] / "unit" / "evidence"
RULES = shipped_rules()
TOGETHER = PatternPass([PatternRulesReader()])


def test_the_ids_are_unique_and_in_order():
    names = [rule.id for rule in RULES]
    assert [name for name, times in Counter(names).items() if times > 1] == []
    assert names == sorted(names)


def test_the_shipped_rules_are_held_to_what_users_rules_are():
    check_shipped()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_shipped_rule_has_examples_of_both_kinds_and_they_hold(rule):
    assert any(example.finds for example in rule.example)
    assert not all(example.finds for example in rule.example)
    check_patterns("shipped", rule)
    assert list(failures((rule,))) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_other_rule_claims_an_example(rule):
    for example in rule.example:
        found = [fact.secret.digest for fact in facts_of(TOGETHER, example) if isinstance(fact, StoredSecret)]
        expected = {digest_of(secret) for secret in example.finds}
        assert expected <= set(found), "a rule that comes before it took it away"
        assert len(found) == len(set(found)), "two rules say one secret"
        if example.finds:
            assert set(found) == expected


def test_every_exemption_is_used_and_says_why():
    used = {name for rule in RULES for name in rule.exempt}
    stated = {one.name: one for rule in RULES for one in rule.exemptions}
    assert set(stated) == used
    assert all(one.reason for one in stated.values())


SALT_AND_86 = b"$6$abcdefgh$" + b"A" * 86
EXAMPLES: dict[str, tuple[tuple[bytes, ...], tuple[bytes, ...]]] = {
    "pem": (
        (b"-----BEGIN PRIVATE KEY-----\n", b"-----BEGIN RSA PRIVATE KEY-----\n"),
        (b"-----BEGIN PUBLIC KEY-----\n", b"-----BEGIN CERTIFICATE-----"),
    ),
    "pkcs8": ((b"\x30\x82\x04\xbd\x02\x01\x00\x30\x0d\x06\x09\x2a",), (b"\x30\x82\x04\xbd\x02\x01\x02\x30\x0d\x06\x09\x2a",)),
    "pkcs1": ((b"\x30\x82\x04\xa4\x02\x01\x00\x02\x82\x01\x01\x00",), (b"\x30\x82\x04\xa4\x02\x01\x00\x04\x20\x01",)),
    "dropbear-rsa": ((b"\x00\x00\x00\x07ssh-rsa\x00\x00\x00\x03\x01\x00\x01",), (b"\x00\x00\x00\x07ssh-rsa AAAA",)),
    "dropbear-ed25519": ((b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x40",), (b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20",)),
    "pem-base64": ((b"key: LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1J",), (b"ca: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1J",)),
    "der-base64": ((b'"key": "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"', b"MHcCAQEEIJje"), (b"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A", b"MIIDdzCCAl8CBAA")),
    "pkcs8-sealed": (
        (b"\x30\x82\x05\x0d\x30\x57\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d",),
        (b"\x30\x82\x05\x0d\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01",),
    ),
    "sec1": ((b"\x30\x77\x02\x01\x01\x04\x20\x01",), (b"\x30\x77\x02\x01\x00\x04\x20\x01",)),
    "dropbear-dss": ((b"\x00\x00\x00\x07ssh-dss\x00\x00\x00\x81\x00",), (b"\x00\x00\x00\x07ssh-dss AAAA",)),
    "dropbear-ecdsa": (
        (b"\x00\x00\x00\x13ecdsa-sha2-nistp256\x00\x00\x00\x08nistp256",),
        (b"ecdsa-sha2-nistp256\x00nistp256",),
    ),
    "putty": ((b"PuTTY-User-Key-File-3: ssh-rsa\r\n",), (b"PuTTY-User-Key-File-3: %s",)),
    "ssh1": ((b"SSH PRIVATE KEY FILE FORMAT 1.1\n\x00\x03\x00\x00\x00\x00",), (b"SSH PRIVATE KEY FILE FORMAT 1.1\n\x00usage: ssh",)),
    "armour": (
        (b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n",),
        (b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n", b"BEGIN PGP PRIVATE KEY BLOCK-----\n"),
    ),
    "binary": ((b"\x95\x01\xfe\x04date\x01",), (b"\x99\x01\x0d\x04date\x01", b"x\x95\x01\xfe\x04date\x01")),
    "java": (
        (b"\xfe\xed\xfe\xed\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x00\x01", b"\xce\xce\xce\xce\x00\x00\x00\x02\x00\x00\x00\x09\x00\x00\x00\x03"),
        (b"\xfe\xed\xfe\xed\x00\x00\x00\x0c\x00\x00\x00\x01\x00\x00\x00\x01",),
    ),
    "bks": (
        (b"\x00\x00\x00\x02\x00\x00\x00\x14" + b"s" * 20 + b"\x00\x00\x07\xfd\x01",),
        (b"\x00\x00\x00\x02\x00\x00\x00\x14" + b"s" * 20 + b"\x01\x00\x07\xfd\x01",),
    ),
    "sealed": (
        (
            b"\x00\x00\x00\x02\x00\x00\x00\x14" + b"s" * 20 + b"\x00\x00\x07\xfd\xa7",
            b"\x30\x82\x09\xfe\x30\x82\x09\xc0\x30\x81\xb6\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d",
        ),
        (
            b"\x00\x00\x00\x02\x00\x00\x00\x14" + b"s" * 20 + b"\x00\x00\x07\xfd\x01",
            b"\0\x30\x82\x09\xfe\x30\x82\x09\xc0\x30\x81\xb6\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d",
        ),
    ),
    "jwk": ((b'{"kty": "RSA", "n": "x"}',), (b'{"kty": "oct", "k": "x"}', b'"kty"')),
    "blob": ((b"\x07\x02\x00\x00\x00\xa4\x00\x00RSA2",), (b"\x06\x02\x00\x00\x00\xa4\x00\x00RSA1",)),
    "xml": ((b"<RSAKeyValue><Modulus>",), (b"</RSAKeyValue>",)),
    "certificate-pem": ((b"-----BEGIN CERTIFICATE-----\n", b"-----BEGIN TRUSTED CERTIFICATE-----"), (b"-----BEGIN CERTIFICATE REQUEST-----",)),
    "certificate-der": (
        (b"\x30\x82\x03\x0d\x30\x82\x01\xf5\xa0\x03\x02\x01\x02\x02\x01\x07",),
        (b"\0\x30\x82\x03\x0d\x30\x82\x01\xf5\xa0\x03\x02\x01\x02\x02\x01\x07",),
    ),
    "marked": ((b"root:" + SALT_AND_86 + b":1:", b"a:$1$abcdefgh$" + b"A" * 22 + b"\n"), (b"root:$6$short$tooshort:", SALT_AND_86)),
    "des": ((b"root:abJnggxhB/yWI:10933:0:",), (b"root:x:0:0:", b"abJnggxhB/yWI")),
    "url": ((b"ftp://pump:Tq7-ward@up.net/",), (b"http://up.net:80/a@b", b"mailto:a@b.net")),
}
"""For each pattern of the readers in Python: what it must match, and what it must not."""
EXEMPLIFIED = (
    PrivateKeysReader, HashLinesReader, UrlCredentialsReader, PuttyReader, Ssh1Reader, OpenpgpReader, JavaKeystoreReader, JwkReader,
    WindowsKeysReader, CertificatesReader,
)  # fmt: skip
"""Readers whose patterns have their examples above."""


def _never(limit: LimitReached) -> None:
    raise limit


@pytest.mark.parametrize("reader", [kind() for kind in EXEMPLIFIED], ids=lambda reader: reader.info.name)
def test_every_pattern_in_python_has_examples_of_both_kinds_and_they_hold(reader):
    patterns = PatternPass([reader])
    for pattern in reader.patterns:
        wanted, unwanted = EXAMPLES[pattern.name]
        for text in wanted:
            names = {match.pattern for _, matches in patterns.scan(memoryview(text), _never) for match in matches}
            assert pattern.name in names, (pattern.name, text)
        for text in unwanted:
            names = {match.pattern for _, matches in patterns.scan(memoryview(text), _never) for match in matches}
            assert pattern.name not in names, (pattern.name, text)


def test_every_reader_of_matches_is_covered_by_examples():
    named = {*EXEMPLIFIED, PatternRulesReader, VersionsReader}
    tests = "".join(path.read_text("utf-8") for path in TESTS.glob("test_*.py"))
    for reader in PATTERN_READERS:
        assert type(reader) in named or f"{type(reader).__name__}(" in tests, (
            f"state examples for the patterns of {reader.info.name} here, or test it"
        )
