"""The settings of the kernel's build, where a copy lies beside it: ``/boot/config-5.10.0``, ``/proc/config.gz``, ``.config`` in a source tree.

Written by ``make config`` (Documentation/kbuild/kconfig.rst): one option a line, those that are off as a comment.

Known ways it lies: the file may belong to another kernel than the one that is started; a vendor's tree carries the settings of other boards
(``arch/*/configs``), which are not read; a setting may be overruled on the kernel's command line.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.kernel_options import MAX_OPTIONS, options
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import KernelOption

_NAMES = re.compile(r"(?:^|[/!])(?:boot/config-[^/]+|(?:proc/|boot/)?config\.gz(?:[/!].*)?|\.config|kernel\.config|ikconfig[^/]*)$")
_SETTING = re.compile(rb"^(?:CONFIG_\w+=|# CONFIG_\w+ is not set)", re.MULTILINE)


class KernelConfigReader:
    """Emits a :class:`KernelOption` for each option."""

    info = ReaderInfo("kernel_config", "Settings of the kernel's build", (KernelOption,), ("boot/config-*", "proc/config.gz", ".config"))

    signs = Signs(paths=(_NAMES,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name and by what such files begin with: busybox and others have a ``.config`` of the same form, which says so."""
        if b"\0" in head or not _NAMES.search(path) or not _SETTING.search(head):
            return Sureness.NO
        return Sureness.YES if b"Linux/" in head or b"Kernel Configuration" in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Every option, set or not."""
        found = 0
        for line, name, value in options(source.lines()):
            found += 1
            if found > MAX_OPTIONS:
                raise LimitReached("kernel_options", MAX_OPTIONS, found)
            emit(KernelOption(source.where(line=line), name, value))
        if not found:
            raise NotThisFormat
