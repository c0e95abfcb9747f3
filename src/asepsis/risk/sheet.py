"""The sheet on which a scheme keeps its answers, and where a person's answer beats the tool's."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from asepsis.model.rating import Answer

TOOLS_OWN = frozenset({"", "evidence", "worst-case", "assumption", "table"})
"""What ``by`` says when no person answered: read from the evidence, taken as the worst, taken for granted, looked up in a table."""


class Consequence(ValueError):
    """Somebody overrides what follows from other answers."""


class Sheet:
    """The answers of one scheme to one path, in the order asked."""

    def __init__(self, scheme: str, overrides: Mapping[str, Answer]) -> None:
        """``overrides`` are people's answers by ``scheme.CODE``."""
        self._scheme, self._overrides, self._answers = scheme, overrides, list[Answer]()

    def ask(self, code: str, text: str, *, value: str, because: str, by: str = "evidence", allowed: Collection[str]) -> str:
        """Record the tool's answer, or the person's who overrides it, and give the value that counts.

        Raises ``ValueError`` for an override without name, day and reason, or with a value that is not ``allowed``.
        """
        answer = Answer(f"{code}: {text}", value, because, by)
        override = self._overrides.get(f"{self._scheme}.{code}")
        if override is not None:
            self._check(code, override, allowed)
            answer = replace(override, question=answer.question, because=f"{override.because} (instead of {value}: {because})")
        self._answers.append(answer)
        return answer.value

    def note(self, code: str, text: str, *, value: str, because: str, by: str = "table") -> str:
        """Record what follows from the answers. Raises ``Consequence`` if somebody overrides it: its inputs can be, it cannot."""
        if f"{self._scheme}.{code}" in self._overrides:
            raise Consequence(f"override of {self._scheme}.{code}: it follows from other answers; override those")
        self._answers.append(Answer(f"{code}: {text}", value, because, by))
        return value

    @property
    def answers(self) -> tuple[Answer, ...]:
        """All answers so far."""
        return tuple(self._answers)

    def _check(self, code: str, override: Answer, allowed: Collection[str]) -> None:
        name = f"override of {self._scheme}.{code}"
        if override.by in TOOLS_OWN or not override.date or not override.because:
            raise ValueError(f"{name}: needs the name of a person, a date and a reason")
        if override.value not in allowed:
            raise ValueError(f"{name}: {override.value!r} is not one of {', '.join(sorted(allowed))}")


def code_of(answer: Answer) -> str:
    """The code that an answer's question starts with: ``XAVN`` of ``XAVN: reached through a network?``."""
    return answer.question.partition(":")[0]
