"""Look at one file with every reader that knows it. Whatever a reader does, the others still get their turn.

Runs in the bounded child; this is the one place where anything unexpected in a reader is caught, once for each file and reader.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ParamSpec

from asepsis.evidence.joined import STAND_ALONE
from asepsis.evidence.patterns import Match, PatternPass, PatternReader
from asepsis.evidence.protocols.executables import architecture
from asepsis.evidence.protocols.file_digest import DIGEST, digest_of
from asepsis.evidence.protocols.wide import wide_strings, wide_text
from asepsis.evidence.reader import Flawed, Malformed, NotThisFormat, Reader, ReaderInfo, Sealed, Sureness
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import BoundedSource, OutOfBounds
from asepsis.model.evidence import Cause, Problem
from asepsis.model.facts import Component, Confidence, Fact, OperatingSystem, PasswordHash, PrivateKey, Program, StoredSecret, UnidentifiedProgram
from asepsis.model.software import MOST_DEPENDENCIES

Given = ParamSpec("Given")
HEAD_BYTES = 4096
OF_THE_WHOLE = frozenset({"read_one_file_seconds", "facts"})
"""Limits that end the look at a file, not only at one reader's part of it."""
_SECRETS = (StoredSecret, PasswordHash, PrivateKey)


class Look:
    """What one file showed: ``facts``, ``problems``, the names of the readers that recognised it, whether it is a program."""

    def __init__(self, source: BoundedSource, facts_left: int, digest: str = "") -> None:
        """``facts_left`` is how many facts may still be emitted; ``digest`` the file's SHA-256 in hex if it is known already."""
        self.source, self._left = source, facts_left
        if digest:
            source.once(DIGEST, lambda: digest)
        self.facts: list[Fact] = []
        self.problems: list[Problem] = []
        self.recognised: list[str] = []
        self.program = False
        self._over = self._cut = False
        self._said = frozenset[str]()
        self.head = bytes(source.buffer[:HEAD_BYTES])

    @property
    def identified(self) -> bool:
        """Whether a name and version were recognised in it: what it was built with, and other weak witnesses, do not tell what it is."""
        return any(
            isinstance(fact, OperatingSystem) or (isinstance(fact, Component) and fact.confidence is not Confidence.WEAK) for fact in self.facts
        )

    def with_readers(self, readers: Sequence[Reader]) -> None:
        """Ask every reader of whole files."""
        path, head = self.source.path, self.head
        for reader in readers:
            sureness = self._caught(reader.info, reader.recognises, path, head)
            if sureness is not Sureness.NO and isinstance(sureness, Sureness) and not self._over:
                self._read(reader, sureness)

    def _read(self, reader: Reader, sureness: Sureness) -> None:
        before = len(self.facts)
        self.recognised.append(reader.info.name)
        self.source.seek(0)
        problem = self._caught(reader.info, reader.read, self.source, self._emit)
        # What was only perhaps this format, gave nothing and then broke, is another format.
        if isinstance(problem, Problem) and (sureness is Sureness.YES or len(self.facts) > before or problem.cause is not Cause.BROKEN_INPUT):
            self.problems.append(problem)

    def with_patterns(self, patterns: PatternPass) -> None:
        """One pass over all bytes, then each reader of matches; the same over what is text in UTF-16, of programs for secrets only."""
        self._search(patterns, self.source, self._emit_new)
        for view, emit in ((wide_text, self._emit_new), (wide_strings, self._emit_secret)):
            copy = None if self._over else self._caught(_WIDE, view, self.source)
            self._note(copy)
            if isinstance(copy, BoundedSource):
                self._search(patterns, copy, emit)

    def _search(self, patterns: PatternPass, source: BoundedSource, emit: Callable[[Fact], None]) -> None:
        if self._over:
            return
        found: list[tuple[PatternReader, list[Match]]] = []

        def scan() -> None:
            found.extend(patterns.scan(source.buffer, lambda limit: self._note(self._problem(_PASS, limit))))

        self._note(self._caught(_PASS, scan))
        for reader, matches in found:
            if not self._over:
                self._said = frozenset(fact.secret.digest for fact in self.facts if isinstance(fact, _SECRETS))
                self._note(self._caught(reader.info, reader.read_matches, source, matches, emit))

    def as_program(self) -> None:
        """Count an executable and keep its digest, and say so if nobody recognised it."""
        processor = architecture(self.head)
        self.program = processor is not None
        if processor is not None:
            kind = Program if self.identified else UnidentifiedProgram
            self._note(self._caught(_PASS, self._emit, kind(self.source.where(), digest_of(self.source), processor)))

    def _emit(self, fact: Fact) -> None:
        if self._left <= 0:
            raise LimitReached("facts", 0, 1)
        self._left -= 1
        self.facts.append(self._kept(fact) if isinstance(fact, Component) else fact)

    def _kept(self, part: Component) -> Component:
        """With no more needs than are kept; the first part of a file that has more is named as a limit."""
        if len(part.depends) <= MOST_DEPENDENCIES:
            return part
        if not self._cut:
            what = f"{part.name} needs more than {MOST_DEPENDENCIES} other parts, of which the rest was left out"
            rest = "what else it and other parts of this file need is not in the bill of materials"
            self.problems.append(Problem(Cause.LIMIT_REACHED, part.where, what, rest))
        self._cut = True
        return replace(part, depends=part.depends[:MOST_DEPENDENCIES])

    def _emit_new(self, fact: Fact) -> None:
        """What a reader before this one, which knows more of the format, said of a secret need not be said again."""
        if not (isinstance(fact, StoredSecret) and fact.secret.digest in self._said):
            self._emit(fact)

    def _emit_secret(self, fact: Fact) -> None:
        if isinstance(fact, _SECRETS):
            self._emit_new(fact)

    def _note(self, outcome: object) -> None:
        if isinstance(outcome, Problem):
            self.problems.append(outcome)

    def _caught(self, info: ReaderInfo, do: Callable[Given, object], *given: Given.args, **named: Given.kwargs) -> object:
        """What ``do`` returns, or the problem that it ended with."""
        try:
            return do(*given, **named)
        except NotThisFormat:
            return None
        except Exception as error:  # noqa: BLE001 - the one place where a reader's bug is caught
            self._over = self._over or (isinstance(error, LimitReached) and error.limit in OF_THE_WHOLE)
            return self._problem(info, error)

    def _problem(self, info: ReaderInfo, error: Exception) -> Problem:
        """What happened to one reader. The facts of the others are all there, unless the whole look at the file ended.

        What is sealed may hold anything: also what the reader, which only knows that it is sealed, would never emit.
        """
        whole = isinstance(error, (Sealed, MemoryError)) or (isinstance(error, LimitReached) and error.limit in OF_THE_WHOLE)
        kinds = {*info.emits, *info.may_emit}
        hides = () if whole or not kinds <= STAND_ALONE else tuple(sorted(kind.__name__ for kind in kinds))
        return replace(self._described(info, error), hides=hides)

    def _described(self, info: ReaderInfo, error: Exception) -> Problem:
        where = self.source.where()
        match error:
            case Sealed():
                where = self.source.where(offset=error.offset, line=error.line)
                return Problem(Cause.NOT_PERMITTED, where, f"{info.title}: {error.what}", "what it holds was not looked at")
            case Flawed():
                where = self.source.where(offset=error.offset, line=error.line)
                return Problem(Cause.BROKEN_INPUT, where, f"{info.title}: {error.what}", "everything else in this file was read")
            case Malformed():
                where = self.source.where(offset=error.offset, line=error.line)
                return Problem(Cause.BROKEN_INPUT, where, f"{info.title}: {error.what}", "what follows in this file was not read")
            case OutOfBounds():
                what = f"{info.title}: the file claims more than it holds ({error})"
                return Problem(Cause.BROKEN_INPUT, where, what, "what follows in this file was not read")
            case LimitReached() | MemoryError():
                what = f"{info.title}: {error if isinstance(error, LimitReached) else 'read_memory_bytes'}"
                return Problem(Cause.LIMIT_REACHED, where, what, "the rest of this file was not looked at")
            case _:
                what = f"{info.name} failed with {type(error).__name__} on a file with SHA-256 {digest_of(self.source)}"
                return Problem(Cause.OUR_BUG, where, what, f"this file was not looked at for: {info.title}")


_PASS = ReaderInfo("patterns", "Search for byte patterns", (), ())
_WIDE = ReaderInfo("utf16", "Text in UTF-16", (), ())
