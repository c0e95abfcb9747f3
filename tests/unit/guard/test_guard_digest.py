"""One pass gives the digest that is printed and the key that is not."""

import os
from hashlib import sha256

import pytest

from asepsis.guard.digest import Member, Unreadable, hash_evidence


def test_a_file_has_its_ordinary_sha256(tmp_path):
    (tmp_path / "f").write_bytes(b"abc" * 1000)
    digest, key, size, _ = hash_evidence(tmp_path / "f")
    assert digest == sha256(b"abc" * 1000).hexdigest()
    assert size == 3000
    assert len(key) == 32


def test_the_key_differs_from_the_digest_and_follows_the_content(tmp_path):
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "b").write_bytes(b"b")
    (tmp_path / "c").write_bytes(b"a")
    digest, key, _, _ = hash_evidence(tmp_path / "a")
    assert key.hex() != digest
    assert hash_evidence(tmp_path / "c")[1] == key
    assert hash_evidence(tmp_path / "b")[1] != key


@pytest.fixture
def tree(tmp_path):
    def make(name, contents):
        for path, content in contents.items():
            target = tmp_path / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return tmp_path / name

    return make


def test_a_copy_of_a_directory_has_the_same_digest(tree):
    one = tree("one", {"b": b"2", "a/c": b"1"})
    two = tree("two", {"a/c": b"1", "b": b"2"})
    (two / "b").chmod(0o600)
    os.utime(two / "b", (0, 0))
    assert hash_evidence(one) == hash_evidence(two)
    assert hash_evidence(one)[2] == 2


@pytest.mark.parametrize("other", [{"b": b"2", "a/c": b"x"}, {"b": b"2", "a/d": b"1"}, {"b": b"2", "a/c": b"1", "e": b""}, {"b2": b"", "a/c": b"1"}])
def test_any_change_of_name_or_bytes_shows(tree, other):
    assert hash_evidence(tree("one", {"b": b"2", "a/c": b"1"}))[0] != hash_evidence(tree("two", other))[0]


def test_a_links_target_counts_but_is_not_followed(tree, tmp_path):
    one, two = tree("one", {"a": b"1"}), tree("two", {"a": b"1"})
    (one / "l").symlink_to("a")
    (two / "l").symlink_to("/etc/hostname")
    assert hash_evidence(one)[0] != hash_evidence(two)[0]
    assert hash_evidence(two)[2] == 1


def test_a_pipe_in_a_directory_does_not_block(tree):
    root = tree("one", {"a": b"1"})
    os.mkfifo(root / "p")
    assert hash_evidence(root)[2] == 1


def test_what_is_not_there_or_neither_file_nor_directory_is_unreadable(tmp_path):
    with pytest.raises(Unreadable, match="No such file"):
        hash_evidence(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "p")
    with pytest.raises(Unreadable, match="neither"):
        hash_evidence(tmp_path / "p")


def test_every_file_of_a_directory_has_its_ordinary_sha256(tree):
    root = tree("one", {"b": b"2", "a/c": b"1"})
    (root / "l").symlink_to("b")
    one, two = (Member(sha256(content).hexdigest(), 1, False) for content in (b"1", b"2"))
    assert hash_evidence(root).files == {"a/c": one, "b": two}


def test_files_that_are_hashed_in_several_batches_keep_their_names(tree):
    contents = {f"{number // 50}/{number:03}": str(number).encode() * (number % 7) for number in range(150)}
    contents["large"] = bytes(3 << 20)
    files = hash_evidence(tree("a", contents)).files
    assert {name: member.sha256 for name, member in files.items()} == {name: sha256(content).hexdigest() for name, content in contents.items()}


def test_the_key_is_none_of_the_digests_and_no_continuation_of_one(tree):
    root = tree("one", {"a": b"1"})
    named = hash_evidence(root)
    assert named.key.hex() not in {named.sha256, *(member.sha256 for member in named.files.values())}
    assert named.key != sha256(bytes.fromhex(named.sha256)).digest()
    assert hash_evidence(tree("two", {"a": b"2"})).key != named.key


def test_what_may_not_be_read_enters_the_digest_of_its_directory(tree, monkeypatch):
    root = tree("one", {"a": b"1", "b": b"1"})
    whole = hash_evidence(root)
    real = os.open

    def refuse(path, *rest):
        if path.endswith(b"/b"):
            raise PermissionError(13, "Permission denied")
        return real(path, *rest)

    monkeypatch.setattr(os, "open", refuse)
    barred = hash_evidence(root)
    assert barred.sha256 != whole.sha256
    assert (barred.size, list(barred.files)) == (1, ["a"])


def test_a_container_is_known_by_what_was_hashed(tree):
    members = hash_evidence(tree("a", {"b.txt": b"\x1f\x8b\x08 a zip by its bytes", "c.zip": b"\0 by its name", "d.zip": b"text", "e.gz": b""})).files
    assert {name: member.container for name, member in members.items()} == {"b.txt": True, "c.zip": True, "d.zip": False, "e.gz": False}
