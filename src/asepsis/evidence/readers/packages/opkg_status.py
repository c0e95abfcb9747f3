"""Packages that opkg or ipkg installed: ``/usr/lib/opkg/status``, and each package's own ``info/NAME.control``.

Paragraphs as dpkg's (OpenWrt Wiki, *Opkg package manager*). The status says what is installed; the control file adds ``License``, ``SourceName``,
``Maintainer``, and in OpenWrt ``CPE-ID``.

Known ways it lies: files may have been replaced after the package was installed; the revision after the last hyphen is the packager's; a build that
strips its status leaves only the control files.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.control_file import Paragraph, dependencies, paragraphs, person
from asepsis.evidence.protocols.products import product_of, upstream_version
from asepsis.evidence.protocols.purl import purl
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.cpe import ANY, parse_cpe
from asepsis.model.facts import Component, Confidence

_PATH = re.compile(r"(?:opkg|ipkg)/(?:status$|info/[^/]+\.control$)")
_PACKAGE = re.compile(rb"(?m)^Package: ?\S")


class OpkgStatusReader:
    """Emits one :class:`Component` for each installed package."""

    info = ReaderInfo("opkg_status", "Packages installed by opkg", (Component,), ("usr/lib/opkg/status", "usr/lib/opkg/info/*.control"))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name and the first field."""
        return Sureness.YES if "pkg/" in path and _PATH.search(path) and _PACKAGE.search(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Paragraph by paragraph. A package without a version is one all the same."""
        for package in paragraphs(source.lines()):
            if package.get("Package") and package.installed:
                emit(_component(source, package))


def _component(source: BoundedSource, package: Paragraph) -> Component:
    name, version = package.get("Package"), package.get("Version")
    built_from = package.get("SourceName")
    return Component(
        source.where(line=package.line),
        name[:128],
        upstream_version(version)[:128],
        product_of(name),
        "package list",
        Confidence.CONFIRMED,
        purl("opkg", name, version, arch=package.get("Architecture"), upstream="" if built_from == name else built_from),
        _cpe(package.get("CPE-ID"), upstream_version(version)),
        person(package.get("Maintainer")),
        package.get("License")[:256],
        depends=dependencies(package.get("Pre-Depends"), package.get("Depends")),
    )


def _cpe(text: str, version: str) -> str:
    """``cpe:/a:openssl:openssl`` (CPE 2.2) as CPE 2.3 with the package's version; empty if it is none."""
    name = parse_cpe(text)
    if name is None or not name.is_product:
        return ""
    return str(name if name.version != ANY else name._replace(version=version.lower() or ANY))
