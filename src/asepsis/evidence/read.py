"""Read: from artefacts to one :class:`asepsis.model.reading.Reading`.

Hash, unpack, look at every file in a bounded child, join what belongs together, and say what was not looked for. Files are looked at while others
are still being unpacked. Nothing the evidence does ends this: it ends in a problem.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from asepsis.evidence.artefacts import READ, SOFTWARE, Artefact, CannotRead, UnsupportedEvidence, parse
from asepsis.evidence.ask import Answers, ask
from asepsis.evidence.candidates import Candidates, Compiled
from asepsis.evidence.child import Order, readable
from asepsis.evidence.joined import join
from asepsis.evidence.looked_for import looked_for
from asepsis.evidence.patterns import PatternPass
from asepsis.evidence.pool import Pool, ToLookAt, fork_server
from asepsis.evidence.readers import FILE_READERS, PATTERN_READERS
from asepsis.evidence.rule_patterns import RuleFile, readers_of
from asepsis.evidence.traffic import Capture, Heard, hear
from asepsis.guard.digest import Named, Unreadable, hash_evidence
from asepsis.guard.limits import Limits
from asepsis.guard.unpack import Listed, Unpacked, UnpackedFile, list_tree, open_listed, unpack
from asepsis.guard.workdir import work_directory
from asepsis.model.dose_assumptions import ASSUMED, DoseAssumptions
from asepsis.model.evidence import Cause, Coverage, Evidence, EvidenceKind, Problem
from asepsis.model.facts import Fact, UnidentifiedProgram
from asepsis.model.reading import Reading
from asepsis.model.where import Where

__all__ = ["CannotRead", "UnsupportedEvidence", "read"]

Notice = Callable[[str], None]
MIN_KEY_BYTES = 16


class _Document(NamedTuple):
    """What is said of a kind of evidence that is one document: what it does ``only``, and what a file is that is ``none``."""

    only: str
    none: str


_DOCUMENTS = {
    EvidenceKind.SBOM: _Document("a bill of materials only names parts", "no bill of materials"),
    EvidenceKind.VEX: _Document("a VEX document only makes statements", "no VEX document"),
    EvidenceKind.DESIGN: _Document("a declared design only says what its author wrote into", "no declared design"),
}


_TRAFFIC = frozenset({EvidenceKind.PCAP, EvidenceKind.NETLOG, EvidenceKind.BTSNOOP})
_IN_FILES = frozenset({EvidenceKind.DIR, EvidenceKind.FIRMWARE})
"""Kinds whose many files several children look at."""
_BESIDE = frozenset({EvidenceKind.VEX, EvidenceKind.NETLOG})
"""Kinds that only add to others: nobody lacks them."""


@dataclass(slots=True)
class _Opened:
    """One piece of evidence after unpacking: ``members`` came out of it, ``itself`` is the file that was given.

    None for a directory, and for a ``capture``, which is read apart.
    """

    evidence: Evidence
    problems: list[Problem] = field(default_factory=list)
    unpacked: Unpacked | None = None
    members: list[ToLookAt] = field(default_factory=list)
    itself: ToLookAt | None = None
    capture: Capture | None = None
    shut: str = ""

    @property
    def own_path(self) -> str:
        """The place of the file that was given, if it is looked at itself."""
        own = self.capture or self.itself
        return own.where.path if own else ""

    @property
    def files(self) -> list[ToLookAt]:
        """Everything to look at, in the order of the places."""
        own = [self.itself] if self.itself else []
        return own + sorted(self.members, key=lambda file: file.where.sort_key)


def read(
    artefacts: Sequence[str],
    *,
    limits: Limits,
    digest_key: bytes | None,
    notice: Notice,
    rules: Sequence[RuleFile] = (),
    doses: DoseAssumptions = ASSUMED,
) -> Reading:
    """Read all evidence: ``artefacts`` are paths or ``kind:path``.

    ``digest_key`` None derives the key of secrets' digests from the content of the evidence. ``notice`` gets a line now and then,
    ``rules`` are files of pattern rules, already checked, ``doses`` is what is taken for granted of pumps and wards. Raises
    ``CannotRead`` if nothing can be read at all: no such file, a kind that has no reader, a key that is too short.
    """
    given = [parse(text) for text in artefacts]
    if not given:
        raise CannotRead("no evidence was given")
    if digest_key is not None and len(digest_key) < MIN_KEY_BYTES:
        raise CannotRead(f"the digest key is shorter than {MIN_KEY_BYTES} bytes")
    try:
        with ExitStack() as open_things:
            in_files = any(artefact.kind in _IN_FILES for artefact in given)
            server = open_things.enter_context(fork_server()) if in_files else None  # it loads the readers meanwhile
            with ThreadPoolExecutor(2) as beside:  # the engine compiles without the interpreter's lock
                compiling, signs = beside.submit(_patterns, tuple(rules)), beside.submit(_signs)
                named = [_named(artefact, notice) for artefact in given]
                pairs = enumerate(zip(given, named, strict=True), 1)
                listed = [_listed(f"e{number}", artefact, one, limits) for number, (artefact, one) in pairs]
                compiled = compiling.result(), signs.result()
            key = digest_key or _joint_key([one.key for one in named])
            order = Order(key, limits, *compiled, tuple(rules))
            work = open_things.enter_context(work_directory())
            pool = open_things.enter_context(Pool(order, max(one.size for one in named), notice, server))
            pieces = enumerate(zip(given, named, listed, strict=True), 1)
            opened = [_open(f"e{number}", artefact, one, files, work, pool) for number, (artefact, one, files) in pieces]
            answers = ask([file for one in opened for file in one.files], pool, limits)
            heard = hear([one.capture for one in opened if one.capture], key, limits, notice, doses)
    except OSError as error:
        raise CannotRead(f"cannot work: {error.strerror or error}") from error
    return _reading(opened, answers, heard, rules=bool(rules))


def _named(artefact: Artefact, notice: Notice) -> Named:
    """The artefact's digest and key; all empty if it cannot be read."""
    notice(f"naming {artefact.name} by its content")
    try:
        return hash_evidence(artefact.path)
    except Unreadable:
        return Named("", b"", 0, {})


