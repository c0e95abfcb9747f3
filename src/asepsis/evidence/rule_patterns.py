"""Rules of users: whether they can be searched for at all, and whether their examples hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import hyperscan

from asepsis.evidence.patterns import PatternPass
from asepsis.evidence.protocols.regex import Refused, check_repeats, engine_form
from asepsis.evidence.readers.firmware.pattern_rules import PatternRulesReader
from asepsis.guard.limits import STANDARD, LimitReached
from asepsis.guard.redact import Redactor
from asepsis.guard.source import BoundedSource
from asepsis.knowledge.pattern_rules import parse_rules
from asepsis.knowledge.toml_file import KnowledgeError, one_line
from asepsis.model.facts import Fact, RuleMatch, StoredSecret
from asepsis.model.pattern_rule import Example, PatternRule
from asepsis.model.where import Where

RuleFile = tuple[str, str]
"""A file of rules: its name, for messages, and its text."""
_KEY = b"for examples only"


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that does not hold: of which ``rule``, its ``number`` (from 1), and what happened."""

    rule: str
    number: int
    what: str


def user_rules(files: Sequence[RuleFile]) -> tuple[PatternRule, ...]:
    """The rules of all files. Raises ``KnowledgeError`` for a broken file, an id used twice, an expression that cannot be searched for."""
    rules: dict[str, PatternRule] = {}
    for name, text in files:
        for rule in parse_rules(name, text):
            if rule.id in rules:
                raise KnowledgeError(f"{name}: rule.{rule.id}: stated in another file too")
            check_patterns(name, rule)
            rules[rule.id] = rule
    return tuple(rules.values())


def readers_of(files: Sequence[RuleFile]) -> tuple[PatternRulesReader, ...]:
    """A reader for the rules of ``files``, which were checked before; none if there are none."""
    return (PatternRulesReader(tuple(rule for name, text in files for rule in parse_rules(name, text))),) if files else ()


def check_patterns(file: str, rule: PatternRule) -> None:
    """Raise ``KnowledgeError`` for an expression that the engine refuses or that could be confirmed for ever."""
    for number, one in enumerate(rule.pattern, 1):
        place = f"{file}: rule.{rule.id}.pattern.{one.name or number}"
        try:
            check_repeats(one.regex)
            engine = one.engine or engine_form(one.regex)
        except Refused as error:
            raise KnowledgeError(f"{place}.regex: {error}") from error
        try:
            hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK).compile(expressions=[engine.encode("ascii")], ids=[0], elements=1, flags=[0])
        except hyperscan.error as error:
            raise KnowledgeError(f"{place}.{'engine' if one.engine else 'regex'}: the pattern engine refuses it: {one_line(error)}") from error


def failures(rules: Sequence[PatternRule]) -> Iterator[Failure]:
    """Every example of ``rules`` that does not hold, each rule run for itself through the real pass."""
    for rule in rules:
        reader = PatternRulesReader((rule,))
        patterns = PatternPass([reader])
        for number, example in enumerate(rule.example, 1):
            what = _fault(rule, example, facts_of(patterns, example))
            if what:
                yield Failure(rule.id, number, what)


def facts_of(patterns: PatternPass, example: Example) -> list[Fact]:
    """What the rules of a pass say of an example, dismissed secrets left out."""
    source = BoundedSource(example.text.encode("utf-8"), Where("example", example.path), Redactor(_KEY), STANDARD)
    facts: list[Fact] = []
    for reader, matches in patterns.scan(source.buffer, _never):
        reader.read_matches(source, matches, facts.append)
    return [fact for fact in facts if not isinstance(fact, StoredSecret) or not fact.secret.placeholder]


def digest_of(secret: str) -> str:
    """The digest by which an example's secret is known in the facts of :func:`facts_of`."""
    from asepsis.model.secret import SecretForm, SecretKind

    return Redactor(_KEY).redact(SecretKind.APPLICATION, SecretForm.CLEARTEXT, secret).digest


def _never(limit: LimitReached) -> None:
    raise limit


def _fault(rule: PatternRule, example: Example, facts: Sequence[Fact]) -> str:
    """What is wrong: something not found, or found where there is nothing. No secret is said; an example's place in its list is."""
    if rule.emits.weakness is not None:
        matches = sum(isinstance(fact, RuleMatch) for fact in facts)
        return "" if matches == len(example.finds) else f"{matches} matches where {len(example.finds)} are expected"
    found = {fact.secret.digest for fact in facts if isinstance(fact, StoredSecret)}
    missed = [number for number, secret in enumerate(example.finds, 1) if digest_of(secret) not in found]
    surplus = len(found - {digest_of(secret) for secret in example.finds})
    parts = [f"did not find {len(missed)} of {len(example.finds)}"] if missed else []
    parts += [f"found {surplus} that {'is' if surplus == 1 else 'are'} not expected"] if surplus else []
    return ", ".join(parts)
