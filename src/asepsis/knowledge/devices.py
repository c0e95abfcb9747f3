"""Device profiles: the shipped ones, the user's own, and the text to start one's own from.

A profile is TOML with the keys of :class:`asepsis.model.device.Device`. A user's profile may say ``extends = "infusion-pump"`` and give
only what differs: functions and barriers are matched by ``id``, harms by ``effect``, interfaces by ``name``, losses
by ``control``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from asepsis.knowledge.toml_file import SLUG, KnowledgeError, build, near, one_line, read_table
from asepsis.model.device import BarrierState, Device, Mark

DEVICES = Path(__file__).parent / "data" / "devices"

KEYS = {"functions": "id", "harms": "effect", "barriers": "id", "interfaces": "name", "losses": "control"}
"""List → the key by which its entries are matched and must be unique."""


def shipped_ids(folder: Path = DEVICES) -> tuple[str, ...]:
    """The ids of all shipped profiles, sorted."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


def shipped_device(device_id: str, folder: Path = DEVICES) -> Device:
    """One shipped profile. Raises ``KnowledgeError`` naming near ids if there is none."""
    ids = shipped_ids(folder)
    if device_id not in ids:
        raise KnowledgeError(f"no such device profile: {one_line(device_id)}{near(device_id, ids)}")
    path = folder / f"{device_id}.toml"
    return _device(read_table(path), path)


def load_device(path: Path, folder: Path = DEVICES) -> Device:
    """A user's profile from a TOML file. What it states without a mark is marked as the user's own.

    Raises ``KnowledgeError`` in one line naming file and key: bad TOML, unknown or missing keys, a level outside 1…5, a word that is no
    zone, effect, route or mark (with near ones), ids used twice, a barrier for nothing, a barrier called verified without saying by what.
    """
    table = read_table(path)
    parent = table.pop("extends", None)
    _mark_as_users(table)
    if parent is not None:
        if not isinstance(parent, str):
            raise KnowledgeError(f"{path}: extends: must be the id of a shipped profile")
        if parent not in shipped_ids(folder):
            raise KnowledgeError(f"{path}: extends: no such device profile: {one_line(parent)}{near(parent, shipped_ids(folder))}")
        for complaint in _stated_twice(table):
            raise KnowledgeError(f"{path}: {one_line(complaint)}")
        table = _merged(read_table(folder / f"{parent}.toml"), table)
    return _device(table, path)


def device_toml(device: Device) -> str:
    """A commented TOML text that ``load_device`` reads back to an equal ``device``."""
    return "\n".join(_lines(device)) + "\n"


def _mark_as_users(table: dict[str, Any]) -> None:
    for function in _tables(table.get("functions")):
        for harm in _tables(function.get("harms")):
            harm.setdefault("mark", Mark.USER.value)
    for interface in _tables(table.get("interfaces")):
        interface.setdefault("mark", Mark.USER.value)
    for loss in _tables(table.get("losses")):
        loss.setdefault("mark", Mark.USER.value)


def _tables(value: object) -> Iterator[dict[str, Any]]:
    """The tables in a list, whatever else a user put there; ``build`` complains about the rest."""
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """``base`` with ``own`` laid over it; entries of lists are matched by their key, new ones are appended."""
    result = dict(base)
    for name, value in own.items():
        key = KEYS.get(name)
        if key and isinstance(value, list) and isinstance(base.get(name), list):
            result[name] = _merged_list(base[name], value, key)
        else:
            result[name] = value
    return result


def _merged_list(base: list[Any], own: list[Any], key: str) -> list[Any]:
    overrides = {item[key]: item for item in _tables(own) if isinstance(item.get(key), str)}
    known = {item[key] for item in base}
    merged = [_merged(_without_source(item), overrides[item[key]]) if item[key] in overrides else item for item in base]
    return merged + [item for item in own if not isinstance(item, dict) or item.get(key) not in known]


def _stated_twice(table: dict[str, Any]) -> Iterator[str]:
    """Entries of the user's own that share a key: merging would keep only one of them."""
    for name, key in KEYS.items():
        entries = list(_tables(table.get(name)))
        yield from _repeated(name, (item[key] for item in entries if isinstance(item.get(key), str)))
        for item in entries:
            yield from _stated_twice(item)


def _without_source(item: dict[str, Any]) -> dict[str, Any]:
    """What a user changes no longer rests on the source of the shipped entry."""
    return {name: value for name, value in item.items() if name != "source"}