def _listed(identity: str, artefact: Artefact, named: Named, limits: Limits) -> Listed | None:
    """The files of a directory; None for other evidence, and for a directory that cannot be read."""
    if artefact.kind is EvidenceKind.DIR and named.sha256:
        with suppress(Unreadable):
            return list_tree(artefact.path, identity, limits, named.files)
    return None


@lru_cache(maxsize=4)
def _patterns(rules: tuple[RuleFile, ...]) -> bytes:
    """All patterns as the engine keeps them: compiled once in this process, for all its children and studies."""
    return PatternPass((*PATTERN_READERS, *readers_of(rules))).compiled


@cache
def _signs() -> Compiled:
    """The same of all signs of readers."""
    return Candidates(FILE_READERS).compiled


def _joint_key(keys: Sequence[bytes]) -> bytes:
    """One key for all evidence of a study, whatever its order, so that the same secret in two pieces shows."""
    return blake2b(b"".join(sorted(keys)), digest_size=32).digest()


def _open(identity: str, artefact: Artefact, named: Named, listed: Listed | None, work: Path, pool: Pool) -> _Opened:
    """Unpack one artefact. What is certain to be looked at goes to ``pool`` at once."""
    limits = pool.limits
    one = _Opened(Evidence(identity, artefact.kind, readable(artefact.name), named.sha256, named.size))
    if not named.sha256 or (artefact.kind is EvidenceKind.DIR and listed is None):
        one.problems.append(Problem(Cause.NOT_PERMITTED, Where(identity, artefact.name), "cannot be read", "nothing of this evidence was looked at"))
        one.shut = "could not be read:"
        return one
    refused = _refused(one.evidence, limits)
    if refused:
        one.problems.append(refused)
        one.shut = "was not read:"
        return one
    if artefact.kind in _DOCUMENTS:
        one.itself = ToLookAt(artefact.path.resolve(), Where(identity, artefact.name), named.size, patterns=False)
        one.shut = f"{_DOCUMENTS[artefact.kind].only}:"
        return one
    if artefact.kind in _TRAFFIC:
        one.capture = Capture(artefact.path.resolve(), Where(identity, artefact.name), named.size, artefact.kind)
        one.shut = "only traffic is in"
        return one
    own = work / identity
    own.mkdir()
    root = artefact.path.resolve()
    digests = {f"{root}/{name}": member.sha256 for name, member in named.files.items()}

    def ready(file: UnpackedFile) -> None:
        pool.put([_to_look_at(file, digests)])

    if listed:
        one.unpacked = open_listed(listed, one.evidence, own, limits, pool.notice, ready)
    else:
        one.unpacked = unpack(artefact.path, one.evidence, own, limits, pool.notice, ready)
    one.problems.extend(one.unpacked.problems)
    _sort_files(one, artefact, digests)
    return one


def _to_look_at(file: UnpackedFile, digests: dict[str, str]) -> ToLookAt:
    return ToLookAt(file.host, file.where, file.size, file.executable, file.link_names, not file.opened, sha256=digests.get(str(file.host), ""))


def _refused(evidence: Evidence, limits: Limits) -> Problem | None:
    """Why evidence that can be opened is not read, if it is not."""
    where = Where(evidence.id, evidence.name)
    if evidence.kind not in READ:
        what = f"this is evidence of the kind {evidence.kind}, which this version cannot read yet"
        return Problem(Cause.MISSING_TOOL, where, what, "nothing of this evidence was looked at")
    if evidence.bytes > limits.evidence_bytes:
        return Problem(
            Cause.LIMIT_REACHED,
            where,
            f"evidence_bytes: {evidence.bytes} where {limits.evidence_bytes} is allowed",
            "nothing of this evidence was looked at",
        )
    return None


