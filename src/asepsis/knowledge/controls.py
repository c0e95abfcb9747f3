"""The catalogue of counter-measures, checked against the words of the attack graph so that no control cuts thin air by a typing error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from asepsis.knowledge.toml_file import KnowledgeError, build, near, one_line, read_table
from asepsis.model.claim import VOCABULARY
from asepsis.model.device import ROUTES
from asepsis.model.facts import Auth, Effect, Gives, Zone
from asepsis.model.plan import Control, Cut
from asepsis.model.secret import SecretForm, SecretKind

WORDS: dict[str, tuple[str, ...]] = {
    "auth": tuple(Auth),
    "effect": tuple(Effect),
    "form": tuple(SecretForm),
    "gives": tuple(Gives),
    "kind": tuple(SecretKind),
    "level": ("1", "2", "3", "4", "5"),
    "route": ROUTES,
    "zone": tuple(Zone),
}
"""Argument names of the vocabulary whose values are a closed set."""

SCOPES = ("device", "site")


def load_controls(path: Path) -> tuple[Control, ...]:
    """The ``[[control]]`` tables of a file, by id.

    Raises ``KnowledgeError`` for what ``build`` refuses, an id used twice, a cost or loss outside its scale, a control without actor, and
    for a cut whose predicate, number of arguments or closed words the attack graph does not know.
    """
    table = read_table(path)
    entries = table.pop("control", None)
    if table or not isinstance(entries, list) or not entries:
        raise KnowledgeError(f"{path}: must hold [[control]] tables and nothing else")
    controls = [build(entry, Control, path, f"control.{_name(entry, number)}") for number, entry in enumerate(entries, 1)]
    for complaint in _complaints(controls):
        raise KnowledgeError(f"{path}: {one_line(complaint)}")
    return tuple(sorted(controls, key=lambda control: control.id))


def _name(entry: object, number: int) -> str:
    return one_line(entry["id"]) if isinstance(entry, dict) and "id" in entry else str(number)


def _complaints(controls: list[Control]) -> Iterator[str]:
    for name, times in Counter(control.id for control in controls).items():
        if times > 1:
            yield f"control.{name}: stated {times} times"
    for control in controls:
        yield from (f"control.{control.id}.{complaint}" for complaint in _bad_control(control))
        for cut in control.cuts:
            yield from (f"control.{control.id}.cuts.{cut.predicate}: {complaint}" for complaint in _bad_cut(cut))


def _bad_control(control: Control) -> Iterator[str]:
    if not 1 <= control.cost <= 5:  # noqa: PLR2004 - the scale of Control.cost
        yield f"cost: must be 1 to 5, not {control.cost}"
    if not 0 <= control.loss <= 3:  # noqa: PLR2004 - the scale of Control.loss
        yield f"loss: must be 0 to 3, not {control.loss}"
    if not control.actors:
        yield "actors: nobody could act"
    if control.scope not in SCOPES:
        yield f"scope: no such scope: {control.scope!r}{near(control.scope, SCOPES)}"


def _bad_cut(cut: Cut) -> Iterator[str]:
    names = VOCABULARY.get(cut.predicate)
    if names is None:
        yield f"no such predicate{near(cut.predicate, VOCABULARY)}"
        return
    if len(names) != len(cut.args):
        yield f"takes {len(names)} arguments ({', '.join(names)}), got {len(cut.args)}"
        return
    for name, arg in zip(names, cut.args, strict=True):
        words = WORDS.get(name)
        if words is None or arg in {"*", "this"}:
            continue
        for word in arg.removeprefix("!").split("|"):
            if word not in words:
                yield f"no such {name}: {word!r}{near(word, words)}"
