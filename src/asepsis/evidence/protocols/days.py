"""Days as settings of programs write them. No I/O."""

from __future__ import annotations

import re
from datetime import date

_DAY = re.compile(r"(?<!\d)(20\d\d|19\d\d)[-/.]?(0[1-9]|1[0-2])[-/.]?(0[1-9]|[12]\d|3[01])(?!\d)")


def day_in(text: str) -> date | None:
    """The first day written as ``2016/03/10``, ``2016-03-10`` or ``20160310``."""
    for found in _DAY.finditer(text[:512]):
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            continue
    return None
