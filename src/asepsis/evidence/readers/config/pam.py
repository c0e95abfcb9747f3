"""PAM, the log-in rules of Linux: ``/etc/pam.d/SERVICE`` and ``/etc/pam.conf``.

``type control module arguments`` (pam.conf(5), Linux-PAM 1.5); in ``pam.conf`` the service stands before them. ``@include FILE`` and the controls
``include`` and ``substack`` take in another file. What is read: whether anything is asked (``auth`` lines), whether ``pam_permit`` lets everybody
in before that, whether a blank password counts (``nullok``), whether root is bound to the terminals of ``securetty``, and whether ``nologin`` is
heeded. Whether expired accounts are refused is not read: which way in asks PAM is not shown, so nobody is taken to be kept out by it.

Known ways it lies: a program may be built without PAM and never reads it; a module may ask nothing under conditions of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import LogInPolicy

_PATH = re.compile(r"(?:^|/)(?:etc|usr/lib)/(?:pam\.d/(?P<service>[^/.~]+)|pam\.conf)$")
_LINE = re.compile(r"-?(auth|account|password|session)\s+(\[[^\]]*\]|\S+)\s+(\S+)(.*)$", re.IGNORECASE)
_INCLUDE = re.compile(r"@include\s+(\S+)")
_ASK_NOTHING = frozenset(
    {
        "pam_permit",
        "pam_env",
        "pam_nologin",
        "pam_securetty",
        "pam_faildelay",
        "pam_group",
        "pam_issue",
        "pam_warn",
        "pam_echo",
        "pam_cap",
        "pam_shells",
    }
)
"""Modules that neither ask whoever logs in for anything, nor decide by what he knows."""
_MUST_PASS = frozenset({"required", "requisite"})
_TAKES_IN = frozenset({"include", "substack"})
_LONGEST_LINE = 1024


class PamReader:
    """Emits a :class:`LogInPolicy` for each line that matters."""

    info = ReaderInfo("pam", "Log-in rules of PAM", (LogInPolicy,), ("etc/pam.d/*", "etc/pam.conf"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By place only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line, in order: what lets in at once counts only if nothing was asked before it."""
        path = _PATH.search(source.path)
        own, seen, told, asked = path["service"] if path else None, 0, 0, set[str]()
        for number, line in source.lines():
            service, _, rest = (own, "", line.strip()) if own else _two(line)
            service = (service or "")[:64].lower()
            included = _INCLUDE.match(rest)
            found = _LINE.match(rest.strip()[:_LONGEST_LINE])
            seen += bool(included or found)
            says = [("includes", included[1][:64])] if included else _says(*found.groups(), asked=service in asked) if found else ()
            for word, names in says:
                if word in {"includes", "asks"}:
                    asked.add(service)
                told += 1
                emit(LogInPolicy(source.where(line=number), service, word, names))
        if not seen:
            raise NotThisFormat
        if own and not told:
            emit(LogInPolicy(source.where(), own[:64].lower(), "nothing"))


def _two(line: str) -> tuple[str, str, str]:
    """The service and the rest of a line of ``pam.conf``."""
    service, *rest = line.split(None, 1) or [""]
    return service, " ", rest[0].strip() if rest else ""


def _says(kind: str, control: str, module: str, arguments: str, *, asked: bool) -> Iterator[tuple[str, str]]:
    """What one line means, as words of :class:`LogInPolicy`."""
    kind, control = kind.lower(), control.lower()
    name = module.rsplit("/", 1)[-1].removesuffix(".so")
    if control in _TAKES_IN and kind in {"auth", "account"}:
        yield "includes", module[:64]
    elif name == "pam_nologin" and kind in {"auth", "account"} and control in _MUST_PASS:
        yield "only root", ""
    elif kind == "auth":
        yield from _of_auth(control, name, set(arguments.partition("#")[0].split()), asked=asked)


def _of_auth(control: str, name: str, arguments: set[str], *, asked: bool) -> Iterator[tuple[str, str]]:
    if name == "pam_permit" and control in {"sufficient", "required", "requisite"} and not asked:
        yield "asks nothing", control
    elif name == "pam_securetty" and control in _MUST_PASS and "noconsole" not in arguments:
        yield "listed terminals", ""
    elif name == "pam_unix" and "nullok" in arguments:
        yield "blank passwords", ""
    if name not in _ASK_NOTHING:
        yield "asks", ""
