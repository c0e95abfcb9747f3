"""Samba's databases: accounts and the machine's own passwords, as Samba 4.17 packs them."""

from __future__ import annotations

import struct

import pytest

from asepsis.evidence.reader import Malformed, NotThisFormat, Sureness
from asepsis.evidence.readers.network.samba_tdb import SambaTdbReader
from asepsis.model.secret import SecretForm, SecretKind
from tests.unit.evidence.reading import read_file, source_of

NT = bytes.fromhex("9406c4870f008401cd65c36cb29d3372")
NORMAL, DISABLED, NO_PASSWORD, WORKSTATION = 0x10, 0x11, 0x14, 0x80


def counted(data: bytes) -> bytes:
    return struct.pack("<I", len(data)) + data


def account(name: str, nt: bytes = NT, flags: int = NORMAL, version: int = 4) -> bytes:
    times = bytes(24 if version == 0 else 28)
    texts = counted(name.encode() + b"\0") + counted(b"WARD\0") + b"".join(counted(b"\0") for _ in range(10))
    hashes = counted(b"") + counted(nt) + (counted(b"") if version > 1 else b"")
    return times + texts + struct.pack("<II", 1000, 513) + hashes + struct.pack("<I" if version > 2 else "<H", flags) + bytes(32)


def tdb(records: dict[str, bytes], order: str = "<", chains: int = 7, dead: bytes = b"") -> bytes:
    """A TDB file: every record at the head of a chain, or behind the one that is there."""
    start = 168 + 4 * (chains + 1)
    heads, body = [0] * chains, dead
    for number, (key, data) in enumerate(records.items()):
        name = key.encode() + b"\0"
        at, chain = start + len(body), number % chains
        body += struct.pack(f"{order}6I", heads[chain], len(name + data) + 3, len(name), len(data), 0, 0x26011999) + name + data + b"\0\0\0"
        heads[chain] = at
    head = b"TDB file\n".ljust(32, b"\0") + struct.pack(f"{order}II", 0x26011967 + 6, chains)
    return head.ljust(168, b"\0") + bytes(4) + struct.pack(f"{order}{chains}I", *heads) + body


def accounts(data: bytes, path: str = "var/lib/samba/private/passdb.tdb") -> list[tuple[str, str, SecretForm]]:
    return [(fact.subject, fact.key_name, fact.secret.form) for fact in read_file(SambaTdbReader(), data, path)]


@pytest.mark.parametrize("order", ["<", ">"], ids=["little", "big"])
def test_accounts_are_told_with_what_they_let_in(order: str):
    records = {"USER_biomed": account("biomed"), "USER_off": account("off", flags=DISABLED), "USER_guest": account("guest", b"", NO_PASSWORD)}
    data = tdb({**records, "INFO/version": struct.pack("<I", 4), "RID_000003e8": b"biomed\0"}, order)
    assert accounts(data) == [
        ("biomed", "NT hash", SecretForm.DERIVED),
        ("guest", "LM hash", SecretForm.EMPTY),
        ("off", "NT hash", SecretForm.LOCKED),
    ]


@pytest.mark.parametrize("version", [0, 1, 2, 3, 4])
def test_every_version_of_an_account_is_read(version: int):
    data = tdb({"USER_biomed": account("biomed", version=version), "INFO/version": struct.pack("<I", version)})
    assert accounts(data) == [("biomed", "NT hash", SecretForm.DERIVED)]


def test_the_hash_of_an_empty_password_and_an_account_without_hash():
    empty = bytes.fromhex("31d6cfe0d16ae931b73c59d7e0c089c0")
    data = tdb({"USER_a": account("a", empty), "USER_b": account("b", b"")})
    assert accounts(data) == [("a", "NT hash", SecretForm.EMPTY), ("b", "LM hash", SecretForm.LOCKED)]


def test_an_account_of_a_machine_is_a_log_in_to_the_network():
    (fact,) = read_file(SambaTdbReader(), tdb({"USER_pump7$": account("pump7$", flags=WORKSTATION)}), "passdb.tdb")
    assert fact.secret.kind is SecretKind.NETWORK_LOGIN


def test_the_password_with_which_a_device_joined_a_domain_is_in_clear():
    data = tdb({"SECRETS/MACHINE_PASSWORD/WARD": b"Tq7-ward9\0", "SECRETS/MACHINE_PASSWORD.PREV/WARD": b"old\0", "SECRETS/SID/VM": bytes(68)})
    (fact,) = read_file(SambaTdbReader(), data, "var/lib/samba/private/secrets.tdb")
    assert (fact.subject, fact.secret.form, fact.secret.length) == ("WARD", SecretForm.CLEARTEXT, 9)
    assert fact.opens == "domain"


def test_a_record_that_was_deleted_is_not_told():
    """Samba's own tools left the deleted account in the log of the transaction: no chain leads there."""
    name = b"USER_gone\0"
    gone = account("gone")
    left = struct.pack("<6I", 0, len(name + gone), len(name), len(gone), 0, 0x26011999) + name + gone
    assert accounts(tdb({"USER_biomed": account("biomed")}, dead=left)) == [("biomed", "NT hash", SecretForm.DERIVED)]


def test_a_database_without_accounts_says_nothing():
    assert accounts(tdb({})) == []
    assert accounts(tdb({"NEXT_RID": bytes(4)})) == []


def test_other_databases_are_not_asked():
    assert SambaTdbReader().recognises("var/lib/samba/registry.tdb", tdb({})) is Sureness.NO
    assert SambaTdbReader().recognises("passdb.tdb", b"SQLite format 3\0") is Sureness.NO


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (tdb({"USER_biomed": account("biomed")})[:180], Malformed),
        (tdb({"USER_biomed": account("biomed")})[:230], Malformed),
        (tdb({"USER_biomed": account("biomed")[:90]}), Malformed),
        (b"TDB file\n".ljust(168, b"\0") + struct.pack("<III", 0, 9, 9), NotThisFormat),
        (tdb({}).replace(struct.pack("<I", 7), struct.pack("<I", 1 << 30)), Malformed),
    ],
    ids=["cut in the chains", "cut in a record", "account cut short", "another version", "too many chains"],
)
def test_a_broken_database_is_said_to_be_one(data: bytes, expected: type[Exception]):
    with pytest.raises(expected):
        SambaTdbReader().read(source_of(data, "passdb.tdb"), lambda _: None)


def test_a_chain_that_bites_its_tail_ends():
    data = bytearray(tdb({"USER_biomed": account("biomed")}, chains=1))
    at = struct.unpack_from("<I", data, 172)[0]
    struct.pack_into("<I", data, at, at)
    assert accounts(bytes(data)) == [("biomed", "NT hash", SecretForm.DERIVED)]
