"""Nordic device firmware update: the ``manifest.json`` of a package for a Bluetooth device.

``{"manifest": {"application": {"bin_file": …, "dat_file": …, "init_packet_data": {…}}}}``. Packages of the legacy update (nRF5 SDK up to 11)
carry their checks in ``init_packet_data``: a CRC of 16 bits and no signature. Those of the secure update have a ``dat_file`` with a signature in
it, and no such data (nRF5 SDK documentation, "DFU"; nrfutil).

Known ways it lies: the bootloader decides what it takes; a secure bootloader may carry a key that everybody knows.
"""

from __future__ import annotations

import json
import re

from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import UpdateMechanism, Zone

_PATH = re.compile(r"(?:^|/)manifest\.json$")
_PARTS = ("application", "bootloader", "softdevice", "softdevice_bootloader")


class NordicDfuReader:
    """Emits one :class:`UpdateMechanism` for a package."""

    info = ReaderInfo("nordic_dfu", "Update packages of Nordic devices", (UpdateMechanism,), ("manifest.json",))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, and both words of a package in the head."""
        return Sureness.YES if _PATH.search(path) and b'"manifest"' in head and b'"bin_file"' in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``Malformed`` if it is no JSON."""
        text = source.content(1 << 20).decode("utf-8", "replace")
        try:
            given = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise Malformed("no JSON", line=getattr(error, "lineno", None)) from error
        manifest = given.get("manifest") if isinstance(given, dict) else None
        parts = [part for name in _PARTS for part in [manifest.get(name)] if isinstance(part, dict)] if isinstance(manifest, dict) else []
        if not parts:
            raise NotThisFormat
        legacy = any(isinstance(part.get("init_packet_data"), dict) and "firmware_crc16" in part["init_packet_data"] for part in parts)
        line = text.count("\n", 0, max(text.find('"bin_file"'), 0)) + 1
        emit(UpdateMechanism(source.where(line=line), "nordic-dfu", Zone.BLUETOOTH_RANGE, signature_checked=False if legacy else None))
