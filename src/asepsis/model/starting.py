"""Facts about what a start depends on beyond its own file; reading settles them and drops them."""

from __future__ import annotations

from dataclasses import dataclass

from asepsis.model.fact import Fact


@dataclass(frozen=True, slots=True)
class UnitPreset(Fact):
    """What systemd makes of its units at its first boot, in the order of the lines.

    ``says`` is ``enable``, ``disable`` or ``ignore`` of the ``units`` (a glob), ``nothing`` of a file without a rule, or ``no first boot``.
    """

    says: str
    units: str = ""


@dataclass(frozen=True, slots=True)
class SourcedSettings(Fact):
    """The ports, addresses and options that a file sets for the scripts that take it in: ``text`` is its assignments, one a line."""

    text: str


@dataclass(frozen=True, slots=True)
class UnsettledStart(Fact):
    """A start with variables that a file taken in may set; the other attributes are those of the start.

    ``script`` is what matters of it: assignments, ``. FILE`` lines, and the command in the last line.
    """

    script: str
    by: str
    enabled: bool | None = True
    run_levels: str = ""
    user: str = ""
