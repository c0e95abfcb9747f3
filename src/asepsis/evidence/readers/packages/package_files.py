"""Which files a package brought: ``info/NAME.list`` of dpkg and opkg, ``local/NAME-VERSION/files`` of pacman.

One path a line, folders too (dpkg-query(1), ``--listfiles``); opkg may add a tab and the mode; pacman writes them without a leading slash below
``%FILES%`` (alpm-db-desc(5)). Only those in folders of programs and libraries are kept: they tell whose an executable is that says nothing of itself.

Known ways it lies: a file may have been replaced or added to since; a diversion keeps a file under another name.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.packaged import MOST_FILES, may_be_program
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import PackagedFiles

_LIST = re.compile(r"(?:dpkg|opkg|ipkg)/info/([^/]+?)(?::[a-z0-9-]+)?\.list$")
_LOCAL = re.compile(r"pacman/local/([^/]+)-[^/-]+-[^/-]+/files$")


class PackageFilesReader:
    """Emits one :class:`PackagedFiles`, if any of its files may be a program."""

    info = ReaderInfo(
        "package_files", "Files that packages brought", (PackagedFiles,), ("dpkg/info/*.list", "opkg/info/*.list", "pacman/local/*/files")
    )
    signs = Signs(paths=(_LIST, _LOCAL))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - a list may be empty
        """By its place."""
        return Sureness.YES if path.endswith((".list", "/files")) and _package(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``NotThisFormat`` if none may be a program, ``LimitReached`` after those that it kept."""
        lines = (line.partition("\t")[0].lstrip("/") for _, line in source.lines())
        files = tuple(sorted({line for line in lines if may_be_program(line)}))
        if not files:
            raise NotThisFormat
        emit(PackagedFiles(source.where(), _package(source.path), files[:MOST_FILES]))
        if len(files) > MOST_FILES:
            raise LimitReached("packaged_files", MOST_FILES, len(files))


def _package(path: str) -> str:
    found = _LIST.search(path) or _LOCAL.search(path)
    return found[1] if found else ""
