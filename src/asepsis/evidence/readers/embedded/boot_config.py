"""Text files that say how a device starts: kernel command lines and the variables of U-Boot.

``cmdline.txt`` (Raspberry Pi) and ``/etc/kernel/cmdline`` are one command line; ``extlinux.conf`` and ``syslinux.cfg`` have ``append`` lines,
boot loader entries ``options``, ``grub.cfg`` ``linux`` and ``menu.lst`` ``kernel`` lines, ``/etc/default/grub`` ``GRUB_CMDLINE_LINUX``; ``uEnv.txt``,
``armbianEnv.txt`` and the output of ``fw_printenv`` are ``name=value`` lines of U-Boot's environment.

Known ways it lies: of several entries only the first starts by itself (the second of a ``grub.cfg`` is the recovery mode, with ``single``), and only
that one is read; a file may lie in an image and be read by nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.boot import Variable, of_environment, of_kernel_line
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.text import MAX_VALUE, unquote
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import HardwareAccess, Service, StoredSecret, UpdateMechanism

_ENVIRONMENT = re.compile(
    r"(?:^|/)(?:uenv\.txt|armbianenv\.txt|bootenv\.txt|u-?boot[^/]*env[^/]*|(?:fw_)?printenv[^/]*|[^/]*uboot_?env[^/]*)$", re.IGNORECASE
)
_ONE_LINE = re.compile(r"(?:^|/)(?:cmdline\.txt|kernel/cmdline|proc[-_/]cmdline(?:\.txt)?)$")
_MENU = re.compile(
    r"(?:^|/)(?:extlinux\.conf|(?:sys|iso|pxe)linux\.cfg|grub2?\.cfg|menu\.lst|grub\.conf|default/grub(?:\.d/[^/]+)?|loader/entries/[^/]+\.conf)$"
)
_LINE = re.compile(r"\s*(?:(?:append|options|linux(?:efi|16)?\s+\S+|kernel\s+\S+)\s+|GRUB_CMDLINE_LINUX(?:_DEFAULT)?=\s*)(\S.*)", re.IGNORECASE)
_VARIABLE = re.compile(r"([A-Za-z_][\w.\-]{0,63})=(.*)")
_FIRST_LINES = re.compile(rb"(?:\A|\n)(?:bootcmd|bootdelay|bootargs|baudrate)=")
_ENOUGH = 2


class BootConfigReader:
    """Emits what :mod:`asepsis.evidence.protocols.boot` makes of command lines and variables."""

    info = ReaderInfo(
        "boot_config",
        "How the device starts: kernel command lines and boot variables in text files",
        (Service, StoredSecret),
        ("uEnv.txt", "extlinux.conf", "grub.cfg", "cmdline.txt", "output of fw_printenv"),
        ("a file may be read by nobody",),
        may_emit=(HardwareAccess, UpdateMechanism),
    )
    signs = Signs(paths=(_ENVIRONMENT, _ONE_LINE, _MENU), heads=(_FIRST_LINES,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, or by lines that only an environment has."""
        if b"\0" in head or is_documentation(path):
            return Sureness.NO
        named = _ENVIRONMENT.search(path) or _ONE_LINE.search(path) or _MENU.search(path)
        return Sureness.YES if named else Sureness.MAYBE if b"boot" in head and len(_FIRST_LINES.findall(head)) >= _ENOUGH else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """One command line, the first of a menu, or all variables."""
        if _ONE_LINE.search(source.path) or _MENU.search(source.path):
            for number, line in _command_lines(source):
                for fact in of_kernel_line(line, source.where(line=number)):
                    emit(fact)
            return
        for fact in of_environment(source, dict(_variables(source))):
            emit(fact)


def _command_lines(source: BoundedSource) -> Iterator[tuple[int, str]]:
    one = _ONE_LINE.search(source.path) is not None
    every = "GRUB_CMDLINE" if "default/grub" in source.path else ""
    for number, raw in source.lines():
        text = raw.strip()[:MAX_VALUE]
        found = None if one or text.startswith("#") else _LINE.match(text)
        if text and (one or found):
            yield number, text if found is None else unquote(found.group(1).strip())
            if not every:
                return


def _variables(source: BoundedSource) -> Iterator[tuple[str, Variable]]:
    for number, raw in source.lines():
        found = _VARIABLE.match(raw.strip()[:MAX_VALUE])
        if found:
            yield found.group(1), Variable(unquote(found.group(2)), source.where(line=number))
