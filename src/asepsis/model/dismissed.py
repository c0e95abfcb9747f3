"""What was seen and is no weakness: silence, explained."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from asepsis.model.where import Where


class Exemption(StrEnum):
    """Why a thing that looks like a weakness is none. The words are fixed: reports group and filter by them."""

    EXAMPLE = "example"
    PLACEHOLDER = "placeholder"
    TEMPLATE_VARIABLE = "template-variable"
    MASKED = "masked"
    COMMENTED_OUT = "commented-out"
    NOT_A_SECRET = "not-a-secret"  # noqa: S105 - the name of a reason, not a secret
    HASH_ONLY = "hash-only"
    LOCKED = "locked"
    SEALED = "sealed"
    PUBLIC_TEST_KEY = "public-test-key"
    LIBRARY_TEST = "library-test"
    DOCUMENTATION = "documentation"
    BACKUP_COPY = "backup-copy"
    CANNOT_LOG_IN = "cannot-log-in"
    RESTRICTED = "restricted"
    SWITCHED_OFF = "switched-off"
    LOOPBACK_ONLY = "loopback-only"
    PROTECTED = "protected"
    SUPPORTED = "supported"
    MENDED = "mended"
    NOT_AFFECTED = "not-affected"
    HARMLESS = "harmless"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Dismissed:
    """One thing that ``rule`` saw and that is no weakness.

    ``what`` says it in words, already redacted; ``where`` is None if it has no place of its own, or stands for several.
    """

    rule: str
    exemption: Exemption
    what: str
    where: Where | None = None

    @property
    def sort_key(self) -> tuple[str, str, tuple[str, str, int, int, int], str]:
        """By exemption, rule, place (those without one last), words."""
        place = self.where.sort_key if self.where else ("\U0010ffff", "", -1, -1, -1)
        return (self.exemption.value, self.rule, place, self.what)
