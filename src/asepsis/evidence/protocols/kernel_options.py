r"""The settings that a Linux kernel was built with, as ``make config`` writes them. No I/O.

``CONFIG_BT=m``, ``CONFIG_DEFAULT_HOSTNAME="(none)"``, and ``# CONFIG_SMACK is not set`` (Documentation/kbuild/kconfig.rst of the kernel).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MAX_OPTIONS = 20_000
"""Twice what a kernel with everything has."""
MAX_VALUE = 256
_SET = re.compile(r"CONFIG_(\w{1,100})=(.*)", re.ASCII)
_NOT_SET = re.compile(r"# CONFIG_(\w{1,100}) is not set", re.ASCII)


def options(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str, str]]:
    """Line number, name without ``CONFIG_``, and value of each option; ``n`` for one that is not set."""
    for number, line in lines:
        if found := _SET.fullmatch(line.strip()):
            yield number, found[1], found[2].strip('"')[:MAX_VALUE]
        elif found := _NOT_SET.fullmatch(line.strip()):
            yield number, found[1], "n"
