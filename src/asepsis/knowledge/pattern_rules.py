"""Read rule files: the shipped pattern rules and those of users, held to the same form.

What is wrong with a file is said in one line that names the file, the rule and the key. Whether the pattern engine takes an expression is
told by the reading stage (:mod:`asepsis.evidence.rule_patterns`). The shipped files are checked by a test, not anew in every process.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from asepsis.knowledge.toml_file import SLUG, KnowledgeError, build, near, one_line, read_table, table_of
from asepsis.model.pattern_rule import Condition, Emission, Exemption, Expression, PatternRule

SHIPPED = Path(__file__).parent / "data" / "patterns"
MAX_REGEX = 4000
MAX_WINDOW = 4096
"""Bytes before or after; ``re`` looks at no more."""
MAX_RULES = 1000
CONTENTS = ("any", "text", "binary")
OF = ("secret", "name", "line", "comment", "path")
DECODERS = ("base64", "pair")
_PIECE = re.compile(r"%\{([\w-]+)\}")
GROUPS = frozenset({"secret", "subject", "name", "quote"})


@dataclass(frozen=True, slots=True)
class _File:
    """``define`` names pieces of regexes: ``%{NAME}`` in a regex stands for the piece."""

    rule: tuple[PatternRule, ...] = ()
    exemption: tuple[Exemption, ...] = ()
    define: dict[str, str] = field(default_factory=dict)


@cache
def shipped_rules() -> tuple[PatternRule, ...]:
    """The rules that come with Asepsis, by id. Raises ``KnowledgeError``."""
    exempt = {one.name: one for one in _common()}
    rules = [_whole(rule, exempt) for file, content in _shipped() for rule in _filled_in(file, content)]
    _unique(SHIPPED, (rule.id for rule in rules))
    return tuple(sorted(rules, key=lambda rule: rule.id))


def check_shipped() -> None:
    """Hold the shipped rules to what users' rules are held to. Raises ``KnowledgeError``."""
    for file, content in _shipped():
        _checked(file, content, _common())


def parse_rules(name: str, text: str) -> tuple[PatternRule, ...]:
    """The rules of a user's file called ``name``, in their order. Raises ``KnowledgeError``."""
    file = Path(name)
    content = build(table_of(file, text), _File, file)
    if not content.rule:
        raise KnowledgeError(f"{file}: holds no [[rule]]")
    rules = _checked(file, content, _common())
    _unique(file, (rule.id for rule in rules))
    return rules


@cache
def _shipped() -> tuple[tuple[Path, _File], ...]:
    return tuple((file, build(read_table(file), _File, file)) for file in sorted(SHIPPED.glob("*.toml")))


@cache
def _common() -> tuple[Exemption, ...]:
    return tuple(one for _, content in _shipped() for one in content.exemption)


def _checked(file: Path, content: _File, common: Iterable[Exemption]) -> tuple[PatternRule, ...]:
    known = {one.name: one for one in (*common, *content.exemption)}
    rules = _filled_in(file, content)
    complaints = [f"exemption.{one.name}.{text}" for one in content.exemption for text in _bad_exemption(one)]
    if len(rules) > MAX_RULES:
        complaints.append(f"more than {MAX_RULES} rules")
    complaints += [f"rule.{rule.id}.{text}" for rule in rules for text in _complaints(rule, known)]
    for complaint in complaints:
        raise KnowledgeError(f"{file}: {one_line(complaint)}")
    return tuple(_whole(rule, known) for rule in rules)


def _whole(rule: PatternRule, exempt: dict[str, Exemption]) -> PatternRule:
    return replace(rule, exemptions=tuple(exempt[name] for name in rule.exempt))


def _filled_in(file: Path, content: _File) -> tuple[PatternRule, ...]:
    """The rules with the pieces that their expressions name."""
    return tuple(_with_pieces(file, rule, content.define) for rule in content.rule)


def _with_pieces(file: Path, rule: PatternRule, define: dict[str, str]) -> PatternRule:
    def piece(found: re.Match[str]) -> str:
        if found[1] not in define:
            raise KnowledgeError(f"{file}: rule.{one_line(rule.id)}.pattern: no such definition: {found[1]!r}{near(found[1], define)}")
        return define[found[1]]

    patterns = (replace(one, regex=_PIECE.sub(piece, one.regex), engine=_PIECE.sub(piece, one.engine)) for one in rule.pattern)
    return replace(rule, pattern=tuple(patterns))


