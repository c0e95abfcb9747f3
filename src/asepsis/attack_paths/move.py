"""The contract of a move: one way an attacker gets further, as one logic rule file.

A move file begins with lines ``%! key: value``::

    %! id: use-secret                     equals the file's name
    %! title: Log in with a known secret
    %! technique: T0859                   ATT&CK for ICS
    %! exploitability: AV:zone/AC:L/PR:N/UI:N   CVSS 3.1 hop; AV:zone takes the place the attacker stands in; none: no obstacle
    %! sentence: Logs in to {service}.    names are the argument names of the rule's atoms, see ROLES
    %! assumes: …                         what it takes for granted, if anything; the key may be repeated
    %! silent: yes                        no step of its own: its claims count to the step that uses it

and goes on with Horn rules in Answer Set Programming over :data:`~asepsis.model.claim.VOCABULARY` and :data:`DERIVED`. Text is quoted
(``"touch"``), variables begin with a capital, and ``_`` is not used: the grounder would put an unseen atom in its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from asepsis.attack_paths.moves import MOVES
from asepsis.model.claim import VOCABULARY

FOLDER = Path(__file__).parent / "moves"

DERIVED: dict[str, tuple[str, ...]] = {
    "reach": ("zone",),
    "near": ("device", "zone", "stand"),
    "has": ("secret",),
    "control": ("device",),
    "can": ("device", "effect", "route"),
    "harm": ("device", "function", "effect", "level"),
}
"""What moves derive: the attacker stands in a zone; can talk from ``stand`` to what the device offers in ``zone``; holds a secret; is in
control of a device; can bring an effect about by a route; hurts a patient.
"""

ROLES: dict[str, tuple[str, ...]] = {
    **VOCABULARY,
    **DERIVED,
    "leads_to": ("from_zone", "to_zone"),
    "commands": ("through", "device"),
    "obeys_any_unit": ("device", "through", "zone"),
}
"""The names that sentences use, argument by argument."""

LABEL = "by_move"
"""The atom that the grounder carries in each rule, so that the move can be read back from a ground rule."""

SCORES: dict[str, dict[str, float]] = {
    "AV": {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2},
    "AC": {"L": 0.77, "H": 0.44},
    "PR": {"N": 0.85, "L": 0.62, "H": 0.27},
    "UI": {"N": 0.85, "R": 0.62},
}
"""CVSS 3.1 weights of the exploitability metrics, scope unchanged (FIRST, CVSS v3.1 specification, 7.4)."""

ZONE_VECTOR = {
    "internet": "N",
    "hospital_network": "N",
    "device_network": "N",
    "wifi_range": "A",
    "bluetooth_range": "A",
    "radio_range": "A",
    "inductive_range": "L",
    "touch": "P",
    "second_hand_unit": "P",
    "supply_chain": "L",
}
"""Where the attacker stands → attack vector, as the MITRE rubric answers it: IP is N, radio A, about 3 m or less L. Supply chain L is [P]."""

NO_OBSTACLE = round(8.22 * 0.85 * 0.77 * 0.85 * 0.85, 3)
"""The greatest exploitability sub-score, 3.887."""

_HEADER = re.compile(r"%!\s*(?P<key>[a-z]+):\s*(?P<value>.*\S)\s*")
_VECTOR = re.compile(r"AV:(?P<AV>N|A|L|P|zone)/AC:(?P<AC>L|H)/PR:(?P<PR>N|L|H)/UI:(?P<UI>N|R)")
_KEYS = {"id", "title", "technique", "exploitability", "sentence", "assumes", "silent"}


class MoveError(Exception):
    """A move file breaks the contract; the message says which and how."""


@dataclass(frozen=True, slots=True)
class Atom:
    """An atom of a rule as it is written: its predicate and how many arguments it has."""

    predicate: str
    arity: int


@dataclass(frozen=True, slots=True)
class MoveRule:
    """One Horn rule: its head, the atoms of its body, and its text in the grounder's own spelling."""

    head: Atom
    body: tuple[Atom, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Move:
    """A move file after reading. ``vector`` is empty where the step meets no obstacle; ``text`` is the whole file."""

    id: str
    title: str
    technique: str
    sentence: str
    vector: str
    assumes: tuple[str, ...]
    silent: bool
    rules: tuple[MoveRule, ...]
    text: str

    def exploitability(self, zone: str) -> float:
        """8.22·AV·AC·PR·UI of the hop for an attacker who stands in ``zone``."""
        match = _VECTOR.fullmatch(self.vector)
        if match is None:
            return NO_OBSTACLE
        reach = ZONE_VECTOR.get(zone, "N") if match["AV"] == "zone" else match["AV"]
        return round(
            8.22 * SCORES["AV"][reach] * SCORES["AC"][match["AC"]] * SCORES["PR"][match["PR"]] * SCORES["UI"][match["UI"]],
            3,
        )


@cache
def moves() -> tuple[Move, ...]:
    """All moves, in the order of the list. Raises ``MoveError`` if one breaks the contract."""
    loaded = tuple(parse(move_id, (FOLDER / f"{move_id}.lp").read_text(encoding="utf-8")) for move_id in MOVES)
    check_words(loaded)
    return loaded


def parse(move_id: str, text: str) -> Move:
    """Read one move file. Raises ``MoveError`` for a bad header or a rule that is not a plain Horn rule."""
    header: dict[str, list[str]] = {}
    for match in filter(None, map(_HEADER.fullmatch, text.splitlines())):
        header.setdefault(match["key"], []).append(match["value"])
    _check_header(move_id, header)
    silent = header.get("silent") == ["yes"]
    return Move(
        id=move_id,
        title=header["title"][0],
        technique=header.get("technique", [""])[0],
        sentence=header.get("sentence", [""])[0],
        vector=header.get("exploitability", [""])[0],
        assumes=tuple(header.get("assumes", ())),
        silent=silent,
        rules=_rules(move_id, text),
        text=text,
    )


def check_words(all_moves: tuple[Move, ...]) -> None:
    """Refuse a body atom that nobody states or derives, and a head that only claims may state. Raises ``MoveError``."""
    heads = {rule.head.predicate for move in all_moves for rule in move.rules}
    known = {**VOCABULARY, **{name: DERIVED[name] for name in heads if name in DERIVED}}
    for move in all_moves:
        for rule in move.rules:
            if rule.head.predicate not in DERIVED:
                raise MoveError(f"{move.id}: derives {rule.head.predicate}, which is not one of {', '.join(DERIVED)}")
            for atom in (rule.head, *rule.body):
                if len(known.get(atom.predicate, ())) != atom.arity:
                    raise MoveError(f"{move.id}: nobody states or derives {atom.predicate}/{atom.arity}")


def _check_header(move_id: str, header: dict[str, list[str]]) -> None:
    unknown = sorted(set(header) - _KEYS)
    if unknown:
        raise MoveError(f"{move_id}: unknown header {', '.join(unknown)}")
    if header.get("id") != [move_id] or "title" not in header:
        raise MoveError(f"{move_id}: the header must hold this id and a title")
    if "silent" not in header and not {"technique", "sentence"} <= set(header):
        raise MoveError(f"{move_id}: a move that is not silent needs a technique and a sentence")
    vector = header.get("exploitability")
    if vector and not _VECTOR.fullmatch(vector[0]):
        raise MoveError(f"{move_id}: not an exploitability vector: {vector[0]}")


def _rules(move_id: str, text: str) -> tuple[MoveRule, ...]:
    from clingo import ast

    nodes: list[Any] = []
    try:
        ast.parse_string(text, nodes.append, logger=lambda *_: None)
    except RuntimeError as error:
        raise MoveError(f"{move_id}: not a logic program: {error}") from error
    return tuple(_rule(move_id, node) for node in nodes if node.ast_type not in {ast.ASTType.Program, ast.ASTType.Comment})


def _rule(move_id: str, node: Any) -> MoveRule:
    """One rule node of the parser as a MoveRule; anything but a plain Horn rule is refused."""
    from clingo import ast

    if node.ast_type != ast.ASTType.Rule or not node.body:
        raise MoveError(f"{move_id}: only rules with a body are allowed, not: {node}")
    body = [_atom(move_id, literal) for literal in node.body if literal.ast_type == ast.ASTType.Literal and not _is_comparison(literal)]
    if len(body) != sum(not _is_comparison(literal) for literal in node.body):
        raise MoveError(f"{move_id}: only atoms and comparisons may stand in a body: {node}")
    if re.search(r"(?<![A-Za-z0-9\"_])_(?![A-Za-z0-9_])", str(node)):
        raise MoveError(f"{move_id}: give every variable a name: {node}")
    return MoveRule(_atom(move_id, node.head), tuple(body), str(node))


def _is_comparison(literal: Any) -> bool:
    from clingo import ast

    return bool(literal.ast_type == ast.ASTType.Literal and literal.atom.ast_type == ast.ASTType.Comparison)


def _atom(move_id: str, literal: Any) -> Atom:
    from clingo import ast

    plain = literal.ast_type == ast.ASTType.Literal and literal.sign == ast.Sign.NoSign and literal.atom.ast_type == ast.ASTType.SymbolicAtom
    if not plain or literal.atom.symbol.ast_type != ast.ASTType.Function:
        raise MoveError(f"{move_id}: not a plain atom: {literal}")
    symbol = literal.atom.symbol
    return Atom(symbol.name, len(symbol.arguments))
