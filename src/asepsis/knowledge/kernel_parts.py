"""Which option of the Linux kernel's configuration compiles which part of its source."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from asepsis.knowledge.toml_file import build, read_table

FILE = "kernel_parts.toml"


@dataclass(frozen=True, slots=True)
class KernelPart:
    """``path`` is a folder or file of the source tree; it is compiled if any of ``options`` is set. ``tristate``: it can be a module."""

    path: str
    options: tuple[str, ...]
    tristate: bool


@dataclass(frozen=True, slots=True)
class _File:
    modules: dict[str, tuple[str, ...]]
    built_in: dict[str, tuple[str, ...]]


def load_kernel_parts(folder: Path) -> tuple[KernelPart, ...]:
    """Read the table, by path. Raises ``KnowledgeError``."""
    table = build(read_table(folder / FILE), _File, folder / FILE)
    parts = [KernelPart(path, options, True) for path, options in table.modules.items()]
    parts += [KernelPart(path, options, False) for path, options in table.built_in.items()]
    return tuple(sorted(parts, key=lambda part: part.path))
