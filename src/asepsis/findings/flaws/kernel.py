"""Whether the kernel of this device holds the source file that a flaw lies in, from its configuration and its modules.

Published flaws of the kernel name a source file, in their record or in their text. The kernel's build (``kernel_parts.toml``: path → option)
says whether that file was compiled: an option that is not set leaves it out, and an option set to ``m`` puts it into a module that must lie in the
device. Without a configuration, a complete list of modules answers for options that can be modules. Everything else cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from asepsis.findings.rule import Facts
from asepsis.findings.words import place, short
from asepsis.knowledge.kernel_parts import KernelPart
from asepsis.model.facts import KernelModule, KernelOption
from asepsis.model.vulnerability import Affected, Vulnerability

_FILE = re.compile(r"\b((?:arch|block|crypto|drivers|fs|io_uring|ipc|kernel|lib|mm|net|security|sound|virt)/[\w/.+-]*[\w/])")
_BUILD_NAME = re.compile(r"\d+\.\d+\.0-\d+(?:[-.][\w.+-]+)?$")
"""``5.10.0-28-amd64``, ``5.4.0-150-generic``: distributions name builds so, whatever upstream release they hold (5.10.209, 5.4.233)."""
_WHOLE_CONFIGURATION = 100
"""Fewer options are not the configuration of a kernel."""
_ALWAYS = frozenset({"block", "fs", "init", "ipc", "kernel", "lib", "mm", "net", "security"})
"""Folders whose files are in every kernel unless an option of the table leaves them out."""
ARCHITECTURES = {
    "arm": "ARM", "arm64": "ARM64", "x86": "X86", "mips": "MIPS", "powerpc": "PPC", "riscv": "RISCV", "sparc": "SPARC", "s390": "S390",
    "m68k": "M68K", "sh": "SUPERH", "xtensa": "XTENSA", "alpha": "ALPHA", "ia64": "IA64", "parisc": "PARISC", "arc": "ARC",
    "microblaze": "MICROBLAZE",
}  # fmt: skip
"""Folders below ``arch`` and the option of each."""


def files_of(flaw: Vulnerability, statements: Iterable[Affected]) -> tuple[str, ...]:
    """The source files that hold the flaw: those that its record lists, else those that its text names."""
    listed = sorted({module for statement in statements for module in statement.modules})
    return tuple(listed) or tuple(dict.fromkeys(name.rstrip(".") for name in _FILE.findall(flaw.summary)))


def doubted_release(versions: Iterable[str]) -> str:
    """Why the upstream release of a kernel is not known, if only a distribution's name of its build is."""
    named = [version for version in versions if _BUILD_NAME.match(version)]
    return f"{short(named[0])} is a distribution's name of a build: which upstream release it holds is not known from that" if named else ""


@dataclass(frozen=True)
class Kernel:
    """What is known of the build of the device's kernel. ``table`` says which option compiles which path."""

    options: dict[str, KernelOption]
    modules: tuple[KernelModule, ...]
    table: tuple[KernelPart, ...]

    def left_out(self, files: Iterable[str]) -> str:
        """Why none of ``files`` is in this kernel, in words; empty if one is, or if it cannot be told of one."""
        reasons = [self._reason(file) for file in files]
        return "; ".join(dict.fromkeys(reasons)) if reasons and all(reasons) else ""

    def holds(self, files: Iterable[str]) -> str:
        """What shows that one of ``files`` is in this kernel: its option is built in, or a module of it lies in the device. Empty if nothing."""
        parts = [part for part in map(self._part_of, files) if part is not None]
        built_in = [name for part in parts for name in part.options if name in self.options and self.options[name].value == "y"]
        if built_in:
            return f"CONFIG_{built_in[0]} is built into the kernel ({place(self.options[built_in[0]].where)})"
        lying = [module for part in parts for module in self._modules_of(part.path)]
        return f"the module {short(lying[0].name)} lies in the device ({place(lying[0].where)})" if lying else ""

    def doubts(self, files: Sequence[str]) -> list[str]:
        """Why it cannot be told that one of ``files`` is in this kernel; nothing if one is."""
        if not files:
            return ["which part of the kernel holds it is not known"]
        if not self._configured:
            return ["whether this part of the kernel was compiled is not known: its configuration is not in the evidence"]
        if any(self._part_of(file) or file.split("/")[0] in _ALWAYS for file in files):
            return []
        return [f"whether {short(files[0], 160)} was compiled is not known"]

    def _reason(self, file: str) -> str:
        if self._configured and (other := self._of_another_processor(file)):
            return other
        part = self._part_of(file)
        if part is None:
            return ""
        if self._configured:
            return self._by_option(part)
        return self._by_modules(part) if part.tristate and self._all_modules else ""

    def _part_of(self, file: str) -> KernelPart | None:
        """The entry of the table with the longest path that the file lies in."""
        pieces = file.split("/")
        paths = ("/".join(pieces[:number]) for number in range(len(pieces), 0, -1))
        return next((self._by_path[path] for path in paths if path in self._by_path), None)

    @cached_property
    def _by_path(self) -> dict[str, KernelPart]:
        return {part.path: part for part in self.table}

    @property
    def _configured(self) -> bool:
        return len(self.options) >= _WHOLE_CONFIGURATION

    def _of_another_processor(self, file: str) -> str:
        folder = file.split("/")[1] if file.startswith("arch/") else ""
        option = ARCHITECTURES.get(folder, "")
        if not option or option in self.options or not any(name in self.options for name in ARCHITECTURES.values()):
            return ""
        return f"{file} is for another processor: CONFIG_{option} is not set"

    def _by_option(self, part: KernelPart) -> str:
        options = [self.options[name] for name in part.options if name in self.options and self.options[name].value not in {"n", ""}]
        named = " and ".join(f"CONFIG_{name}" for name in part.options)
        if not options:
            source = next(iter(self.options.values())).where
            return f"{part.path} was not compiled: {named} is not set ({place(source)})"
        if part.tristate and all(option.value == "m" for option in options) and self._all_modules and not self._modules_in(part.path):
            return f"{part.path} was compiled as a module ({named}=m), and no such module is in the device"
        return ""

    def _by_modules(self, part: KernelPart) -> str:
        """A part that can be a module is either in the list of those built in, or lies in the device, or was not compiled."""
        return "" if self._modules_in(part.path) else f"{part.path} was not compiled: no module of it lies in the device, and none is built in"

    def _modules_in(self, path: str) -> bool:
        return bool(self._modules_of(path))

    def _modules_of(self, path: str) -> list[KernelModule]:
        folder = path if not path.endswith(".c") else path.rsplit("/", 1)[0]
        return [module for module in self.modules if _lies_in(module.source, folder)]

    @cached_property
    def _all_modules(self) -> bool:
        """Both those that lie in the device and those that were built in are known, with their sources."""
        return {module.built_in for module in self.modules if module.source} == {True, False}


def kernel(facts: Facts, table: tuple[KernelPart, ...]) -> Kernel:
    """The kernel of this device; two configurations with different answers count as whichever leaves less out."""
    options: dict[str, KernelOption] = {}
    for option in facts.of(KernelOption):
        held = options.get(option.name)
        if held is None or (held.value in {"n", "m", ""} and option.value not in {"n", ""}):
            options[option.name] = option
    return Kernel(options, facts.of(KernelModule), table)


def _lies_in(file: str, path: str) -> bool:
    return file == path or file.startswith(f"{path}/")
