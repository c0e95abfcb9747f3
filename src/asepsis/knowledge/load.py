"""Load the shipped knowledge: devices, controls, ends of support, defaults, the risk matrix, the default site.

Everything is parsed once per process and is immutable. A user's file is read by the same code; what is wrong with it is said in
one line by ``KnowledgeError``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from asepsis.model.device import Device, Mark, Site
from asepsis.model.plan import Control


class KnowledgeError(Exception):
    """A data file is missing, broken or says something impossible; the message is one line for the user."""


@dataclass(frozen=True, slots=True)
class EndOfSupport:
    """When a release line ended or ends. ``ends`` None with ``status`` ``unknown`` means: no evidence of support, ask the maker."""

    product: str
    cycle: str
    ends: date | None
    status: str
    source: str
    mark: Mark


class KnowledgeBase:
    """The knowledge used by one run."""

    # Filled in by the loader; the methods below are the whole interface that stages may use.

    @property
    def date(self) -> date:
        """The day of the newest source of the snapshot."""
        raise NotImplementedError

    @property
    def sources(self) -> tuple[str, ...]:
        """One line for each source: name, licence, date."""
        raise NotImplementedError

    def devices(self) -> tuple[Device, ...]:
        """All shipped device profiles, by id."""
        raise NotImplementedError

    def device(self, device_id: str) -> Device:
        """One shipped profile. Raises ``KnowledgeError`` naming near ids if there is none."""
        raise NotImplementedError

    def controls(self) -> tuple[Control, ...]:
        """The catalogue of counter-measures, by id."""
        raise NotImplementedError

    def site(self) -> Site:
        """The surroundings taken for granted when the user gives none."""
        raise NotImplementedError

    def end_of_support(self, product: str, version: str) -> EndOfSupport | None:
        """The release line that ``version`` of ``product`` belongs to, or None when the product is not in the table."""
        raise NotImplementedError

    def is_known_default(self, secret: str) -> bool:
        """Whether ``secret`` is a default that is public knowledge (generic list in clear, vendors' as salted hashes)."""
        raise NotImplementedError

    def generic_defaults(self) -> tuple[str, ...]:
        """The generic defaults in clear, to be tried against password hashes: ``admin``, ``root``, ``12345678`` …"""
        raise NotImplementedError

    def cwe_name(self, number: int) -> str:
        """The name of a CWE, or an empty string."""
        raise NotImplementedError
