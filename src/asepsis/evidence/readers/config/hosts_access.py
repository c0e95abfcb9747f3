"""TCP wrappers: ``/etc/hosts.allow`` and ``/etc/hosts.deny``, which say from where a daemon may be reached.

``daemons : clients [: command or options]`` (hosts_access(5), hosts_options(5)); a backslash at the end goes on in the next line. The first line that
names both decides, those of ``hosts.allow`` before those of ``hosts.deny``; whom none names is let in.

Known ways it lies: only a daemon that ``tcpd`` starts or that is linked with libwrap asks; names of clients are looked up while the device runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import LogInPolicy

_PATH = re.compile(r"(?:^|/)etc/hosts\.(allow|deny)$")
_FIELD = re.compile(r"((?:\[[^\]]*\]|[^:])*)(?::|$)")
_SAYS = {"allow": "lets in", "deny": "keeps out"}
_LONGEST_LINE = 1024
_LONGEST_LIST = 256


class HostsAccessReader:
    """Emits a :class:`LogInPolicy` for each line."""

    info = ReaderInfo("hosts_access", "From where TCP wrappers let in", (LogInPolicy,), ("etc/hosts.allow", "etc/hosts.deny"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By place only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line; one that is cut short is one that is not followed."""
        file = "allow" if source.path.endswith("allow") else "deny"
        told = False
        for number, line in _lines(source):
            fields = [" ".join(found[1].replace(",", " ").split()) for found in _FIELD.finditer(line[:_LONGEST_LINE])]
            if len(fields) < 2 or not fields[0] or not fields[1]:  # noqa: PLR2004
                continue
            told = True
            names = f"{fields[0]} : {fields[1]}"
            whole = len(line) <= _LONGEST_LINE and len(names) <= _LONGEST_LIST
            says = _says(file, fields[0], fields[1], fields[2:]) if whole else "not followed"
            emit(LogInPolicy(source.where(line=number), f"hosts.{file}", says, names[:_LONGEST_LIST]))
        if not told:
            raise NotThisFormat


def _says(file: str, daemons: str, clients: str, options: list[str]) -> str:
    """What a line does with the clients that it names."""
    words = {*daemons.split(), *clients.split()}
    does = {option.split()[0].lower() for option in options if option}
    if "EXCEPT" in words or any(word.startswith(("/", "@")) for word in words) or "twist" in does:
        return "not followed"
    return next((_SAYS[word] for word in ("deny", "allow") if word in does), _SAYS[file])


def _lines(source: BoundedSource) -> Iterator[tuple[int, str]]:
    """Lines that are no comments, those that go on joined."""
    first, text = 0, ""
    for number, raw in source.lines():
        line = raw.strip()
        if not text and line.startswith("#"):
            continue
        first, text = (first or number), text + line.removesuffix("\\")[: _LONGEST_LINE + 1] + " "
        if line.endswith("\\") and len(text) <= _LONGEST_LINE:
            continue
        yield first, text.strip()
        first, text = 0, ""
    if text.strip():
        yield first, text.strip()
