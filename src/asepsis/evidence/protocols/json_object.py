"""A JSON file as a dictionary, whatever stands in it. No I/O."""

from __future__ import annotations

import json
import re
from typing import Any

from asepsis.evidence.reader import Malformed
from asepsis.guard.source import BoundedSource

_KEY = re.compile(r'^\s{0,400}"([^"\\\n]{1,400})"\s?:\s?\{', re.MULTILINE)


def json_object(text: str | bytes) -> dict[str, Any]:
    """The object that a file is. Raises ``Malformed``."""
    try:
        whole = json.loads(text if isinstance(text, str) else text.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise Malformed("no JSON", line=getattr(error, "lineno", None)) from error
    if not isinstance(whole, dict):
        raise Malformed("no JSON object")
    return whole


def read_object(source: BoundedSource) -> dict[str, Any]:
    """The object in a whole file. Raises ``Malformed``, ``LimitReached``."""
    return json_object(source.content())


def section(whole: dict[str, Any], key: str) -> dict[str, Any]:
    """The object below a key; an empty one if there is none."""
    value = whole.get(key)
    return value if isinstance(value, dict) else {}


def string(whole: dict[str, Any], key: str) -> str:
    """The text of a key; empty if it is something else."""
    value = whole.get(key)
    return value if isinstance(value, str) else ""


def key_lines(text: str) -> dict[str, int]:
    """The line of each key that has an object and a line of its own, the first of several."""
    lines, line, at = dict[str, int](), 1, 0
    for found in _KEY.finditer(text):
        line += text.count("\n", at, found.start(1))
        at = found.start(1)
        lines.setdefault(found[1], line)
    return lines
