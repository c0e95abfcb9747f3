"""Presets of systemd, and whether the next boot is the first.

``enable GLOB``, ``disable GLOB``, ``ignore GLOB`` in ``system-preset/*.preset`` (systemd.preset(5)): at the first boot systemd switches on the units
that they enable. It is the first if ``/etc/machine-id`` is not there or holds ``uninitialized``; an empty file is an id to be made at each boot
(machine-id(5), "First Boot Semantics"). What comes of it is settled in :mod:`asepsis.evidence.protocols.presets`.

Known ways it lies: a unit that no rule names is enabled, too; the kernel's command line may say that this boot is not the first.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.text import word_lines
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import UnitPreset

_MACHINE = re.compile(r"(?:^|/)etc/machine-id$")
_PATH = re.compile(r"(?:^|/)systemd/system-preset/[^/]+\.preset$")
_SAYS = frozenset({"enable", "disable", "ignore"})
_FIRST_BOOT = "uninitialized"


class SystemdPresetReader:
    """Emits a :class:`UnitPreset` for each rule, one for a file without any, and one for a machine that has its id."""

    info = ReaderInfo(
        "systemd_preset", "Units that systemd switches on at its first boot", (UnitPreset,), ("system-preset/*.preset", "etc/machine-id")
    )
    signs = Signs(paths=(_MACHINE, _PATH), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By place: an empty file means something."""
        return Sureness.YES if (_PATH.search(path) or _MACHINE.search(path)) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line."""
        if _MACHINE.search(source.path):
            if not any(line.strip() == _FIRST_BOOT for _, line in source.lines()):
                emit(UnitPreset(source.where(), "no first boot"))
            return
        told = False
        for number, words in word_lines(source.lines(), comments="#;"):
            if words[0] in _SAYS and len(words) > 1:
                told = True
                emit(UnitPreset(source.where(line=number), words[0], words[1][:256]))
        if not told:
            emit(UnitPreset(source.where(), "nothing"))
