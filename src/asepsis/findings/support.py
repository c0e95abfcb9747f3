"""Whether a piece of software is still mended, on the day of the assessment."""

from __future__ import annotations

from dataclasses import dataclass

from asepsis.findings.rule import Context
from asepsis.findings.words import short
from asepsis.knowledge.end_of_support import SupportStatus
from asepsis.model.device import ASSUMPTIONS, Mark

ENDED, UNSUPPORTED_FOR_ALL_WE_KNOW, SUPPORTED, NOT_IN_TABLE = "ended", "no evidence of support", "supported", "not in the table"


@dataclass(frozen=True, slots=True)
class Support:
    """``state`` is one of the four words above; ``words`` say what was compared, ``assumes`` what of it is not verified.

    ``abandoned``: it ended because nobody maintains it any more, not because its makers set an end.
    """

    state: str
    words: str
    assumes: tuple[str, ...] = ()
    abandoned: bool = False


def support(context: Context, product: str, name: str, version: str) -> Support:
    """Compare the release line's end with the day of the assessment. An unknown end is never taken for an end."""
    line = context.knowledge.end_of_support(product or name, version)
    shown = f"{short(name)} {short(version)}".strip()
    if line is None:
        return Support(NOT_IN_TABLE, f"{shown} is not in the table of ends of support")
    mark = Mark(line.mark)
    assumes = (f"Support of {shown}: {short(line.source, 200)} [{mark.value}]",) if mark in ASSUMPTIONS else ()
    if line.ends is None and line.status == "unknown":
        return Support(UNSUPPORTED_FOR_ALL_WE_KNOW, f"{short(line.source, 200)}; ask the maker", assumes)
    if line.ends is None:
        return Support(SUPPORTED, f"{shown}: {short(line.source, 200)}", assumes)
    if line.ends < context.as_of and line.status == SupportStatus.ABANDONED:
        since = f"nobody is known to have maintained {shown} since {line.ends.isoformat()} ({short(line.source, 200)})"
        return Support(ENDED, since, assumes, abandoned=True)
    if line.ends < context.as_of:
        return Support(ENDED, f"support of {short(line.product)} {line.cycle} ended on {line.ends.isoformat()} ({short(line.source, 200)})", assumes)
    stated = f" ({short(line.source, 200)})" if mark is Mark.USER else ""
    return Support(SUPPORTED, f"support of {short(line.product)} {line.cycle} ends on {line.ends.isoformat()}{stated}", assumes)
