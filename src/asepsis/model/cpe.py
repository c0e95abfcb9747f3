"""Names of products as the NVD writes them: CPE 2.3 formatted strings and CPE 2.2 URIs (NIST IR 7695)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

ANY, NOTHING = "*", "-"
"""The two logical values: whatever it is; there is no such thing."""
_FIELDS = 11
_SPLIT = re.compile(r"(?<!\\):")
_ESCAPED = re.compile(r"\\(.)")
_PERCENT = re.compile(r"%([0-9a-f]{2})")
_UNSAFE = re.compile(r"([^a-z0-9_.*?-])")
_PATCH = re.compile(r"p\d+")
_EDITION = 5
"""Where a URI packs five attributes into one: ``~edition~sw_edition~target_sw~target_hw~other``."""


class Cpe(NamedTuple):
    """The eleven attributes, lower case, without escapes. A name that says less has ``*`` for the rest."""

    part: str = ANY
    vendor: str = ANY
    product: str = ANY
    version: str = ANY
    update: str = ANY
    edition: str = ANY
    language: str = ANY
    sw_edition: str = ANY
    target_sw: str = ANY
    target_hw: str = ANY
    other: str = ANY

    @property
    def key(self) -> str:
        """Under which the store keeps what is said of the product: ``cpe:a:openbsd:openssh``."""
        return f"cpe:{self.part}:{self.vendor}:{self.product}"

    @property
    def is_product(self) -> bool:
        """Whether it names at least a kind, a vendor and a product."""
        return self.part != ANY and not {self.vendor, self.product} & {ANY, NOTHING}

    @property
    def release(self) -> str:
        """Version and update as upstream writes them (7.4 and p1 are ``7.4p1``, 1.2.0 and rc2 ``1.2.0-rc2``); empty when no version is named."""
        if self.version in {ANY, NOTHING}:
            return ""
        joint = "" if _PATCH.fullmatch(self.update) else "-"
        return self.version if self.update in {ANY, NOTHING} else f"{self.version}{joint}{self.update}"

    @property
    def of_any_version(self) -> Cpe:
        """The name with wildcards for version and update."""
        return self._replace(version=ANY, update=ANY)

    def __str__(self) -> str:
        """As a CPE 2.3 formatted string (NIST IR 7695, 6.2)."""
        return ":".join(("cpe:2.3", *(value if value in {ANY, NOTHING} else _UNSAFE.sub(r"\\\1", value) for value in self)))


@lru_cache(maxsize=16_384)
def parse_cpe(text: str) -> Cpe | None:
    """The name in a 2.3 formatted string or a 2.2 URI; None for anything else. Never raises.

    Remembered, because thousands of statements of a store name the same products.
    """
    lowered = text.strip().lower()
    if lowered.startswith("cpe:2.3:"):
        rest = lowered[len("cpe:2.3:") :]
        fields = [_ESCAPED.sub(r"\1", value) for value in _SPLIT.split(rest)] if "\\" in rest else rest.split(":")
        values = [value or ANY for value in fields]
    elif lowered.startswith("cpe:/"):
        values = _unpacked([_PERCENT.sub(_character, value) or ANY for value in lowered[len("cpe:/") :].split(":")])
    else:
        return None
    if len(values) > _FIELDS or len(values) < len(("part", "vendor", "product")) or values[0] not in {"a", "o", "h", ANY}:
        return None
    return Cpe(*values)


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def _unpacked(values: list[str]) -> list[str]:
    if len(values) <= _EDITION or not values[_EDITION].startswith("~"):
        return values
    edition, *more = [value or ANY for value in values[_EDITION][1:].split("~")]
    return [*values[:_EDITION], edition, *values[_EDITION + 1 : _EDITION + 2], *([ANY] if len(values) == _EDITION + 1 else []), *more]


LINUX_KERNEL = str(Cpe("o", "linux", "linux_kernel"))
"""In any version."""
