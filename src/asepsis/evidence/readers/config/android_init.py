"""Android's ``init.rc``: services, when they start, and as whom.

``service NAME PATH ARGUMENT…`` with indented options (``user``, ``class``, ``disabled``, ``oneshot``); ``on TRIGGER`` with indented commands, among
them ``start NAME`` (AOSP, system/core/init/README.md). A service without ``disabled`` starts with its class; a disabled one only by ``start``.

Known ways it lies: a property (``on property:…``) may start or stop a service later; classes that nothing starts stay off.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from asepsis.evidence.protocols.shell import words_of
from asepsis.evidence.protocols.started import Start
from asepsis.evidence.protocols.told import started
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Listener, Service, StartedProgram, StoredSecret

_PATH = re.compile(r"(?:^|/)(?:init(?:\.[\w.-]+)?\.rc|etc/init/(?:[\w-]+/)?[^/]+\.rc)$")
_SIGN = re.compile(rb"(?m)^(?:service|on|import)[ \t]+\S")
_NOT_AT_START = ("property:", "charger", "shutdown")
_AT_LEAST = 2


@dataclass(slots=True)
class _Service:
    """A service as far as it was read."""

    line: int
    words: tuple[str, ...]
    name: str
    user: str = "root"
    disabled: bool = False
    options: set[str] = field(default_factory=set)


class AndroidInitReader:
    """Emits :class:`StartedProgram` for each service, the way in that it opens and the secrets in it."""

    info = ReaderInfo(
        "android_init", "Programs that Android's init starts", (StartedProgram, Service, Listener, StoredSecret), ("init.rc", "etc/init/*.rc")
    )
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, and a section in the head."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and _SIGN.search(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """All sections first: what starts a disabled service may stand anywhere."""
        services, by_trigger = _sections(source)
        if not services:
            raise NotThisFormat
        for service in services:
            enabled = True if not service.disabled or service.name in by_trigger else None
            for fact in started(source, service.line, service.words, Start("android", enabled, user=service.user)):
                emit(fact)


def _sections(source: BoundedSource) -> tuple[list[_Service], set[str]]:
    """The services, and the names that a trigger of every start starts."""
    services: list[_Service] = []
    names: set[str] = set()
    section = ""
    for number, line in source.lines():
        words = words_of(line)
        if not words or line.lstrip().startswith("#"):
            continue
        if words[0] in {"service", "on", "import"} and not line[:1].isspace():
            at_start = words[0] == "on" and not any(word.startswith(_NOT_AT_START) for word in words[1:])
            section = "at-start" if at_start else words[0]
            if words[0] == "service" and len(words) > _AT_LEAST:
                services.append(_Service(number, words[2:], words[1]))
        elif section == "at-start" and words[0] in {"start", "restart", "enable", "exec_start"}:
            names.update(words[1:2])
        elif section == "service" and services:
            _option(services[-1], words)
    return services, names


def _option(service: _Service, words: tuple[str, ...]) -> None:
    if words[0] == "disabled":
        service.disabled = True
    elif words[0] == "user" and len(words) > 1:
        service.user = words[1][:64]
