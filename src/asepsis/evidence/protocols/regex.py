"""What a regular expression becomes for the pattern engine, and whether confirming it could take for ever. No I/O.

The engine knows no look-arounds and no names of groups. An assertion that is left out only widens what the engine sees, and leaves its
ends where they are; ``re`` confirms with the whole expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"(?P<class>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<escape>\\.)|(?P<named>\(\?P<\w+>)|(?P<back>\(\?P=\w+\)|\(\?\()|(?P<look>\(\?<?[=!])"
    r"|(?P<open>\((?:\?:)?)(?!\?)|(?P<flags>\(\?)|(?P<close>\))|(?P<repeat>[*+?]|\{\d*,?\d*\})(?P<lazy>[?+]?)|(?P<anchor>[\^$])|(?P<other>.)",
    re.DOTALL,
)
_ANCHORS = frozenset({"\\A", "\\Z", "\\z", "\\G"})
_OPENERS = frozenset({"named", "look", "open"})
_WORD_EDGES = frozenset({"\\b", "\\B"})


class Refused(ValueError):
    """An expression that cannot be searched for; the message says why."""


@dataclass(slots=True)
class _Group:
    """An open group: whether it is a look-around, what is repeated in it."""

    look: bool = False
    varies: bool = False
    endless: bool = False


def engine_form(regex: str) -> str:
    """The expression without assertions and names of groups. Raises ``Refused`` for what an engine cannot do."""
    out: list[str] = []
    looks: list[bool] = []
    for found in _TOKEN.finditer(regex):
        kind, text = found.lastgroup or "", found.group()
        hidden = any(looks) or kind == "look"
        if kind in _OPENERS:
            looks.append(kind == "look")
        elif kind == "close" and looks:
            looks.pop()
        if not hidden:
            _refuse(kind, text)
            out.append("(" if kind == "named" else "" if text in _WORD_EDGES else text)
    return "".join(out)


def _refuse(kind: str, text: str) -> None:
    if kind == "anchor" or text in _ANCHORS:
        raise Refused(f"{text} would see the ends of a window, not of a line; look around with (?<![^\\n]) and (?![^\\r\\n])")
    if kind == "back" or (kind == "escape" and text[1] in "123456789"):
        raise Refused("the pattern engine knows no references to groups; say in 'engine' what it should look for")
    if kind == "flags":
        raise Refused("flags and atomic groups are not known; use any_case")


def check_repeats(regex: str) -> None:
    """Raise ``Refused`` where a repeated group holds a repeat of open length: confirming ``(a+)+b`` takes for ever on ``aaaa…``."""
    groups, closed = [_Group()], None
    for kind, text in _tokens(regex):
        if kind in {"named", "look", "open", "flags", "back"}:
            groups.append(_Group(look=kind == "look"))
        elif kind == "close" and len(groups) > 1:
            closed = groups.pop()
            groups[-1].varies |= closed.varies
            groups[-1].endless |= closed.endless
            continue
        elif kind == "repeat":
            varies, endless, many = _repeat(text)
            if closed and many and (closed.endless or (endless and closed.varies)):
                raise Refused(f"a repeat in a repeated group ({text}): give the inner one a bound, or leave one out")
            groups[-1].varies |= varies
            groups[-1].endless |= endless
        closed = None


def _tokens(regex: str) -> Iterator[tuple[str, str]]:
    for found in _TOKEN.finditer(regex):
        if found["repeat"] is not None:
            yield "repeat", found["repeat"]
        elif found["back"] != "(?(" and found["back"] is not None:
            continue
        else:
            yield found.lastgroup or "", found.group()


def _repeat(text: str) -> tuple[bool, bool, bool]:
    """Whether a repeat varies in length, has no end, and may be more than one."""
    if text[0] != "{":
        return True, text in "*+", text in "*+"
    low, comma, high = text[1:-1].partition(",")
    endless = bool(comma) and not high
    return bool(comma) and low != high, endless, endless or int(high or low or 0) > 1
