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
from asepsis.knowledge.kernel_parts import KernelPart, load_kernel_parts
from asepsis.knowledge.names import Names, load_names
from asepsis.knowledge.signatures import shipped_signatures
from asepsis.knowledge.sites import load_site
from asepsis.knowledge.sources import Source, load_sources
from asepsis.knowledge.stated_support import SHIPPED_LIMIT, AgeLimit, StatedSupport, load_stated_support
from asepsis.knowledge.toml_file import KnowledgeError
from asepsis.knowledge.vulnerabilities.place import store_path
from asepsis.knowledge.vulnerabilities.status import warnings
from asepsis.knowledge.vulnerabilities.store import Store, open_store
from asepsis.model.device import Device, Site
from asepsis.model.plan import Control
from asepsis.model.study import Knowledge
from asepsis.model.vulnerability import Feed

DATA = Path(__file__).parent / "data"


class KnowledgeBase:
    """The knowledge used by one run. Every method may raise ``KnowledgeError`` if a shipped file is missing or broken."""

    vulnerabilities: Store | None = None
    """The store of published flaws; None means that there is no vulnerability knowledge, and nobody may say that a device has no such flaw."""

    def __init__(self, folder: Path = DATA, store: Store | None = None, stated: StatedSupport | None = None) -> None:
        """``folder`` holds the data files; nothing is read yet. ``store`` is what the user imported, ``stated`` what he says of support."""
        self._folder = folder
        self.stated = stated or StatedSupport()
        self.vulnerabilities = store

    @property
    def date(self) -> dt.date:
        """The day of the newest source of the snapshot, or of the newest feed that was imported."""
        return max(*(source.date for source in self._sources), *(dt.date.fromisoformat(feed.date) for feed in self.feeds if feed.date))

    @cached_property
    def feeds(self) -> tuple[Feed, ...]:
        """The feeds in the store, by name."""
        return self.vulnerabilities.feeds() if self.vulnerabilities else ()

    @property
    def sources(self) -> tuple[str, ...]:
        """One line for each source: name, licence, date."""
        return tuple(f"{source.title}; {source.licence}; {source.date.isoformat()}" for source in self._sources)

    def used(self, as_of: dt.date) -> Knowledge:
        """What a study says of the knowledge it rests on; feeds are called old as seen from ``as_of``."""
        return Knowledge(self.date.isoformat(), as_of.isoformat(), self.sources, self.feeds, warnings(self.feeds, as_of))

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

    def oldest_definitions(self, name: str) -> AgeLimit:
        """How old the definitions of a protection product may be: what the user says of it, or our own proposal."""
        return self.stated.oldest_definitions(name) or SHIPPED_LIMIT

    def is_known_default(self, secret: str) -> bool:
        """Whether ``secret`` is a default that is public knowledge (generic list in clear, vendors' as salted hashes)."""
        return self._defaults.knows(secret)

    def generic_defaults(self) -> tuple[str, ...]:
        """The generic defaults in clear (``admin``, ``root``, ``12345678`` …), to be tried against password hashes."""
        return self._defaults.generic

    def cpe_of_product(self, product: str) -> str:
        """The CPE 2.3 name, of any version, of an id of the end-of-support table; empty where the NVD has none or nobody knows it."""
        return self._product_cpes.get(product, "")

    def kernel_parts(self) -> tuple[KernelPart, ...]:
        """Which option of the Linux kernel's configuration compiles which part of its source."""
        return self._kernel_parts

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
        shipped = max((source.date for source in self._sources if "end_of_support.toml" in source.files), default=dt.date.min).isoformat()
        given = self.vulnerabilities.products() if self.vulnerabilities else ()
        return load_support_table(self._folder, {product.id: product for day, product in given if day > shipped}, self.stated.products)

    @cached_property
    def _defaults(self) -> KnownDefaults:
        return load_defaults(self._folder)

    @cached_property
    def _product_cpes(self) -> dict[str, str]:
        named = [part for part in shipped_signatures() if part.product and part.cpe]
        return {part.product: f"cpe:2.3:{'o' if part.system else 'a'}:{part.cpe}:*:*:*:*:*:*:*:*" for part in reversed(named)}

    @cached_property
    def _kernel_parts(self) -> tuple[KernelPart, ...]:
        return load_kernel_parts(self._folder)

    @cached_property
    def _names(self) -> Names:
        return load_names(self._folder)


@cache
def load() -> KnowledgeBase:
    """The shipped knowledge, one object per process."""
    return KnowledgeBase()


def load_with_store(said: str | None, support: str | None = None) -> KnowledgeBase:
    """The shipped knowledge with the store of published flaws that the user names, or that is in its usual place, and his file about ``support``.

    Raises ``KnowledgeError`` if a named one is not there, or what is there is no store or no such file.
    """
    path = store_path(said)
    store = open_store(path)
    if store is None and said:
        raise KnowledgeError(f"{path}: no such file; `asepsis db update` or `asepsis db import` makes it")
    stated = load_stated_support(Path(support)) if support else None
    return KnowledgeBase(store=store, stated=stated) if store or stated else load()


__all__ = [
    "EndOfSupport",
    "KnowledgeBase",
    "KnowledgeError",
    "device_toml",
    "load",
    "load_device",
    "load_site",
    "load_with_store",
]
