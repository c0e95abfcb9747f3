"""Real images come apart as their makers put them together."""

import pytest

from asepsis.guard.digest import hash_evidence
from asepsis.guard.limits import STANDARD
from asepsis.guard.tools import unblob_installed
from asepsis.guard.unpack import Unpacked, unpack
from asepsis.model.evidence import Evidence, EvidenceKind

from .shared import DATA

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(DATA is None, reason="the shared data folder is not here"),
    pytest.mark.skipif(not unblob_installed(), reason="the extract extra is not installed"),
]


def taken_apart(name: str, tmp_path) -> Unpacked:
    assert DATA is not None
    path = DATA / "a_firmware" / name
    sha256, _, size, _ = hash_evidence(path)
    return unpack(path, Evidence("e1", EvidenceKind.FIRMWARE, path.name, sha256, size), tmp_path, STANDARD, lambda _: None)


@pytest.mark.parametrize(
    ("name", "shadow"),
    [
        ("lab_images/lab_dvarm_uimage_squashfs.bin", "lab_dvarm_uimage_squashfs.bin!1703936-3297280.squashfs_v4_le!etc/shadow"),
        ("lab_images/lab_iotgoat_overlay.cpio.gz", "lab_iotgoat_overlay.cpio.gz!lab_iotgoat_overlay.cpio!etc/shadow"),
        ("lab_images/lab_iotgoat_overlay.jffs2", "lab_iotgoat_overlay.jffs2!etc/shadow"),
        ("emux/DV-ARM_rootfs-arm.tar.bz2", "DV-ARM_rootfs-arm.tar.bz2!DV-ARM_rootfs-arm.tar!rootfs-arm/etc/shadow"),
        ("emux/DV-MIPSEL_rootfs-mipsel.tar.bz2", "DV-MIPSEL_rootfs-mipsel.tar.bz2!DV-MIPSEL_rootfs-mipsel.tar!rootfs-mipsel/etc/shadow"),
    ],
)
def test_the_root_file_system_comes_out_whole(name, shadow, tmp_path):
    result = taken_apart(name, tmp_path)
    assert shadow in [file.where.path for file in result.files]
    assert result.bytes_understood == result.bytes_total
    assert result.problems == ()
    assert result.hostile == ()


def test_an_old_squashfs_names_the_program_that_would_read_it(tmp_path):
    result = taken_apart("binwalk_inputs/squashfs_v2.bin", tmp_path)
    assert {problem.cause.value for problem in result.problems} == {"broken-input", "missing-tool"}
    assert result.bytes_understood == 0


def test_flash_of_a_makers_own_format_is_not_called_understood(tmp_path):
    result = taken_apart("lab_images/lab_nvs_plain.bin", tmp_path)
    assert [file.where.path for file in result.files] == ["lab_nvs_plain.bin"]
    assert result.bytes_understood == 0
    assert result.unopened == ("lab_nvs_plain.bin",)
