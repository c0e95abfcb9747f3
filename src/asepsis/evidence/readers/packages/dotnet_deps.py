"""Packages of a .NET program: ``NAME.deps.json`` beside it.

JSON (.NET documentation, *Runtime configuration files*): ``libraries`` by ``NAME/VERSION`` with their ``type`` (``package`` of NuGet, ``project`` the
program's own, ``runtimepack`` the run time that is shipped with it), ``targets`` with the ``dependencies`` of each.

Known ways it lies: a package may be listed of which no file is shipped; programs of one file have theirs inside; the .NET Framework before .NET Core
knows no such file.
"""

from __future__ import annotations

from typing import Any

from asepsis.evidence.protocols.json_object import json_object, key_lines, section, string
from asepsis.evidence.protocols.purl import purl
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness, ends
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence

_RUNTIME = "runtimepack."
"""What the name of a shipped run time begins with, before the package's own."""
_OF_NUGET = frozenset({"package", "runtimepack"})


class DotnetDepsReader:
    """Emits one :class:`Component` for each library."""

    info = ReaderInfo("dotnet_deps", "Packages of .NET programs", (Component,), ("*.deps.json",))
    signs = Signs(paths=(ends(".deps.json"),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name."""
        return Sureness.YES if path.endswith(".deps.json") and b"{" in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``Malformed`` if it is no JSON, ``NotThisFormat`` if it lists nothing."""
        text = source.content().decode("utf-8-sig", "replace")
        whole = json_object(text)
        if "libraries" not in whole:
            raise NotThisFormat
        lines, needs = key_lines(text), _needs(whole)
        for key, library in section(whole, "libraries").items():
            named, _, version = key.partition("/")
            name, kind = named.removeprefix(_RUNTIME), string(library, "type") if isinstance(library, dict) else ""
            if name:
                emit(
                    Component(
                        source.where(line=lines.get(key)),
                        name[:128],
                        version[:128],
                        method="package metadata",
                        confidence=Confidence.CONFIRMED,
                        purl=purl("nuget", name, version) if kind in _OF_NUGET else "",
                        depends=needs.get(key, ()),
                    )
                )


def _needs(whole: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """What each library needs, by its key."""
    libraries = (section(whole, "targets")[target] for target in section(whole, "targets"))
    return {
        key: tuple(name.removeprefix(_RUNTIME) for name in section(library, "dependencies"))
        for listed in libraries
        if isinstance(listed, dict)
        for key, library in listed.items()
        if isinstance(library, dict)
    }
