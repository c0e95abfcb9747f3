"""Published defaults are recognised without being written down."""

import csv
import os
from pathlib import Path

import pytest

from asepsis.knowledge.build_defaults import main, passwords
from asepsis.knowledge.defaults import KnownDefaults, hash_default, load_defaults

SALT = bytes(16)


def test_a_hashed_default_is_known_and_its_neighbours_are_not():
    known = KnownDefaults(("admin",), SALT, frozenset({hash_default("made-up-vendor-word", SALT)}))
    assert known.knows("admin")
    assert known.knows("made-up-vendor-word")
    assert not known.knows("Made-up-vendor-word")
    assert not known.knows("made-up-vendor-word ")


def test_the_empty_secret_is_no_default_and_a_long_one_is_not_hashed():
    known = KnownDefaults(("admin",), SALT, frozenset({hash_default("", SALT), hash_default("x" * 65, SALT), hash_default("y" * 64, SALT)}))
    assert not known.knows("")
    assert not known.knows("x" * 65)
    assert known.knows("y" * 64)


def test_undecodable_bytes_of_a_device_are_compared_and_not_a_crash():
    assert not KnownDefaults(("admin",), SALT, frozenset()).knows("pass\udcffword")


def test_neither_salt_nor_hashes_are_shown_by_accident():
    assert repr(KnownDefaults(("admin",), SALT, frozenset({"ab"}))) == "KnownDefaults(generic=('admin',))"


def test_remarks_in_the_place_of_a_password_are_left_out():
    words = ["admin", "<blank>", "serial number", "last 4 digits of VIN", "", "ab", "abc", "(random password)", "x" * 65]
    assert passwords({"password": word} for word in words) == ["abc", "admin"]


def test_the_file_is_built_the_same_twice_and_holds_no_password(tmp_path):
    sheet = tmp_path / "sheet.csv"
    with sheet.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([["productvendor", "username", "password"], ["Acme", "adm", "made-up-vendor-word"], ["Acme", "adm", "<blank>"]])
    (tmp_path / "defaults").mkdir()
    (tmp_path / "defaults" / "generic.toml").write_text('words = ["admin"]')
    built = tmp_path / "defaults" / "vendors.toml"
    main(str(sheet), str(built))
    once = built.read_text()
    main(str(sheet), str(built))
    assert built.read_text() == once
    assert "made-up" not in once
    known = load_defaults(tmp_path)
    assert len(known.hashes) == 1
    assert known.knows("made-up-vendor-word")


@pytest.mark.real
def test_every_password_of_the_sheet_is_known_and_none_stands_in_clear():
    shared = Path(os.environ.get("ASEPSIS_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
    sheet = shared / "d_vulndata" / "default_credentials" / "DefaultCreds-Cheat-Sheet.csv"
    if not sheet.is_file():
        pytest.skip(f"the shared data are not here: {sheet}")
    import asepsis.knowledge

    data = Path(asepsis.knowledge.__file__).parent / "data"
    known = load_defaults(data)
    with sheet.open(encoding="utf-8", errors="replace", newline="") as file:
        words = passwords(csv.DictReader(file))
    assert len(words) > 1500
    assert all(known.knows(word) for word in words[:: len(words) // 40])
    text = (data / "defaults" / "vendors.toml").read_text()
    assert {digest for digest in known.hashes if digest in text} == known.hashes
    assert not [word for word in words if len(word) > 5 and f'"{word}"' in text]
