"""Android's ``build.prop`` and ``default.prop``: whether the debug bridge (adb) is open, and to whom.

``name=value`` lines (Android property service; ``system/core`` and ``packages/modules/adb``)::

    ro.debuggable=1                      a build for developers: adb can become root
    ro.secure=0                          adb is root
    ro.adb.secure=1                      adb asks for a key that the owner accepted; 0 or absent: for nothing
    persist.sys.usb.config=mtp,adb       adb is on at the USB connector
    service.adb.tcp.port=5555            adb listens on the network (persist.adb.tcp.port keeps it over a restart)

Known ways it lies: properties are spread over several files, later ones and ``init`` scripts override them, so that an absent
``ro.adb.secure`` proves nothing; a user may switch adb on by hand where the build left it off.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.text import Entry, key_file
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Gives, Service, Zone

_PATH = re.compile(r"(?:^|/)(?:build|default|prop|local)[^/]*\.(?:prop|default)$")
_PORTS = ("service.adb.tcp.port", "persist.adb.tcp.port", "persist.service.adb.tcp.port")
_USB = ("persist.sys.usb.config", "sys.usb.config", "persist.service.adb.enable")
_ASKED = ("ro.debuggable", "ro.secure", "ro.adb.secure", *_PORTS, *_USB)


class AndroidPropertiesReader:
    """Emits one :class:`Service` ``debug-agent`` with what the file says of adb, also if it is closed."""

    info = ReaderInfo("android_properties", "Android's properties of the debug bridge", (Service,), ("build.prop", "default.prop"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The last value of a property counts. A file that says nothing of adb has nothing to tell."""
        found = {entry.key: entry for entry in key_file(source.lines(), comments="#") if entry.key in _ASKED}
        if not found:
            raise NotThisFormat
        emit(_bridge(source, found))


def _bridge(source: BoundedSource, found: dict[str, Entry]) -> Service:
    port = next((int(found[name].value) for name in _PORTS if name in found and found[name].value.isdecimal() and len(found[name].value) < 6), 0)  # noqa: PLR2004
    at_usb = any("adb" in found[name].value.split(",") or found[name].value == "1" for name in _USB if name in found)
    root = _is(found, "ro.debuggable", "1") or _is(found, "ro.secure", "0")
    open_to_all = root or _is(found, "ro.adb.secure", "0")
    closed = _is(found, "ro.adb.secure", "1")
    says = [f"{name}={found[name].value[:32]}" for name in _ASKED if name in found]
    return Service(
        source.where(line=min(entry.line for entry in found.values())),
        "debug-agent",
        program="adbd",
        auth=Auth.KEY if closed else Auth.NONE if _is(found, "ro.adb.secure", "0") else Auth.UNKNOWN,
        enabled=True if port or at_usb else None if open_to_all else False,
        port=port or None,
        zone=Zone.DEVICE_NETWORK if port else Zone.TOUCH,
        gives=Gives.CONTROL,
        root_log_in=root or None,
        detail="Android debug bridge: " + ", ".join(says),
    )


def _is(found: dict[str, Entry], name: str, value: str) -> bool:
    return name in found and found[name].value == value
