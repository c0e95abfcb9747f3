r"""The settings of the kernel's build inside the kernel (CONFIG_IKCONFIG): ``IKCFG_ST``, a gzip member, ``IKCFG_ED`` (kernel/configs.c).

Known ways it lies: none of its own; a kernel that is compressed as a whole shows it only once it has been unpacked.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.kernel_options import MAX_OPTIONS, options
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo
from asepsis.guard.limits import MIB, LimitReached
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import KernelOption

_START = b"IKCFG_ST"
_PACKED, _OPEN = 1 * MIB, 4 * MIB
"""The settings of a kernel with everything are 300 KB, packed 60 KB."""
_GZIP = 31


class IkconfigReader:
    """Emits a :class:`KernelOption` for each option."""

    info = ReaderInfo("ikconfig", "Settings of the kernel's build inside the kernel", (KernelOption,), ("kernel images",))
    patterns = (Pattern("ikconfig", rb"IKCFG_ST\x1f\x8b\x08"),)

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """The first one: a kernel holds one. Raises ``Malformed`` if it does not unpack."""
        start = matches[0].start + len(_START)
        opened = zlib.decompressobj(_GZIP)
        try:
            text = opened.decompress(bytes(source.buffer[start : start + _PACKED]), _OPEN)
        except zlib.error as error:
            raise Malformed("the kernel's own settings do not unpack", offset=matches[0].start) from error
        if opened.unconsumed_tail:
            raise LimitReached("kernel_options_bytes", _OPEN, _OPEN + 1)
        where = source.where(offset=matches[0].start)
        lines = enumerate(text.decode("latin-1").splitlines(), 1)
        for count, (_, name, value) in enumerate(options(lines), 1):
            if count > MAX_OPTIONS:
                raise LimitReached("kernel_options", MAX_OPTIONS, count)
            emit(KernelOption(where, name, value))
