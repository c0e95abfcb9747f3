"""Names of products as the NVD writes them: CPE 2.3 formatted strings and CPE 2.2 URIs (NIST IR 7695)."""

from __future__ import annotations

import re
from typing import NamedTuple

ANY, NOTHING = "*", "-"
"""The two logical values: whatever it is; there is no such thing."""
_FIELDS = 11
_SPLIT = re.compile(r"(?<!\\):")
_ESCAPED = re.compile(r"\\(.)")
_PERCENT = re.compile(r"%([0-9a-f]{2})")
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
    def release(self) -> str:
        """Version and update together as upstream writes them (``7.4`` and ``p1`` are ``7.4p1``); empty when no version is named."""
        if self.version in {ANY, NOTHING}:
            return ""
        return self.version if self.update in {ANY, NOTHING} else f"{self.version}{self.update}"


def parse_cpe(text: str) -> Cpe | None:
    """The name in a 2.3 formatted string or a 2.2 URI; None for anything else. Never raises."""
    lowered = text.strip().lower()
    if lowered.startswith("cpe:2.3:"):
        fields = _SPLIT.split(lowered[len("cpe:2.3:") :])
        values = [_ESCAPED.sub(r"\1", value) or ANY for value in fields]
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
