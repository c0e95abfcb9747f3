"""Packages that RPM installed, out of its database: ``rpmdb.sqlite`` (since 4.16), ``Packages.db`` (ndb, SUSE), ``Packages`` (Berkeley DB, before).

Each record is the header of a package (:mod:`asepsis.evidence.protocols.rpm_header`): ``NAME``, ``VERSION``, ``RELEASE``, ``EPOCH``, ``ARCH``,
``SOURCERPM``, ``LICENSE``, ``VENDOR``, ``REQUIRENAME``, ``PROVIDENAME``. In ``/var/lib/rpm`` or ``/usr/lib/sysimage/rpm``.

Known ways it lies: files may have been replaced after the package was installed; a flaw may be mended in a release whose version is still the old
one; keys that packages are checked with are kept as packages called ``gpg-pubkey``, and are none; of SQLite, the newest changes may stand in ``-wal``
beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from asepsis.evidence.protocols import berkeley_hash, rpm_ndb, sqlite_pages
from asepsis.evidence.protocols import rpm_header as rpm
from asepsis.evidence.protocols.products import product_of
from asepsis.evidence.protocols.purl import purl
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource, OutOfBounds
from asepsis.model.facts import Component, Confidence

_PATH = re.compile(r"rpm/(?:rpmdb\.sqlite|Packages(?:\.db)?)$")
_NO_PACKAGE = "gpg-pubkey"
_LONGEST = 16 * 1024 * 1024
"""Bytes of one header; those of kernels with all their files have two or three million."""


@dataclass(frozen=True, slots=True)
class _Package:
    """What is kept of a header until all are known."""

    offset: int
    name: str
    version: str
    purl: str
    vendor: str
    licence: str
    needs: tuple[str, ...]


class RpmDatabaseReader:
    """Emits one :class:`Component` for each installed package."""

    info = ReaderInfo("rpm_database", "Packages installed by RPM", (Component,), ("rpmdb.sqlite", "Packages.db", "Packages"))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name and magic."""
        if "rpm" not in path or not _PATH.search(path):
            return Sureness.NO
        known = head.startswith((sqlite_pages.MAGIC, rpm_ndb.MAGIC)) or head[12:16] in berkeley_hash.MAGICS
        return Sureness.YES if known else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """All packages first, since any may need what any other provides. Raises ``Malformed`` for the first that is broken, after all others."""
        packages, provided, broken = list[_Package](), dict[str, str](), list[Malformed]()
        for offset, blob in _whole(_records(source), broken):
            try:
                header = rpm.parse(blob, offset)
            except Malformed as error:
                broken.append(error)
                continue
            name = header.text(rpm.NAME)
            if name and name != _NO_PACKAGE:
                packages.append(_package(offset, name, header))
                provided.update((one, name) for one in header.texts(rpm.PROVIDENAME))
        for package in packages:
            emit(_component(source, package, provided))
        if broken:
            raise Malformed(f"{broken[0].what} ({len(broken)} such faults)", offset=broken[0].offset)


def _records(source: BoundedSource) -> Iterator[tuple[int, bytes]]:
    """Place and bytes of each record, by the kind of database."""
    head = bytes(source.buffer[:16])
    if head.startswith(rpm_ndb.MAGIC):
        yield from rpm_ndb.records(source)
    elif head.startswith(sqlite_pages.MAGIC):
        yield from _rows(source)
    else:
        # The record with the key 0 is the number of the last package, four bytes.
        yield from ((offset, blob) for offset, blob in berkeley_hash.records(source) if len(blob) > 4)  # noqa: PLR2004


def _rows(source: BoundedSource) -> Iterator[tuple[int, bytes]]:
    """The headers in the table ``Packages``; together never much longer than the file, which rows that share pages could make them."""
    left = source.size
    try:
        pages = sqlite_pages.Pages(source.buffer, longest=_LONGEST)
        table = next((table for table in pages.tables() if table.name == "Packages" and "blob" in table.columns), None)
        if table is None:
            raise NotThisFormat
        column = table.columns.index("blob")
        for row in pages.rows(table.root):
            blob = row.values[column] if column < len(row.values) else None
            left -= len(blob) if isinstance(blob, bytes) else 0
            if left < 0:
                raise Malformed("rows share their pages", offset=row.offset)
            yield row.offset, blob if isinstance(blob, bytes) else b""
    except sqlite_pages.Broken as error:
        raise Malformed(error.what, offset=error.offset) from error


def _whole(records: Iterator[tuple[int, bytes]], broken: list[Malformed]) -> Iterable[tuple[int, bytes]]:
    """The records up to where the database itself breaks, which is kept in ``broken``."""
    try:
        yield from records
    except Malformed as error:
        broken.append(error)
    except OutOfBounds as error:
        broken.append(Malformed("it claims more than it holds", offset=error.offset))


def _package(offset: int, name: str, header: rpm.Header) -> _Package:
    version, release, epoch = header.text(rpm.VERSION), header.text(rpm.RELEASE), header.number(rpm.EPOCH)
    return _Package(
        offset,
        name,
        version,
        purl(
            "rpm",
            name,
            f"{version}-{release}" if release else version,
            arch=header.text(rpm.ARCH),
            epoch="" if epoch is None else str(epoch),
            upstream=header.text(rpm.SOURCERPM),
        ),
        header.text(rpm.VENDOR),
        header.text(rpm.LICENSE),
        header.texts(rpm.REQUIRENAME),
    )


def _component(source: BoundedSource, package: _Package, provided: Mapping[str, str]) -> Component:
    needed = dict.fromkeys(provided.get(need, need) for need in package.needs)
    depends = tuple(need for need in needed if need != package.name and "(" not in need and not need.startswith("/"))
    return Component(
        source.where(offset=package.offset),
        package.name[:128],
        package.version[:128],
        product_of(package.name),
        "package list",
        Confidence.CONFIRMED,
        package.purl,
        supplier=package.vendor[:128],
        licence=package.licence,
        depends=depends,
    )