def _unique(file: Path, ids: Iterable[str]) -> None:
    for name, times in sorted(Counter(ids).items()):
        if times > 1:
            raise KnowledgeError(f"{file}: rule.{name}: stated {times} times")


def _complaints(rule: PatternRule, known: dict[str, Exemption]) -> Iterator[str]:
    if not SLUG.fullmatch(rule.id):
        yield "id: must be small letters, digits and single hyphens"
    if rule.exemptions:
        yield "exemptions: name them in exempt, and state them in [[exemption]]"
    yield from (f"exempt: no such exemption: {name!r}{near(name, known)}" for name in rule.exempt if name not in known)
    yield from _bad_patterns(rule)
    yield from (f"when.{text}" for text in _bad_condition(rule.when, {one.name for one in rule.pattern}))
    yield from (f"emits.{text}" for text in _bad_emission(rule.emits))
    if not any(example.finds for example in rule.example) or all(example.finds for example in rule.example):
        yield "example: needs at least one that finds something and one that finds nothing"
    for number, example in enumerate(rule.example, 1):
        yield from (f"example.{number}.finds: not in its text: {one!r}" for one in example.finds if one not in example.text and not rule.emits.decode)


def _bad_patterns(rule: PatternRule) -> Iterator[str]:
    if not rule.pattern:
        yield "pattern: missing"
    for number, one in enumerate(rule.pattern, 1):
        label = f"pattern.{one.name or number}"
        yield from (f"{label}.{text}" for text in _bad_expression(one))
        if number > 1 and not one.name:
            yield f"{label}.name: a further pattern needs a name, so that when.near or when.absent can speak of it"


def _bad_expression(one: Expression) -> Iterator[str]:
    regex, complaint = _compiled(one.regex)
    if complaint:
        yield f"regex: {complaint}"
    if one.engine and _compiled(one.engine)[1]:
        yield f"engine: {_compiled(one.engine)[1]}"
    for key, value in (("before", one.before), ("after", one.after)):
        if not 0 <= value <= MAX_WINDOW:
            yield f"{key}: must be 0 to {MAX_WINDOW} bytes"
    yield from (f"regex: no such group: {name!r}{near(name, GROUPS)}" for name in (regex.groupindex if regex else ()) if name not in GROUPS)


def _compiled(text: str) -> tuple[re.Pattern[bytes] | None, str]:
    r"""The regex, or what is wrong with it. Anchors would see the ends of a window, not of a line or file."""
    if not text.isascii():
        return None, "must be ASCII; write other bytes as \\xNN"
    if not text or len(text) > MAX_REGEX:
        return None, f"must have 1 to {MAX_REGEX} characters"
    try:
        regex = re.compile(text.encode("ascii"), re.DOTALL)
    except (re.error, OverflowError, RecursionError) as error:
        return None, f"not a regular expression: {error}"
    return (regex, "") if not regex.match(b"") else (None, "matches nothing at all")


def _bad_exemption(one: Exemption) -> Iterator[str]:
    if _compiled(one.regex)[1]:
        yield f"regex: {_compiled(one.regex)[1]}"
    if one.of not in OF:
        yield f"of: no such part: {one.of!r}{near(one.of, OF)}"
    if not one.reason:
        yield "reason: missing"


def _bad_condition(when: Condition, names: set[str]) -> Iterator[str]:
    if when.content not in CONTENTS:
        yield f"content: no such content: {when.content!r}{near(when.content, CONTENTS)}"
    for key, wanted in (("near", when.near), ("absent", when.absent)):
        yield from (f"{key}: no such pattern in this rule: {name!r}" for name in wanted if name not in names)
    if when.length and (len(when.length) != 2 or not 0 < when.length[0] <= when.length[1]):  # noqa: PLR2004
        yield "length: must be [least, most]"
    if not 0 < when.within <= MAX_WINDOW:
        yield f"within: must be 1 to {MAX_WINDOW} bytes"


def _bad_emission(emits: Emission) -> Iterator[str]:
    if (emits.kind is None) == (emits.weakness is None):
        yield "kind: state either the kind of a secret or a weakness"
    if emits.weakness is not None and not emits.cwe:
        yield "cwe: a weakness needs the number of its class"
    yield from (f"decode: no such decoder: {name!r}{near(name, DECODERS)}" for name in emits.decode if name not in DECODERS)
