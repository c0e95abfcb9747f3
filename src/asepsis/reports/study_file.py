"""The study file: a study as canonical JSON, the way back, and the JSON Schema of both.

Three keys are not fields of :class:`Study`: ``schema`` (the field ``schema_``), ``feasibility`` of each path (joined from its rating, null
without one) and ``cuts`` of each plan (which control cuts which paths). They are written for readers who do not join tables, and
checked on the way back.

File names may hold bytes that are not UTF-8 (Python keeps them as lone surrogates) and JSON may not. Such a character is
written as ``␛`` and its four hex digits, and so is ``␛`` itself (``␛241B``): valid UTF-8, and nothing is lost.
"""

from __future__ import annotations

import inspect
import math
import re
import sys
from collections.abc import Callable
from typing import Any

import msgspec

from asepsis.model.study import SCHEMA, Study
from asepsis.reports.text import visible

ESCAPE = "␛"
_TO_ESCAPE = re.compile("[\ud800-\udfff␛]")
_ESCAPED = re.compile("␛([0-9A-F]{4})")
_TURNS_OR_HIDES = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Written as ``\\uXXXX``: a terminal or an editor that shows the file must not obey them."""


class StudyError(Exception):
    """The file is no study this tool can read; the message is one line for the user."""


def dump(study: Study) -> bytes:
    """The study as UTF-8 JSON, indented, in a fixed order. Raises ``StudyError`` for a number that is none (NaN)."""
    text = msgspec.json.format(msgspec.json.encode(document(study)), indent=2).decode()
    return (_TURNS_OR_HIDES.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n").encode()


def load(data: bytes) -> Study:
    """A study from its file. Raises ``StudyError`` for anything that :func:`dump` did not write or that contradicts itself."""
    try:
        given = msgspec.json.decode(data)
        _check_schema(given)
        raw = _each_value(given, _restored)
        raw["schema_"] = raw.pop("schema")
        study = msgspec.convert(raw, Study, strict=True)
        _check_same(given, document(study), "")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise StudyError(f"not a study file: {visible(str(error), 300)}") from error
    return study


def document(study: Study) -> dict[str, Any]:
    """The study as plain dicts and lists, with the keys of the study file."""
    built: dict[str, Any] = msgspec.to_builtins(study, order="deterministic")
    feasibility = {rating.path: rating.feasibility for rating in study.ratings}
    for path in built["paths"]:
        path["feasibility"] = feasibility.get(path["id"])
    for plan in (built["plan"], *built["alternatives"]):
        plan["cuts"] = [{"control": chosen["id"], "device": chosen["device"], "paths": [*chosen["cuts"]]} for chosen in plan["controls"]]
    whole = {"schema": built.pop("schema_"), **built}
    written: dict[str, Any] = _each_value(whole, _written)
    return written


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the study file, generated from the model. Every key that is not listed is an error."""
    _, definitions = msgspec.json.schema_components([Study], ref_template="#/$defs/{name}")
    _add(definitions["Path"], "feasibility", {"anyOf": [{"enum": ["low", "medium", "high"]}, {"type": "null"}]})
    _add(definitions["Plan"], "cuts", {"type": "array", "items": _CUT})
    for definition in definitions.values():
        _tidy(definition)
    study = definitions.pop("Study")
    properties = {"schema": {"const": SCHEMA}, **study["properties"]}
    del properties["schema_"]
    required = ["schema", *[name for name in study["required"] if name != "schema_"]]
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, "title": "Asepsis study"}
    return {**head, **study, "title": head["title"], "properties": properties, "required": required, "$defs": dict(sorted(definitions.items()))}


def schema_bytes() -> bytes:
    """The schema as the file that ships with the tool."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2) + b"\n"


_CUT = {
    "type": "object",
    "description": "A control of the plan and the ids of the paths it cuts.",
    "properties": {"control": {"type": "string"}, "device": {"type": "string"}, "paths": {"type": "array", "items": {"type": "string"}}},
    "required": ["control", "device", "paths"],
    "additionalProperties": False,
}


def _add(definition: dict[str, Any], name: str, what: dict[str, Any]) -> None:
    definition["properties"][name] = what
    definition["required"] = [*definition["required"], name]


def _tidy(definition: dict[str, Any]) -> None:
    if "description" in definition:
        definition["description"] = " ".join(inspect.cleandoc(definition["description"]).replace("``", "`").split())
    if definition.get("type") == "object":
        definition.setdefault("additionalProperties", False)


def _each_value(value: Any, change: Callable[[Any], Any]) -> Any:
    """A copy in which every text and number has been changed, keys too."""
    if isinstance(value, dict):
        return {change(key): _each_value(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_each_value(item, change) for item in value]
    return change(value)


def _written(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else _TO_ESCAPE.sub(lambda found: f"{ESCAPE}{ord(found[0]):04X}", value)
    if isinstance(value, float) and not math.isfinite(value):
        return _finite(value)
    return value


def _finite(value: float) -> float:
    """JSON has no infinity: the largest number stands for it (the gap of a plan whose bound is not known)."""
    if math.isnan(value):
        raise StudyError("the study holds a number that is none (NaN); this is a fault of Asepsis")
    return math.copysign(sys.float_info.max, value)


def _restored(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    if isinstance(value, float) and abs(value) == sys.float_info.max:
        return math.copysign(math.inf, value)
    return value


def _check_schema(given: Any) -> None:
    if not isinstance(given, dict) or "schema" not in given:
        raise StudyError("not a study file: it does not name its schema")
    if given["schema"] != SCHEMA:
        raise StudyError(f"not a study of this version: its schema is {visible(str(given['schema']), 100)}, this tool reads {SCHEMA}")


def _check_same(given: Any, again: Any, place: str) -> None:
    """Everything given must come out again, else something was dropped in silence or contradicts the rest."""
    if isinstance(given, dict) and isinstance(again, dict):
        for key, value in given.items():
            here = f"{place}.{key}" if place else key
            if key not in again:
                raise StudyError(f"not a study file: unknown key {visible(here, 200)}")
            _check_same(value, again[key], here)
    elif isinstance(given, list) and isinstance(again, list) and len(given) == len(again):
        for number, (one, other) in enumerate(zip(given, again, strict=True)):
            _check_same(one, other, f"{place}[{number}]")
    elif given != again:
        raise StudyError(f"not a study file: {visible(place, 200)} contradicts the rest of the study")
