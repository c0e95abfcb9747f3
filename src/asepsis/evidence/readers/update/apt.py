"""apt: where Debian packages come from, and whether their lists must be signed.

``deb [OPTIONS] URI SUITE…`` lines of ``sources.list``, ``Key: value`` stanzas of ``*.sources`` (sources.list(5)), and ``AllowUnauthenticated`` or
``AllowInsecureRepositories`` of ``apt.conf`` (apt.conf(5)). apt checks the signature of each list unless ``trusted=yes`` says otherwise; the
lists carry the hashes of the packages and an end date, so that a signed source counts as protected on the way, over HTTP too.

Known ways it lies: packages may be installed by hand whatever these files say; nothing here says that apt is ever called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import UpdateMechanism, Zone

_PATH = re.compile(r"(?:^|/)etc/apt/(?:sources\.list|sources\.list\.d/[^/]+\.(?:list|sources)|apt\.conf|apt\.conf\.d/[^/]+)$")
_LINE = re.compile(r"\s*deb(?:-src)?\s+(?:\[([^\]]*)\]\s*)?(\S+)")
_LOOSE = re.compile(r"(?:AllowUnauthenticated|AllowInsecureRepositories|AllowDowngradeToInsecureRepositories)\s+\"?(true|yes|1)\b", re.IGNORECASE)
_YES = re.compile(r"\btrusted\s*=\s*yes\b", re.IGNORECASE)
_LOCAL = ("file:", "cdrom:", "copy:")


class AptReader:
    """Emits an :class:`UpdateMechanism` ``apt`` for the first source of each kind: unsigned, signed; and for settings that ask for no signature."""

    info = ReaderInfo("apt", "Sources of apt", (UpdateMechanism,), ("etc/apt/sources.list", "etc/apt/sources.list.d/*", "etc/apt/apt.conf"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line, or stanza by stanza."""
        if "apt.conf" in source.path:
            for number, line in source.lines():
                if _LOOSE.search(line) and not line.lstrip().startswith(("//", "#")):
                    emit(UpdateMechanism(source.where(line=number), "apt", Zone.DEVICE_NETWORK, signature_checked=False))
            return
        told: set[bool] = set()
        for number, address, trusted in _stanzas(source) if source.path.endswith(".sources") else _lines(source):
            if trusted not in told and not address.startswith(_LOCAL):
                told.add(trusted)
                zone = Zone.DEVICE_NETWORK if trusted and not address.startswith("https:") else Zone.SUPPLY_CHAIN
                protected = not trusted or address.startswith("https:")
                emit(UpdateMechanism(source.where(line=number), "apt", zone, signature_checked=not trusted, transport_protected=protected))
        if not told:
            raise NotThisFormat


def _lines(source: BoundedSource) -> Iterator[tuple[int, str, bool]]:
    for number, line in source.lines():
        found = _LINE.match(line[:4096])
        if found:
            yield number, found.group(2).lower(), _YES.search(found.group(1) or "") is not None


def _stanzas(source: BoundedSource) -> Iterator[tuple[int, str, bool]]:
    """Each address of a stanza; ``Enabled: no`` switches it off."""
    values: dict[str, tuple[int, str]] = {}
    for number, line in [*source.lines(), (0, "")]:
        key, found, value = line.partition(":")
        if found and not line.startswith(("#", " ", "\t")):
            values[key.strip().lower()] = (number, value.strip())
        elif not line.strip():
            at, addresses = values.get("uris", (0, ""))
            if values.get("enabled", (0, "yes"))[1].lower() != "no":
                trusted = values.get("trusted", (0, ""))[1].lower() == "yes"
                yield from ((at, address.lower(), trusted) for address in addresses.split()[:64])
            values = {}
