"""Pattern rules: credentials with a shape of their own, in any file, described in TOML.

The shipped rules (``knowledge/data/patterns``) and those of users have one form (docs/pattern-rules.md): byte regexes, the conditions under
which a match counts, and what it then says. A match that an exemption names, or that is a placeholder, is kept as dismissed or dropped as
the rule says. Where several rules match the same bytes, one about a format comes before a generic one.

Known ways it lies: a token may have been withdrawn long ago, a test may carry one of the right shape; a name such as ``password`` may stand for
a text to show; documentation is full of examples (weak confidence).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.decoded import decoded
from asepsis.evidence.protocols.paths import Globs
from asepsis.evidence.protocols.places import place_of
from asepsis.evidence.protocols.regex import engine_form
from asepsis.evidence.protocols.secrets import is_documentation, known_default, placeholder
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import BoundedSource
from asepsis.knowledge.pattern_rules import shipped_rules
from asepsis.model.facts import Confidence, RuleMatch, StoredSecret
from asepsis.model.pattern_rule import Exemption, Expression, PatternRule
from asepsis.model.secret import SecretForm

MATCHES_A_FILE = 500
"""Facts of one file; more is a word list or an attack, and is said."""
COMPARED_A_FILE = 50
"""Secrets of one file that are compared with known defaults: each comparison is made to be slow."""
SHOWN = 64
"""Characters of a name or a user that a fact shows."""
_HEAD = 4096
_LINE = 400
"""Bytes to each side in which the line of a match is looked for."""
_LINE_END = re.compile(rb"\n|\\r\\n")
"""A text inside a text has lines of its own: a comment ends there, too."""
_COMMENT = 4096
_COMMENTS = ((b"<!--", b"-->"), (b"\n/*", b"*/"), (b" /*", b"*/"))
_READABLE = frozenset({SecretForm.CLEARTEXT, SecretForm.RECOVERABLE})


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A match with its parts. ``start`` and ``end`` are the secret's place."""

    start: int
    end: int
    secret: str
    subject: str
    name: str


@dataclass(slots=True)
class _File:
    """One file while it is looked at: what rules ask of it, and which bytes a rule has spoken for."""

    source: BoundedSource
    claimed: list[tuple[int, int]] = field(default_factory=list)
    emitted: int = 0

    def is_text(self) -> bool:
        return b"\0" not in bytes(self.source.buffer[:_HEAD])

    def line(self, start: int) -> str:
        before = _LINE_END.split(bytes(self.source.buffer[max(0, start - _LINE) : start]))[-1]
        return (before + bytes(self.source.buffer[start : start + _LINE]).partition(b"\n")[0]).decode("utf-8", "replace")

    def comment(self, start: int) -> str:
        """What stands between the beginning of a comment of several lines and the match, empty if it is in none."""
        before = bytes(self.source.buffer[max(0, start - _COMMENT) : start])
        opened = max((before.rfind(mark), mark, end) for mark, end in _COMMENTS)
        return before[opened[0] :].decode("utf-8", "replace") if opened[0] >= 0 and opened[2] not in before[opened[0] :] else ""

    def is_claimed(self, one: _Candidate) -> bool:
        return any(start < one.end and one.start < end for start, end in self.claimed)


class _Compiled:
    """A rule with its regexes, each compiled when it is first needed: in most trees most rules never match."""

    def __init__(self, rule: PatternRule) -> None:
        self.rule = rule

    @cached_property
    def groups(self) -> Mapping[str, int]:
        return re.compile(self.rule.pattern[0].regex.encode("ascii"), re.DOTALL).groupindex

    @cached_property
    def subjects(self) -> list[int | None]:
        return [re.compile(one.regex.encode("ascii"), re.DOTALL).groupindex.get("subject") for one in self.rule.pattern]

    @cached_property
    def exemptions(self) -> list[tuple[Exemption, re.Pattern[str]]]:
        return [(one, re.compile(one.regex, re.IGNORECASE)) for one in self.rule.exemptions]

    @cached_property
    def paths(self) -> Globs:
        return Globs(self.rule.when.paths)

    @cached_property
    def not_paths(self) -> Globs:
        return Globs(self.rule.when.not_paths)

    def applies(self, file: _File) -> bool:
        """Whether the rule speaks of files like this."""
        path, when = file.source.path, self.rule.when
        if (when.paths and not self.paths.match(path)) or self.not_paths.match(path):
            return False
        return when.content == "any" or (when.content == "text") == file.is_text()

    def exempt(self, file: _File, one: _Candidate) -> Exemption | None:
        """The first exemption that names it."""
        parts = {"secret": one.secret, "name": one.name, "line": file.line(one.start), "comment": file.comment(one.start), "path": file.source.path}
        return next((exemption for exemption, regex in self.exemptions if regex.search(parts[exemption.of])), None)


