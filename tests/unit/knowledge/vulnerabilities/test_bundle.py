"""A bundle carries a store, and nothing that was altered on the way is taken."""

import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from asepsis.knowledge.toml_file import KnowledgeError
from asepsis.knowledge.vulnerabilities.bundle import check_bundle, write_bundle
from asepsis.knowledge.vulnerabilities.importing import import_files
from asepsis.knowledge.vulnerabilities.store import Store
from tests.unit.knowledge.vulnerabilities.test_store import filled, nvd


def keys(folder: Path, name: str, kind=Ed25519PrivateKey.generate) -> tuple[Path, Path]:
    key = kind()
    private, public = folder / f"{name}.pem", folder / f"{name}.pub"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return private, public


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A signed bundle, the key it was signed with, and the one to check it with."""
    private, public = keys(tmp_path, "ours")
    store = Store(filled(tmp_path / "s", nvd("CVE-2024-0001", "2024-05-06"), nvd("CVE-2024-0002", "2024-05-06", summary="Two.")))
    write_bundle(store, tmp_path / "b", private)
    return tmp_path / "b", private, public


def altered(path: Path, **members: bytes | None) -> Path:
    """The same archive with other content in some members (None: without them)."""
    out = path.with_name("altered")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        contents = {name.partition(".")[0].replace("-", "_") if "sig" not in name else "signature": (name, old.read(name)) for name in old.namelist()}
        for key, (name, content) in contents.items():
            given = members.get(key, content)
            if given is not None:
                new.writestr(name, given)
        for name in set(members) - set(contents):
            new.writestr(name, members[name])
    return out


def test_what_was_carried_over_is_what_was_there(made, tmp_path):
    bundle, _, public = made
    assert check_bundle(bundle, public) == f"signed with the key of {public}"
    import_files(tmp_path / "t", [bundle], today=date(2026, 11, 25))
    assert list(Store(tmp_path / "t").documents()) == list(Store(tmp_path / "s").documents())


def test_the_same_store_and_key_give_the_same_bytes(made, tmp_path):
    bundle, private, _ = made
    write_bundle(Store(tmp_path / "s"), tmp_path / "again", private)
    assert (tmp_path / "again").read_bytes() == bundle.read_bytes()


def test_a_bundle_of_somebody_else_is_refused(made, tmp_path):
    with pytest.raises(KnowledgeError, match="made by somebody else, or altered"):
        check_bundle(made[0], keys(tmp_path, "theirs")[1])


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"records_000": b"{}\n"}, "not as its manifest says: records-000.jsonl"),
        ({"records_000": None}, "not as its manifest says: records-000.jsonl"),
        ({"more.jsonl": b"{}\n"}, "not as its manifest says: more.jsonl"),
        ({"manifest": json.dumps({"format": "asepsis-bundle-1", "feeds": [], "members": []}).encode()}, "the signature does not fit the key"),
        ({"signature": b"x" * 64}, "the signature does not fit the key"),
        ({"signature": b""}, "the bundle is not signed"),
        ({"signature": None}, "the bundle is not signed"),
        ({"manifest": None}, "no bundle, so nothing of it is signed"),
    ],
)
def test_what_was_altered_on_the_way_is_refused(made, members, said):
    with pytest.raises(KnowledgeError, match=said):
        check_bundle(altered(made[0], **members), made[2])


@pytest.mark.parametrize(
    ("manifest", "said"),
    [(b"{", "cannot be read"), (b'{"format": "asepsis-bundle-9", "feeds": [], "members": []}', "another version"), (b"x" * (5 << 20), "too long")],
)
def test_a_manifest_that_cannot_be_understood_is_refused_without_a_key_too(made, manifest, said):
    with pytest.raises(KnowledgeError, match=said):
        check_bundle(altered(made[0], manifest=manifest), None)


def test_a_member_that_is_there_twice_is_refused(made):
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(made[0], "a") as archive:
        archive.writestr("records-000.jsonl", zipfile.ZipFile(made[0]).read("records-000.jsonl"))
    with pytest.raises(KnowledgeError, match="not as its manifest says"):
        check_bundle(made[0], made[2])


def test_without_a_key_it_is_said_that_nobody_vouches(made, tmp_path):
    assert "not checked" in check_bundle(made[0], None)
    write_bundle(Store(tmp_path / "s"), tmp_path / "plain", None)
    assert check_bundle(tmp_path / "plain", None) == "it is not signed"


def test_what_is_no_bundle_needs_no_check_but_has_no_signature_either(tmp_path, made):
    plain = tmp_path / "feed.json"
    plain.write_bytes(b"{}")
    assert check_bundle(plain, None) == ""
    with pytest.raises(KnowledgeError, match="no bundle"):
        check_bundle(plain, made[2])


def test_a_broken_archive_is_said_to_be_broken(made, tmp_path):
    (tmp_path / "cut").write_bytes(made[0].read_bytes()[:-40])
    with pytest.raises(KnowledgeError, match="no whole zip archive"):
        check_bundle(tmp_path / "cut", None)


def test_keys_of_other_kinds_are_refused(made, tmp_path):
    other, other_public = keys(tmp_path, "curve", lambda: generate_private_key(SECP256R1()))
    with pytest.raises(KnowledgeError, match="a key of another kind"):
        write_bundle(Store(tmp_path / "s"), tmp_path / "x", other)
    with pytest.raises(KnowledgeError, match="another kind than Ed25519"):
        check_bundle(made[0], other_public)
    with pytest.raises(KnowledgeError, match="no private key in PEM"):
        write_bundle(Store(tmp_path / "s"), tmp_path / "x", made[0])
    assert not (tmp_path / "x").exists()


def test_a_bundle_that_was_cut_is_refused_however_short_it_is_in_one_line(made, tmp_path):
    whole, cut = made[0].read_bytes(), tmp_path / "cut"
    for left in (0, 1, 4, len(whole) // 2, len(whole) - 1):
        cut.write_bytes(whole[:left])
        with pytest.raises(KnowledgeError) as refused:
            check_bundle(cut, made[2])
        assert "\n" not in str(refused.value)
