"""The kernel's command line in a device tree, wherever it lies: ``/chosen`` with ``bootargs``.

A device tree (``D0 0D FE ED``, :mod:`asepsis.evidence.protocols.device_tree` draws it) goes to the kernel: alone in a ``.dtb`` file, behind a kernel,
or in a FIT image, which is a device tree itself. Source: Devicetree Specification 0.4, 3.6 and 5.

Known ways it lies: the boot loader usually writes its own ``bootargs`` over these, so they count as likely only.
"""

from __future__ import annotations

from collections.abc import Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.boot import of_kernel_line
from asepsis.evidence.protocols.device_tree import properties
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.limits import MIB
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, Service, UpdateMechanism

_MOST_TREES = 64
_MOST_BYTES = 4 * MIB
"""Of one tree: those of processors have 20 to 200 KiB."""
_LONGEST = 4096


class DeviceTreeReader:
    """Emits what the command line opens."""

    info = ReaderInfo(
        "device_tree",
        "Kernel command lines in device trees",
        (Service,),
        ("device trees in any file",),
        ("the boot loader may write its own",),
        may_emit=(UpdateMechanism,),
    )
    patterns = (Pattern("device tree", rb"\xd0\x0d\xfe\xed\x00[\x00-\x3f].{2}\x00\x00\x00", before=12, after=0),)

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Each tree once; those inside another one (FIT) lie within its bytes and are matches too."""
        if is_documentation(source.where().path):
            return
        for match in matches[:_MOST_TREES]:
            size = min(int.from_bytes(match.text[4:8], "big"), _MOST_BYTES)
            for node, name, value, offset in properties(source.buffer[match.start : match.start + size]):
                if name == "bootargs" and node.endswith("chosen"):
                    line = value[:_LONGEST].split(b"\0", 1)[0].decode("utf-8", "replace")
                    for fact in of_kernel_line(line, source.where(offset=match.start + offset), Confidence.LIKELY):
                        emit(fact)