class PatternRulesReader:
    """Emits a :class:`StoredSecret` for each secret that a rule describes, a :class:`RuleMatch` for each weakness."""

    def __init__(self, rules: Sequence[PatternRule] | None = None) -> None:
        """``rules`` default to the shipped ones, read when first needed."""
        kinds = (StoredSecret,) if rules is None else (StoredSecret, RuleMatch)
        self.info = ReaderInfo("pattern_rules", "Pattern rules" if rules is None else "Pattern rules of the user", kinds, ("any file",))
        self._given = rules

    @cached_property
    def _rules(self) -> list[_Compiled]:
        rules = shipped_rules() if self._given is None else self._given
        return [_Compiled(rule) for rule in sorted(rules, key=lambda rule: rule.generic)]

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """Every regex of every rule. Raises ``Refused`` for one that the engine could not look for."""
        return tuple(_pattern(compiled.rule.id, number, one) for compiled in self._rules for number, one in enumerate(compiled.rule.pattern))

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Rule by rule, those about a format before the generic ones."""
        by_name: dict[str, list[Match]] = {}
        for match in matches:
            by_name.setdefault(match.pattern, []).append(match)
        file = _File(source)
        for compiled in self._rules:
            if f"{compiled.rule.id}/0" in by_name and compiled.applies(file):
                _read_rule(file, compiled, by_name, emit)


def _pattern(rule: str, number: int, one: Expression) -> Pattern:
    """The patterns nearby say nothing without the first one."""
    engine, beside = one.engine or engine_form(one.regex), f"{rule}/0" if number else ""
    return Pattern(f"{rule}/{number}", engine.encode("ascii"), one.regex.encode("ascii"), one.before, one.after, one.any_case, beside=beside)


def _read_rule(file: _File, compiled: _Compiled, by_name: dict[str, list[Match]], emit: Emit) -> None:
    claimed: list[tuple[int, int]] = []
    for match in by_name[f"{compiled.rule.id}/0"]:
        subject = _surroundings(compiled, match, by_name)
        if subject is None:
            continue
        claimed += [
            (one.start, one.end)
            for one in _candidates(compiled, match, subject)
            if _counts(compiled.rule, one.secret) and not file.is_claimed(one) and _emit(file, compiled, one, emit)
        ]
    file.claimed += claimed


def _surroundings(compiled: _Compiled, match: Match, by_name: dict[str, list[Match]]) -> str | None:
    """What the patterns nearby say of whose it is; None where one is missing that must be there, or there that must not."""
    when, subject = compiled.rule.when, ""
    for number, one in enumerate(compiled.rule.pattern[1:], 1):
        nearby = [other for other in by_name.get(f"{compiled.rule.id}/{number}", ()) if _gap(match, other) <= when.within]
        if (one.name in when.near and not nearby) or (one.name in when.absent and nearby):
            return None
        group = compiled.subjects[number]
        if nearby and group and not subject:
            subject = min(nearby, key=lambda other: (_gap(match, other), other.start)).groups[group - 1].decode("utf-8", "replace")
    return subject


def _gap(one: Match, other: Match) -> int:
    return max(other.start - one.end, one.start - other.end, 0)


def _candidates(compiled: _Compiled, match: Match, subject: str) -> Iterator[_Candidate]:
    """The match taken apart, its secret decoded; nothing if it does not decode."""
    emits, parts = compiled.rule.emits, {name: match.groups[number - 1] for name, number in compiled.groups.items()}
    secret = parts.get("secret", match.text)
    start = match.start + max(match.text.rfind(secret), 0)
    plain = decoded(secret, emits.decode)
    if plain is None or not plain.secret:
        return
    whose = plain.subject or parts.get("subject", b"").decode("utf-8", "replace") or subject or emits.subject
    yield _Candidate(start, start + len(secret), plain.secret, whose[:SHOWN], parts.get("name", b"").decode("utf-8", "replace")[:SHOWN])


def _counts(rule: PatternRule, secret: str) -> bool:
    """Whether a secret is long and mixed enough."""
    when = rule.when
    if when.length and not when.length[0] <= len(secret) <= when.length[1]:
        return False
    return len(set(secret)) >= when.min_distinct and (not when.min_entropy or entropy(secret) >= when.min_entropy)


def entropy(text: str) -> float:
    """Bits a character, by how often each one occurs in the text (Shannon 1948)."""
    counts = sorted(Counter(text).values())
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts)


def _emit(file: _File, compiled: _Compiled, one: _Candidate, emit: Emit) -> bool:
    """Say it, or say why it is none; whether anything was said."""
    rule, why = compiled.rule, placeholder(one.secret, script=True)
    exemption = None if why else compiled.exempt(file, one)
    if exemption and not exemption.listed:
        return False
    file.emitted += 1
    if file.emitted > MATCHES_A_FILE:
        raise LimitReached("matches_per_file", MATCHES_A_FILE, file.emitted)
    where, emits = place_of(file.source, one.start), rule.emits
    confidence = Confidence.WEAK if is_documentation(file.source.where().path) else emits.confidence
    if emits.weakness is not None:
        if not exemption:
            emit(RuleMatch(where, rule.id, rule.title, emits.weakness.value, emits.cwe, confidence))
        return True
    assert emits.kind is not None  # noqa: S101 - a rule says either
    why = why or (exemption.reason if exemption else "")
    compare = emits.form in _READABLE and not why and file.emitted <= COMPARED_A_FILE
    known = known_default(file.source, one.secret) if compare else None
    redacted = file.source.redact(emits.kind, emits.form, one.secret, known_default=known, placeholder=why)
    emit(StoredSecret(where, redacted, emits.store, one.subject, one.name or rule.id, emits.opens, confidence))
    return True
