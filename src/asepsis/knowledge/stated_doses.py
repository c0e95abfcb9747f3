"""What a user states of the pumps and habits of his site, in place of what is taken for granted about doses.

A TOML file; only what is known better need be given (docs/traffic.md has all names):

    pump_step = 1            # mL/h: these pumps know whole millilitres only
    bedside_minutes = 30     # so long a nurse may take to confirm an order at the pump
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

from asepsis.knowledge.toml_file import KnowledgeError, build, read_table
from asepsis.model.dose_assumptions import NAMES, DoseAssumptions

MOST_MINUTES, MOST_TIMES, MOST_PERCENT, MOST_STEP = 7 * 24 * 60, 1000, 25, 10
"""More than this would switch a check off rather than set it."""
_MOST = {"pump_step": MOST_STEP, "rounding_percent": MOST_PERCENT, "leap": MOST_TIMES, "leap_of_fluid": MOST_TIMES}
_LEAST = {"leap": 1, "leap_of_fluid": 1}


def load_stated_doses(path: Path) -> DoseAssumptions:
    """Read and check the file. Raises ``KnowledgeError`` naming file and entry: what is written wrong must not be passed over."""
    table = read_table(path)
    unknown = sorted(set(table) - set(NAMES))
    if unknown or not table:
        raise KnowledgeError(f"{path}: {unknown[0] if unknown else 'states nothing'}: one of {', '.join(NAMES)} is expected")
    stated = build(table, DoseAssumptions, path)
    for name in table:
        value, least, most = getattr(stated, name), _LEAST.get(name, 0), _MOST.get(name, MOST_MINUTES)
        if not math.isfinite(value) or not least <= value <= most:
            raise KnowledgeError(f"{path}: {name}: {value:g} is not between {least} and {most}")
    return replace(stated, stated=tuple(sorted(table)))
