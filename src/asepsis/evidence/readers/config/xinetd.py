"""``/etc/xinetd.conf`` and ``/etc/xinetd.d/*``: services that xinetd starts on demand.

``service NAME { key = value }`` blocks; ``disable = yes`` switches one off (xinetd.conf(5)).

``disabled = NAME`` in the ``defaults`` block switches a service off.

Known ways it lies: the ``defaults`` block of another file switches services off from afar (:mod:`asepsis.evidence.protocols.settings`);
``only_from`` and ``bind`` narrow who reaches one.
"""

from __future__ import annotations

import re
from dataclasses import replace

from asepsis.evidence.protocols.command_line import base, port_of
from asepsis.evidence.protocols.settings import XINETD_OFF
from asepsis.evidence.protocols.started import Start
from asepsis.evidence.protocols.told import started
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Fact, Listener, Service, StartedProgram, StoredSecret

_PATH = re.compile(r"(?:^|/)xinetd(?:\.conf|\.d/[^/]+)$")
_SERVICE = re.compile(r"\s*service\s+(\S+)")
_SWITCHED_OFF = re.compile(r"\s*disabled\s*[+]?=(.*)$")
_SETTING = re.compile(r"\s*(\w+)\s*[+-]?=(.*)$")


class XinetdReader:
    """Emits :class:`StartedProgram` for each service, the way in that it opens and the secrets in it."""

    info = ReaderInfo("xinetd", "Services of xinetd", (StartedProgram, Service, Listener, StoredSecret), ("etc/xinetd.conf", "etc/xinetd.d/*"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Block by block. Raises ``Malformed`` if the last block does not end."""
        opened, settings = 0, dict[str, str]()
        off = _switched_off(source)
        here: set[str] = set()
        for number, line in source.lines():
            found = _SERVICE.match(line)
            setting = _SETTING.match(line)
            if found:
                here.add(found.group(1))
                opened, settings = number, {"disable": "yes" if found.group(1) in off else "no"}
            elif opened and line.strip() == "}":
                _emit_service(source, opened, settings, emit)
                opened = 0
            elif opened and setting and not line.lstrip().startswith("#"):
                settings[setting.group(1)] = "yes" if setting.group(1) == "disable" and settings["disable"] == "yes" else setting.group(2).strip()
        for name in sorted(off.keys() - here):
            emit(Service(source.where(line=off[name]), name[:64], "xinetd", enabled=False, detail=XINETD_OFF))
        if opened:
            _emit_service(source, opened, settings, emit)
            raise Malformed("a service block does not end", line=opened)


def _switched_off(source: BoundedSource) -> dict[str, int]:
    """The services that a ``disabled`` line names, each with its first line."""
    off: dict[str, int] = {}
    for number, line in source.lines():
        found = _SWITCHED_OFF.match(line)
        for name in found.group(1).split() if found else ():
            off.setdefault(name, number)
    return off


def _emit_service(source: BoundedSource, line: int, settings: dict[str, str], emit: Emit) -> None:
    enabled = settings.get("disable", "no").lower() != "yes"
    words = (settings.get("server", ""), *settings.get("server_args", "").split())
    port = port_of(settings.get("port", ""))
    address = settings.get("bind", settings.get("interface", ""))
    for fact in started(source, line, words, Start("xinetd", enabled, user=settings.get("user", ""))):
        emit(_narrowed(fact, port, address, settings.get("only_from", "")))
    if port and enabled:
        emit(Listener(source.where(line=line), port, settings.get("protocol", "tcp"), address, base(words[0])))


def _narrowed(fact: Fact, port: int | None, address: str, only_from: str) -> Fact:
    """The block says where the service listens, not its command line."""
    if not isinstance(fact, Service):
        return fact
    note = f"only from {only_from}" if only_from else ""
    return replace(fact, port=port or fact.port, address=address, detail=", ".join(filter(None, (fact.detail, note))))
