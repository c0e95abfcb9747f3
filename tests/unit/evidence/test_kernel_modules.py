"""Modules of the kernel, and the settings that it carries inside."""

from __future__ import annotations

import gzip

import pytest

from asepsis.evidence.reader import Malformed
from asepsis.evidence.readers.firmware.ikconfig import IkconfigReader
from asepsis.evidence.readers.firmware.kernel_modules import KernelModulesReader
from asepsis.model.facts import KernelModule
from tests.unit.evidence.reading import read_file, search

HEAD = b"\x7fELF\1\1\1" + bytes(9) + b"\1\0"
INFO = b"\0license=GPL\0depends=rfkill,ecdh_generic\0name=bluetooth\0vermagic=4.14.95 SMP mod_unload ARMv7 \0"
PLACE = "lib/modules/4.14.95/kernel/net/bluetooth/bluetooth.ko"


def modules(data: bytes, path: str = PLACE) -> list[KernelModule]:
    return [fact for fact in read_file(KernelModulesReader(), data, path) if isinstance(fact, KernelModule)]


def test_a_module_says_its_name_its_kernel_and_what_it_needs():
    (module,) = modules(HEAD + INFO)
    assert (module.name, module.source, module.vermagic) == ("bluetooth", "net/bluetooth/bluetooth", "4.14.95 SMP mod_unload ARMv7")
    assert module.depends == ("ecdh_generic", "rfkill")
    assert not module.built_in


def test_a_module_of_an_old_kernel_is_called_as_its_file():
    (module,) = modules(HEAD + b"\0vermagic=2.6.30 mod_unload \0depends=\0", "opt/drivers/pump_spi.ko")
    assert (module.name, module.source, module.depends) == ("pump_spi", "", ())


def test_the_list_names_those_that_are_built_in():
    found = modules(b"kernel/fs/ext4/ext4.ko\nkernel/net/ipv4/tunnel4.ko\nnonsense\n", "lib/modules/5.10.0/modules.builtin")
    assert [(one.name, one.source, one.built_in, one.where.line) for one in found] == [
        ("ext4", "fs/ext4/ext4", True, 1),
        ("tunnel4", "net/ipv4/tunnel4", True, 2),
    ]


@pytest.mark.parametrize("data", [b"", b"\x7fELF\1\1\1" + bytes(9) + b"\3\0" + INFO, b"text called .ko"])
def test_what_is_only_called_like_a_module_is_none(data: bytes):
    assert modules(data, "usr/lib/plugin.ko") == []


def test_a_kernel_carries_its_own_settings():
    packed = gzip.compress(b"# Linux/arm 4.14.95 Kernel Configuration\nCONFIG_BT=m\n# CONFIG_SMACK is not set\n", mtime=0)
    facts = search(IkconfigReader(), bytes(100) + b"IKCFG_ST" + packed + b"IKCFG_ED" + bytes(100), "boot/Image")
    assert [(fact.name, fact.value, fact.where.offset) for fact in facts] == [("BT", "m", 100), ("SMACK", "n", 100)]


def test_settings_that_do_not_unpack_are_said():
    with pytest.raises(Malformed, match="do not unpack"):
        search(IkconfigReader(), b"IKCFG_ST\x1f\x8b\x08" + b"\xff" * 100)
