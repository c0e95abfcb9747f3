"""The name and version of the operating system as it says itself.

``os-release`` (``ID``, ``VERSION_ID``, os-release(5)), OpenWrt's ``openwrt_release`` (``DISTRIB_RELEASE``), ``debian_version``, ``alpine-
release``, Android's ``build.prop``.

Known ways it lies: makers rename the distribution they build on; a release without digits is looked for in the description.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.text import key_file, unquote
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import OperatingSystem

_PATH = re.compile(r"(?:^|/)(os-release|openwrt_release|debian_version|alpine-release|lsb-release|build\.prop|initrd-release)$")
_VERSION = re.compile(r"\d+(?:\.\d+)*")
_PRODUCTS = {
    "debian": "debian",
    "raspbian": "debian",
    "ubuntu": "ubuntu",
    "openwrt": "openwrt",
    "lede": "openwrt",
    "alpine": "alpine-linux",
    "centos": "centos",
    "rhel": "rhel",
    "fedora": "fedora",
    "poky": "yocto",
    "amzn": "amazon-linux",
    "rocky": "rocky-linux",
    "almalinux": "almalinux",
    "opensuse-leap": "opensuse",
    "sles": "sles",
}
"""ID of os-release → product of the end-of-support table (endoflife.date's names)."""


class OsReleaseReader:
    """Emits one :class:`OperatingSystem`."""

    info = ReaderInfo(
        "os_release",
        "Name and version of the operating system",
        (OperatingSystem,),
        ("os-release", "openwrt_release", "debian_version", "build.prop"),
    )
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``NotThisFormat`` if no version is in it."""
        found = _PATH.search(source.path)
        name, version, product, line = _read(found.group(1) if found else "", source)
        if not version:
            raise NotThisFormat
        emit(OperatingSystem(source.where(line=line), name[:64], version[:64], product))


def _read(kind: str, source: BoundedSource) -> tuple[str, str, str, int]:
    """Name, version, product and line."""
    if kind in {"debian_version", "alpine-release"}:
        text = source.content(4096).decode("utf-8", "replace").strip()
        first = _VERSION.match(text)
        name = "Debian" if kind == "debian_version" else "Alpine Linux"
        return name, first.group() if first else "", "debian" if name == "Debian" else "alpine-linux", 1
    values = {entry.key: (unquote(entry.value), entry.line) for entry in key_file(source.lines(), comments="#")}
    if kind == "build.prop":
        version, line = values.get("ro.build.version.release", ("", 1))
        return "Android", version, "android", line
    if kind in {"openwrt_release", "lsb-release"}:
        return _distrib(kind, values)
    identity, _ = values.get("ID", ("", 1))
    version, line = values.get("VERSION_ID", ("", 1))
    return values.get("NAME", (identity, 1))[0] or identity, version, _product(identity, values), line


def _distrib(kind: str, values: dict[str, tuple[str, int]]) -> tuple[str, str, str, int]:
    """``DISTRIB_RELEASE`` may be a code name; then the description has the number."""
    name, _ = values.get("DISTRIB_ID", ("", 1))
    for key in ("DISTRIB_RELEASE", "DISTRIB_DESCRIPTION"):
        text, line = values.get(key, ("", 1))
        number = re.search(r"\d+\.\d+(?:\.\d+)*", text)
        if number:
            return name, number.group(), "openwrt" if kind == "openwrt_release" else _PRODUCTS.get(name.lower(), ""), line
    return name, "", "", 1


def _product(identity: str, values: dict[str, tuple[str, int]]) -> str:
    """By its own id, else by the first it says it is like."""
    like = values.get("ID_LIKE", ("", 1))[0].split()
    known = _PRODUCTS.get(identity)
    # A derivative counts its own versions, so only its own id names the table's product.
    return known or ("yocto" if "poky" in like else "")
