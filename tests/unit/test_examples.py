"""The example devices: built from files of the repository, the same bytes every time, weak or mended as their README says."""

import gzip
import importlib
import io
import shutil
import struct
import tarfile
import tomllib
import zlib
from pathlib import Path
from types import ModuleType

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key, load_ssh_public_key

EXAMPLES = Path(__file__).parents[2] / "examples"
WEAK = EXAMPLES / "infusion-pump" / "image.toml"
MENDED = EXAMPLES / "infusion-pump" / "image-mended.toml"


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    return importlib.import_module("build")


def files(build: ModuleType, recipe: Path) -> dict[str, bytes]:
    members = build.members(recipe.parent, tomllib.loads(recipe.read_text()))
    return {name: member.data for name, member in members.items()}


@pytest.mark.parametrize("recipe", [WEAK, MENDED], ids=["weak", "mended"])
def test_the_same_files_give_the_same_bytes(build: ModuleType, recipe: Path) -> None:
    assert build.image(recipe, squashfs=False) == build.image(recipe, squashfs=False)


@pytest.mark.skipif(shutil.which("mksquashfs") is None, reason="mksquashfs is not installed")
def test_a_squashfs_image_does_not_depend_on_the_day_or_the_environment(build: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    first = build.image(WEAK, squashfs=True)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert build.image(WEAK, squashfs=True) == first
    assert first[build.FILES_AT :][:4] == b"hsqs"


def test_the_kernel_header_carries_both_of_its_checksums(build: ModuleType) -> None:
    image = build.image(WEAK, squashfs=False)
    magic, header_sum, _, size, _, _, data_sum = struct.unpack(">7I", image[:28])
    payload = image[64 : 64 + size]
    assert magic == 0x27051956
    assert header_sum == zlib.crc32(image[:4] + bytes(4) + image[8:64])
    assert data_sum == zlib.crc32(payload)
    assert b"Linux version 2.6.32.27 " in gzip.decompress(payload)


def test_without_mksquashfs_the_files_travel_as_a_tar_with_fixed_owner_and_time(build: ModuleType) -> None:
    image = build.image(WEAK, squashfs=False)
    with tarfile.open(fileobj=io.BytesIO(image[build.FILES_AT :])) as tar:
        entries = {entry.name: entry for entry in tar.getmembers()}
        assert {(entry.mtime, entry.uid, entry.gid) for entry in entries.values()} == {(0, 0, 0)}
    assert list(entries) == sorted(entries)
    assert entries["etc/shadow"].mode == 0o600
    assert entries["opt/pump/bin/update.sh"].mode == 0o755
    assert entries["usr/sbin/telnetd"].linkname == "../../bin/busybox"


def test_the_shipped_keys_are_real_and_belong_together(build: ModuleType) -> None:
    held = files(build, WEAK)
    private = load_pem_private_key(held["root/.ssh/id_ecdsa"], password=None)
    allowed = load_ssh_public_key(held["root/.ssh/authorized_keys"].rsplit(b" ", 1)[0])
    assert private.public_key() == allowed


def test_the_dropbear_host_key_is_a_working_rsa_key(build: ModuleType) -> None:
    rest, parts = files(build, WEAK)["etc/dropbear/dropbear_rsa_host_key"], []
    while rest:
        (length,) = struct.unpack(">I", rest[:4])
        parts.append(rest[4 : 4 + length])
        rest = rest[4 + length :]
    exponent, modulus, secret, first, second = (int.from_bytes(part, "big") for part in parts[1:])
    assert parts[0] == b"ssh-rsa"
    assert (modulus.bit_length(), first * second) == (1024, modulus)
    assert pow(pow(42, exponent, modulus), secret, modulus) == 42


def test_the_mended_twin_holds_no_private_key_no_hash_and_no_clear_secret(build: ModuleType) -> None:
    held = files(build, MENDED)
    assert [name for name, data in held.items() if b"PRIVATE KEY" in data or "id_ecdsa" in name or "host_key" in name] == []
    assert [line for line in held["etc/shadow"].splitlines() if line.split(b":")[1][:1] not in {b"!", b"*"}] == []
    assert b"psk=" not in held["etc/wpa_supplicant.conf"]
    assert b"curl -s -u" not in held["opt/pump/bin/upload.sh"]
    load_pem_public_key(held["etc/pump/update.pub"])


def test_the_mended_twin_starts_nothing_that_lets_a_stranger_in(build: ModuleType) -> None:
    held = files(build, MENDED)
    started = b"".join(data for name, data in held.items() if name == "etc/inittab" or name.startswith("etc/init.d/"))
    assert [word for word in (b"telnetd", b"dropbear", b"inetd", b"getty") if word in started] == []
    assert "etc/inetd.conf" not in held
    assert b"tls = no" not in held["etc/pump/gateway.conf"]


def test_no_key_file_lies_in_the_repository() -> None:
    assert [path for path in EXAMPLES.rglob("*") if path.is_file() and b"PRIVATE KEY-----" in path.read_bytes()] == []


def test_every_device_is_built_into_the_folder_asked_for(build: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main([str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["infusion-pump-mended.bin", "infusion-pump.bin"]
    assert "infusion-pump-mended.bin: " in capsys.readouterr().out


def test_a_kernel_that_does_not_fit_is_refused(build: ModuleType, tmp_path: Path) -> None:
    recipe = tmp_path / "image.toml"
    recipe.write_text('folders = []\nkernel = "1"\nkernel_banner = "' + "".join(f"{i:x}." for i in range(60000)) + '"\n')
    with pytest.raises(ValueError, match="the kernel needs"):
        build.image(recipe, squashfs=False)
