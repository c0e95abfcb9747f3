"""Load the shipped knowledge: devices, controls, ends of support, defaults, names, the default site.

Everything is parsed when first asked for, once per process, and is immutable. A user's file is read by the same code; what is wrong
with it is said in one line by ``KnowledgeError``.
"""

from __future__ import annotations

import datetime as dt
from functools import cache, cached_property
from pathlib import Path

from asepsis.knowledge.controls import load_controls
from asepsis.knowledge.defaults import KnownDefaults, load_defaults
from asepsis.knowledge.devices import device_toml, load_device, shipped_device, shipped_ids
from asepsis.knowledge.end_of_support import EndOfSupport, SupportTable, load_support_table
from asepsis.knowledge.names import Names, load_names
from asepsis.knowledge.sites import load_site
from asepsis.knowledge.sources import Source, load_sources
from asepsis.knowledge.toml_file import KnowledgeError
from asepsis.model.device import Device, Site
from asepsis.model.plan import Control

DATA = Path(__file__).parent / "data"


class KnowledgeBase:
    """The knowledge used by one run. Every method may raise ``KnowledgeError`` if a shipped file is missing or broken."""

    def __init__(self, folder: Path = DATA) -> None:
        """``folder`` holds the data files; nothing is read yet."""
        self._folder = folder

    @property
    def date(self) -> dt.date:
        """The day of the newest source of the snapshot."""
        return max(source.date for source in self._sources)

    @property
    def sources(self) -> tuple[str, ...]:
        """One line for each source: name, licence, date."""
        return tuple(f"{source.title}; {source.licence}; {source.date.isoformat()}" for source in self._sources)

    def devices(self) -> tuple[Device, ...]:
        """All shipped device profiles, by id."""
        return self._devices

    def device(self, device_id: str) -> Device:
        """One shipped profile. Raises ``KnowledgeError`` naming near ids if there is none."""
        return shipped_device(device_id, self._folder / "devices")

    def controls(self) -> tuple[Control, ...]:
        """The catalogue of counter-measures, by id."""
        return self._controls

    def site(self) -> Site:
        """The surroundings taken for granted when the user gives none."""
        return load_site(self._folder / "sites" / "default.toml")

    def end_of_support(self, product: str, version: str) -> EndOfSupport | None:
        """The release line that ``version`` of ``product`` belongs to, or None when the product is not in the table.

        ``product`` is an id of the table or another name of it (``linux-kernel`` for ``linux``).
        """
        return self._support.look_up(product, version, self.date)

    def is_known_default(self, secret: str) -> bool:
        """Whether ``secret`` is a default that is public knowledge (generic list in clear, vendors' as salted hashes)."""
        return self._defaults.knows(secret)

    def generic_defaults(self) -> tuple[str, ...]:
        """The generic defaults in clear (``admin``, ``root``, ``12345678`` …), to be tried against password hashes."""
        return self._defaults.generic

    def cwe_name(self, number: int) -> str:
        """The name of a CWE, or an empty string."""
        return self._names.cwe.get(str(number), "")

    def technique_name(self, technique: str) -> str:
        """The name of an ATT&CK for ICS technique or mitigation (``T0891``, ``M0930``), or an empty string."""
        return self._names.techniques.get(technique, "") or self._names.mitigations.get(technique, "")

    @cached_property
    def _sources(self) -> tuple[Source, ...]:
        return load_sources(self._folder / "sources.toml")

    @cached_property
    def _devices(self) -> tuple[Device, ...]:
        return tuple(self.device(device_id) for device_id in shipped_ids(self._folder / "devices"))

    @cached_property
    def _controls(self) -> tuple[Control, ...]:
        return load_controls(self._folder / "controls.toml")

    @cached_property
    def _support(self) -> SupportTable:
        return load_support_table(self._folder)

    @cached_property
    def _defaults(self) -> KnownDefaults:
        return load_defaults(self._folder)

    @cached_property
    def _names(self) -> Names:
        return load_names(self._folder)


@cache
def load() -> KnowledgeBase:
    """The shipped knowledge, one object per process."""
    return KnowledgeBase()


__all__ = [
    "EndOfSupport",
    "KnowledgeBase",
    "KnowledgeError",
    "device_toml",
    "load",
    "load_device",
    "load_site",
]
