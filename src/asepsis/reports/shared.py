"""Secrets in more than one place, in plain words: what the judging stage found, never the secret."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from asepsis.model.evidence import evidence_names
from asepsis.model.shared import PublicHalf, SharedSecret, Sharing
from asepsis.model.study import Study
from asepsis.model.where import Where
from asepsis.reports.text import count, join, some, visible

_NAME = 40
_PAIR = 2
_ORDER = (Sharing.UNITS, Sharing.PIECES)


def across(study: Study) -> list[str]:
    """A sentence for all secrets that the same units or pieces of evidence share, then for keys whose halves lie apart, and what crosses the network.

    Nothing within one piece.
    """
    lines = []
    for sharing in _ORDER:
        groups: dict[tuple[str, ...], list[SharedSecret]] = {}
        for one in study.shared:
            if one.sharing is sharing:
                groups.setdefault(one.evidence, []).append(one)
        lines += [_in_all(study, sharing, pieces, members) for pieces, members in groups.items()]
    return [*lines, *_halves(study), *(_on_wire(study, one) for one in study.shared if one.sent)]


def sentence(study: Study, one: SharedSecret) -> str:
    """One shared secret in a sentence."""
    if one.sharing is Sharing.ONE:
        return f"One {one.what} lies in {count(len(one.places) + one.more, 'place')} of {_names(study, one.evidence)[0]}."
    if one.sharing is Sharing.HALVES:
        return f"{_apart(study, one)}."
    if one.sharing is Sharing.WIRE:
        return f"{_on_wire(study, one)}."
    return f"{_in_all(study, one.sharing, one.evidence, [one])}."


def places(study: Study, one: SharedSecret) -> list[str]:
    """Where it lies, and where its public half does."""
    lines = [_at(study, where) for where in one.places]
    lines += [f"and {count(one.more, 'more place')}"] if one.more else []
    lines += [f"sent in clear to {sent.to}: {_at(study, sent.where)}" for sent in one.sent]
    return lines + [f"its public half, {half.what} of {half.whose or 'nobody named'}: {_at(study, half.where)}" for half in one.public]


def shared_lines(study: Study) -> list[str]:
    """All of them with their places."""
    lines = [line for one in study.shared for line in explained(study, one)]
    return [visible(line) for line in lines] or ["No secret was seen in more than one place"]


def explained(study: Study, one: SharedSecret) -> list[str]:
    """One of them with its places and the findings about it."""
    lines = [f"{one.digest}  {sentence(study, one)}", *(f"  {line}" for line in places(study, one))]
    return lines + ([f"  Findings: {', '.join(one.findings)}"] if one.findings else [])


def _in_all(study: Study, sharing: Sharing, pieces: tuple[str, ...], members: list[SharedSecret]) -> str:
    one, many = ("unit", "units") if sharing is Sharing.UNITS else ("piece of evidence", "pieces of evidence")
    where = f"both {many}" if len(pieces) == _PAIR else count(len(pieces), one, many)
    verb = "is" if len(members) == 1 else "are"
    return f"{_what(members)} {verb} in {where} ({some(_names(study, pieces), 4)}): whoever opens one has {_others(pieces)}"


def _others(pieces: tuple[str, ...]) -> str:
    return "the other" if len(pieces) == _PAIR else "the others"


def _what(members: Iterable[SharedSecret]) -> str:
    """``One private key``, ``2 private keys and 1 Wi-Fi password``."""
    kinds = Counter(one.what for one in members)
    if kinds.total() == 1:
        return f"One {next(iter(kinds))}"
    return join([count(number, what, f"{what}es" if what.endswith("sh") else "") for what, number in sorted(kinds.items())])


def _halves(study: Study) -> list[str]:
    return [_apart(study, one) for one in study.shared if one.sharing is Sharing.HALVES]


def _apart(study: Study, one: SharedSecret) -> str:
    holders = _names(study, tuple(dict.fromkeys(where.evidence for where in one.places)))
    said = {f"{_half(half)} in {_names(study, (half.where.evidence,))[0]}" for half in one.public}
    return f"A {one.what} lies in {some(holders)}; its public half is {join(sorted(said))}"


def _half(half: PublicHalf) -> str:
    if half.what == "shown key":
        return f"the key that {visible(half.whose, _NAME)} shows"
    return "authorised" if half.what == "authorised key" else "certified"


def _on_wire(study: Study, one: SharedSecret) -> str:
    """The sentence that joins software and traffic."""
    holders = _names(study, tuple(dict.fromkeys(where.evidence for where in one.places)))
    to = some([visible(sent.to, 2 * _NAME) for sent in one.sent], 2)
    captures = _names(study, tuple(dict.fromkeys(sent.where.evidence for sent in one.sent)))
    return f"The {one.what} found in {some(holders)} is the one that is sent in clear to {to} ({some(captures)})"


def _names(study: Study, pieces: tuple[str, ...]) -> list[str]:
    names = evidence_names(study.evidence)
    return [visible(names.get(piece, piece), _NAME) for piece in pieces]


def _at(study: Study, where: Where) -> str:
    name = evidence_names(study.evidence).get(where.evidence, where.evidence)
    return str(where) if str(where).startswith(name) else f"{name}: {where}"
