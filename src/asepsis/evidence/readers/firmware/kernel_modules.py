"""Modules of the Linux kernel: ``*.ko`` files by their ``.modinfo`` section, and those built in by the list ``modules.builtin``.

``.modinfo`` holds NUL-terminated ``key=value`` texts (include/linux/moduleinfo.h): ``name``, ``depends``, ``vermagic`` (the kernel that it was built
for). The place below ``lib/modules/VERSION/kernel/`` is its place in the kernel's tree. ``modules.builtin`` lists such places, one a line (kbuild).

Known ways it lies: a module that is there need not be loaded, nor belong to the kernel that is started; old kernels write no ``name``.
"""

from __future__ import annotations

import re

from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import KernelModule

_INFO = re.compile(rb"(?:(?<=\0)|(?<=\n))(name|vermagic|depends)=([ -~]{0,512})(?=\0)")
_PLACE = re.compile(r"lib/modules/[^/]+/kernel/(.+)\.ko(?:[.!].*)?$")
_FILE = re.compile(r"([^/!]+)\.ko(?:\.(?:gz|xz|zst))?(?:!.*)?$")
_LIST = re.compile(r"(?:^|[/!])modules\.builtin$")
_RELOCATABLE = 1
MAX_BUILT_IN = 10_000


class KernelModulesReader:
    """Emits a :class:`KernelModule` for each."""

    info = ReaderInfo("kernel_modules", "Modules of the kernel", (KernelModule,), ("*.ko", "modules.builtin"))

    signs = Signs(paths=(_FILE, _LIST))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """A relocatable ELF file called ``.ko``, or the list."""
        if _LIST.search(path):
            return Sureness.YES
        relocatable = head.startswith(b"\x7fELF") and len(head) > 17 and _RELOCATABLE in {head[16], head[17]}  # noqa: PLR2004 - e_type, either order
        return Sureness.YES if relocatable and _FILE.search(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """One module, or each line of the list."""
        if source.path.endswith("modules.builtin"):
            _read_list(source, emit)
            return
        info = {key.decode(): value.decode("ascii") for key, value in reversed(_INFO.findall(source.buffer))}
        if "vermagic" not in info and "depends" not in info:
            raise NotThisFormat
        file, place = _FILE.search(source.path), _PLACE.search(source.where().path)
        name = info.get("name") or (file[1] if file else "")
        depends = tuple(sorted(filter(None, info.get("depends", "").split(","))))
        emit(KernelModule(source.where(), name[:128], place[1] if place else "", info.get("vermagic", "").strip(), depends=depends))


def _read_list(source: BoundedSource, emit: Emit) -> None:
    for line, text in source.lines():
        if line > MAX_BUILT_IN:
            raise LimitReached("kernel_modules", MAX_BUILT_IN, line)
        if found := re.fullmatch(r"(?:kernel/)?([\w./+-]{1,256})\.ko", text.strip()):
            emit(KernelModule(source.where(line=line), found[1].rsplit("/", 1)[-1], found[1], built_in=True))