def _sort_files(one: _Opened, artefact: Artefact, digests: dict[str, str]) -> None:
    """Tell the members from the file that was given.

    The bytes of a container are searched once, as its members. A file that is listed though something came out of it is more than that (flash
    with a small archive in its middle): its gaps are no members, so all of it is searched.
    """
    assert one.unpacked is not None  # noqa: S101 - for the type checker
    for file in one.unpacked.files:
        itself = one.evidence.kind is not EvidenceKind.DIR and file.where.path == one.evidence.name
        looked = _to_look_at(file, digests)
        if itself:
            one.itself = looked
        else:
            one.members.append(looked)
    if one.itself is None and one.evidence.kind is not EvidenceKind.DIR:
        where = Where(one.evidence.id, one.evidence.name)
        one.itself = ToLookAt(artefact.path.resolve(), where, one.evidence.bytes, patterns=not one.members)
    if not one.members:
        one.shut = "nothing could be unpacked from" if one.itself else "there is no file in"


def _reading(opened: Sequence[_Opened], answers: Answers, heard: Heard, *, rules: bool) -> Reading:
    hostile: list[Fact] = [fact for one in opened if one.unpacked for fact in one.unpacked.hostile]
    masked = [readable(place) for one in opened if one.unpacked for place in one.unpacked.masked]
    facts = sorted(
        join([*answers.facts, *heard.facts, *(readable(fact) for fact in hostile)], masked),
        key=lambda fact: (fact.where.sort_key, type(fact).__name__, repr(fact)),
    )
    problems = {*answers.problems, *heard.problems, *(readable(problem) for one in opened for problem in (*one.problems, *_not_known(one, answers)))}
    recognised = {name for names in answers.looked.values() for name in names}
    return Reading(
        evidence=tuple(one.evidence for one in opened),
        facts=tuple(facts),
        looked_for=looked_for(
            facts,
            recognised,
            members=sum(readable(file.where) in answers.looked for one in opened for file in one.members),
            searched=sum(
                1 for one in opened if one.itself and one.itself.patterns and not _is_shut(one) and readable(one.itself.where) in answers.looked
            ),
            unpacked=any(one.unpacked for one in opened),
            shut={one.evidence.name: one.shut for one in opened if one.shut},
            rules=rules,
            captures={place.evidence for place in heard.read},
            logs={place.evidence for place in heard.logs},
            designs={one.evidence.id for one in opened if one.evidence.kind is EvidenceKind.DESIGN},
            radios={place.evidence for place in heard.radios},
        ),
        problems=tuple(sorted(problems, key=lambda problem: problem.sort_key)),
        coverage=heard.covered(_coverage(opened, answers, _unidentified(answers.facts) - _unidentified(facts), heard)),
    )


def _not_known(one: _Opened, answers: Answers) -> tuple[Problem, ...]:
    """What is wrong with a document that no reader knows."""
    if one.unpacked or not one.itself or answers.looked.get(readable(one.itself.where), True):
        return ()
    what = f"is {_DOCUMENTS[one.evidence.kind].none} in a format that this version knows"
    return (Problem(Cause.BROKEN_INPUT, one.itself.where, what, "nothing of this evidence was read"),)


def _unidentified(facts: Iterable[Fact]) -> int:
    return sum(isinstance(fact, UnidentifiedProgram) for fact in facts)


def _is_shut(one: _Opened) -> bool:
    """The given file itself is a blob that nobody could open: what its bytes hold may be hidden by encryption or packing."""
    return one.unpacked is not None and any(name.startswith(one.evidence.name) for name in one.unpacked.unopened)


def _coverage(opened: Sequence[_Opened], answers: Answers, known_by_package: int, heard: Heard) -> Coverage:
    given = {one.evidence.kind for one in opened}
    known = {one.evidence.id for one in opened if one.itself and not one.members and answers.looked.get(readable(one.itself.where))}
    known |= {place.evidence for place in (*heard.read, *heard.logs, *heard.radios)}
    understood = sum(_understood(one, known) for one in opened)
    names = [(one, name) for one in opened for name in (one.unpacked.unopened if one.unpacked else (one.evidence.name,))]
    unopened = [name for one, name in names if not (one.evidence.id in known and name == one.own_path)]
    return Coverage(
        bytes_total=sum(one.evidence.bytes for one in opened),
        bytes_understood=understood,
        bytes_read=answers.bytes_read,
        files=len(answers.looked),
        programs=answers.programs,
        programs_identified=answers.programs_identified + known_by_package,
        unopened=tuple(sorted({readable(name) for name in unopened})),
        kinds_not_given=tuple(
            kind for kind in EvidenceKind if kind not in given and kind not in _BESIDE and not (kind in SOFTWARE and given & SOFTWARE)
        ),
    )


def _understood(one: _Opened, known: Collection[str]) -> int:
    if one.evidence.id in known:
        return one.evidence.bytes
    return one.unpacked.bytes_understood if one.unpacked else 0