def _device(table: dict[str, Any], path: Path) -> Device:
    if isinstance(table.get("date"), date):
        table = {**table, "date": table["date"].isoformat()}
    device = build(table, Device, path)
    for complaint in _complaints(device):
        raise KnowledgeError(f"{path}: {one_line(complaint)}")
    return device


def _complaints(device: Device) -> Iterator[str]:
    """What the types cannot say about a profile."""
    yield from _bad_ids(device)
    if not any(function.harms for function in device.functions):
        yield "functions: no harm is stated, so nothing could ever hurt a patient; state at least one"
    if device.patients_per_unit < 1:
        yield f"patients_per_unit: must be 1 or more, not {device.patients_per_unit}"
    if device.date and not _is_iso_date(device.date):
        yield f"date: must be a day like 2026-11-23, not {device.date!r}"
    harms = {(function.id, harm.effect) for function in device.functions for harm in function.harms}
    functions = sorted(function.id for function in device.functions)
    for barrier in device.barriers:
        if barrier.function not in functions:
            yield f"barriers.{barrier.id}.function: no such function: {barrier.function!r}{near(barrier.function, functions)}"
        elif (barrier.function, barrier.effect) not in harms:
            yield f"barriers.{barrier.id}.effect: {barrier.function} has no harm by {barrier.effect}, so there is nothing to guard"
        if barrier.state is BarrierState.VERIFIED and not barrier.source:
            yield f"barriers.{barrier.id}.source: a verified barrier must say which test showed it"


def _bad_ids(device: Device) -> Iterator[str]:
    ids = [device.id, *(function.id for function in device.functions), *(barrier.id for barrier in device.barriers)]
    for bad in (name for name in ids if not SLUG.fullmatch(name)):
        yield f"id: {bad!r} must be lower-case words joined by hyphens, like infusion-pump"
    yield from _repeated("functions", (function.id for function in device.functions))
    yield from _repeated("barriers", (barrier.id for barrier in device.barriers))
    yield from _repeated("interfaces", (interface.name for interface in device.interfaces))
    yield from _repeated("losses", (loss.control for loss in device.losses))
    for function in device.functions:
        yield from _repeated(f"functions.{function.id}.harms", (harm.effect for harm in function.harms))


def _repeated(where: str, names: Iterable[str]) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f"{where}: {name!r} is stated {times} times"


def _is_iso_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


_HEAD = """\
# A device profile for `asepsis assess --device FILE`: what the device does for a patient, and what happens when that goes wrong.
# To change only a few things, write `extends = "{id}"`, an id and a title of your own, and what differs.
#
# effect   command (a false order or setting) | reading (a false reading or alarm) | stop (stops or comes late) | record (read or altered)
# level    1 negligible | 2 minor | 3 serious, needs treatment | 4 critical: permanent injury or life-threatening | 5 death
# mark     V read in a source | K general knowledge | P proposal of this project | user: you decided it. K and P are shown as assumptions.
# routes   order (through the interface meant for it) | control (as the device's own software) | false-data | crash
# state    claimed, or verified: then `source` must name the test that showed it. Only a verified barrier stops anything.
# losses   what a counter-measure (`asepsis controls`) takes from these patients, 0 none … 3 high, in the place of what the catalogue says
# zone     internet | hospital_network | device_network | wifi_range | bluetooth_range | radio_range | inductive_range | touch
#          | second_hand_unit | supply_chain
"""


def _lines(device: Device) -> Iterator[str]:
    yield _HEAD.format(id=device.id)
    yield from _pairs(device, ("id", "title", "patients_per_unit", "on_a_person", "source", "date", "note", "maker", "model", "version"))
    for function in device.functions:
        yield from ("", "[[functions]]", *_pairs(function, ("id", "title")))
        if not function.harms:
            yield "harms = []"
        for harm in function.harms:
            yield from ("", "[[functions.harms]]", *_pairs(harm, ("effect", "level", "sentence", "mark", "source")))
    for barrier in device.barriers:
        yield from ("", "[[barriers]]", *_pairs(barrier, ("id", "title", "function", "effect", "routes", "state", "source")))
    for interface in device.interfaces:
        yield from ("", "[[interfaces]]", *_pairs(interface, ("name", "zone", "mark")))
    for loss in device.losses:
        yield from ("", "[[losses]]", *_pairs(loss, ("control", "loss", "note", "last_resort", "mark", "source")))


def _pairs(noun: object, names: tuple[str, ...]) -> Iterator[str]:
    """JSON's strings, numbers, booleans and lists are TOML's too, but for one control character that JSON leaves bare."""
    for name in names:
        yield f"{name} = {json.dumps(getattr(noun, name), ensure_ascii=False)}".replace("\x7f", "\\u007f")
