"""Flaws of one product that need another beside it (the AND nodes of an NVD configuration): whether that other is in the device."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from asepsis.findings.flaws.part import Part
from asepsis.findings.flaws.versions import UPSTREAM, key
from asepsis.model.cpe import ANY, NOTHING, Cpe, parse_cpe
from asepsis.model.facts import OperatingSystem
from asepsis.model.vulnerability import Affected

FAMILIES = {"linux": "linux", "android": "android", "windows": "windows", "microsoft": "windows", "apple": "apple", "macos": "apple"}
"""Words by which an operating system's vendor or name tells its family."""
DISTRIBUTIONS = frozenset({"debian", "ubuntu", "alpine", "openwrt", "fedora", "rhel", "centos", "raspbian", "yocto", "poky", "buildroot"})
"""Systems that are Linux without saying so in their name."""
_KERNELS = frozenset({("linux", "linux_kernel"), ("google", "android"), ("microsoft", "windows")})
"""Names that mean a whole family, where they name no version: Red Hat's Linux is not everybody's, nor Windows Server that of a device."""


class Inventory:
    """Everything that is in the device, as far as it is known."""

    def __init__(self, parts: Sequence[Part]) -> None:
        """Index by vendor and product."""
        self._by_product: dict[tuple[str, str], list[Part]] = {}
        for part in parts:
            for name in part.cpes:
                self._by_product.setdefault((name.vendor, name.product), []).append(part)
        self.families = tuple(sorted({family for part in parts for family in _families(part)}))
        self._kernel_only = self.families == ("linux",) and not any(map(_is_distribution, parts))

    def lacks(self, statement: Affected) -> str:
        """Why something that the flaw needs beside it is certainly not here, in words; else an empty string."""
        for group in statement.with_:
            names = [name for name in map(parse_cpe, group) if name is not None]
            if names and self.families and all(self._is_another_system(name) for name in names):
                return f"only beside {_listed(names)}, and the device's system is {' and '.join(self.families)}"
        return ""

    def doubts(self, statement: Affected) -> tuple[str, ...]:
        """What the flaw needs beside it and was not seen: hardware, or software that nobody named."""
        groups = [[name for name in map(parse_cpe, group) if name is not None] for group in statement.with_]
        return tuple(f"only beside {_listed(names)}, which was not seen" for names in groups if names and not any(map(self._has, names)))

    def _has(self, name: Cpe) -> bool:
        if any(_same_version(part, name) for part in self._by_product.get((name.vendor, name.product), ())):
            return True
        return name.version in {ANY, NOTHING} and (name.vendor, name.product) in _KERNELS and _family(name) in self.families

    def _is_another_system(self, name: Cpe) -> bool:
        """An operating system of a family that this device has none of. A bare kernel of Linux may be that of Android."""
        family = _family(name)
        if family == "android" and self._kernel_only:
            return False
        return name.part == "o" and bool(family) and family not in self.families and not self._has(name)


def _same_version(part: Part, name: Cpe) -> bool:
    """A name without a version, or with ours."""
    return not name.release or part.version == name.release or key(UPSTREAM, part.version) == key(UPSTREAM, name.release)


def _families(part: Part) -> Iterable[str]:
    if any(isinstance(one, OperatingSystem) for one in part.said):
        yield from (FAMILIES[word] for word in _system_words(part) if word in FAMILIES)
    if _is_distribution(part):
        yield "linux"


def _is_distribution(part: Part) -> bool:
    return any(isinstance(one, OperatingSystem) for one in part.said) and not DISTRIBUTIONS.isdisjoint(_system_words(part))


def _system_words(part: Part) -> list[str]:
    return (part.product or part.name).lower().replace("-", " ").split()


def _family(name: Cpe) -> str:
    words = f"{name.vendor}_{name.product}".split("_")
    return next((FAMILIES[word] for word in words if word in FAMILIES), "")


def _listed(names: Sequence[Cpe]) -> str:
    shown = [f"{name.vendor} {name.product} {name.release}".strip() for name in names]
    return " or ".join(shown[:3]) + (f" or one of {len(shown) - 3} more" if len(shown) > 3 else "")  # noqa: PLR2004
