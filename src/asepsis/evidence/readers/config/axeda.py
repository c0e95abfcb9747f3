"""Axeda agents: ``xDeployConfig.xml`` (agent settings), ``xGate.ini``, and the agent's programs (``xGate.exe``, ``EKernel.exe``, …).

The agent lets the maker's staff run programs, move files and share the screen of the device. Old versions obey whoever speaks to their ports
(3011, 3031, 56120, 56130) without any log-in, and their desktop server has one password for all units (CVE-2022-25246 to CVE-2022-25252). The
format is not published: elements and keys are known by their names only, programs by theirs and the word Axeda in their path or content.

Known ways it lies: a version that asks for a log-in looks the same; which ports are open is decided by settings that are not told apart here. A
program says that the agent is there, not that it is started.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.credentials import names_a_secret
from asepsis.evidence.protocols.secrets import stored
from asepsis.evidence.protocols.started import service
from asepsis.evidence.protocols.text import Entry, key_file
from asepsis.evidence.protocols.windows_programs import way_of
from asepsis.evidence.protocols.xml import parse
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Service, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_XML = re.compile(r"(?:^|/)(?:xdeployconfig|enterpriseproxy|edeployconfig)[^/]*\.xml$", re.IGNORECASE)
_INI = re.compile(r"(?:^|/)(?:xgate|eremoteserver|axedadesktopserver|axeda[^/]*)\.ini$", re.IGNORECASE)
_PROGRAM = re.compile(r"(?:^|/)((?:xgate|ekernel|eserver|eremoteserver|axedadesktopserver)\.exe)$", re.IGNORECASE)
_MAKER = re.compile(rb"axeda|a\0x\0e\0d\0a\0", re.IGNORECASE)
_SERVER = re.compile(r"^(?:enterprise)?(?:server)?(?:url|host|address)$|^enterpriseserver$|^serverurl$", re.IGNORECASE)
_PORT = 3011


class AxedaReader:
    """Emits the :class:`Service` ``remote-support`` and a :class:`StoredSecret` for each password."""

    info = ReaderInfo("axeda", "Settings of Axeda agents", (Service, StoredSecret), ("xDeployConfig.xml", "xGate.ini", "xGate.exe"))
    signs = Signs(paths=(_PROGRAM, _XML, _INI))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name; a program by its first bytes as well."""
        if _PROGRAM.search(path):
            return Sureness.YES if head.startswith(b"MZ") else Sureness.NO
        return Sureness.YES if head and (_XML.search(path) or _INI.search(path)) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``Malformed`` where the XML breaks, after what was read before."""
        program = _PROGRAM.search(source.path)
        if program:
            _read_program(source, program[1], emit)
            return
        entries, broken = _of_xml(source) if _XML.search(source.path) else (list(key_file(source.lines())), None)
        server = next((entry for entry in entries if _SERVER.match(entry.key) and entry.value), None)
        detail = f"Axeda agent of {server.value[:64]}" if server else "Axeda agent"
        where = source.where(line=server.line if server else 1)
        emit(Service(where, "remote-support", "xGate", Auth.UNKNOWN, encrypted=None, port=_PORT, detail=detail))
        for entry in entries:
            if names_a_secret(entry.key) and entry.value:
                redacted = stored(source, SecretKind.REMOTE_SUPPORT, SecretForm.CLEARTEXT, entry.value)
                emit(StoredSecret(source.where(line=entry.line), redacted, "axeda", "Axeda", entry.key[:64], "remote-support"))
        if broken:
            raise broken


def _read_program(source: BoundedSource, name: str, emit: Emit) -> None:
    way = way_of((name,))
    if way is None or not (_MAKER.search(source.path.encode(errors="replace")) or _MAKER.search(source.buffer)):
        raise NotThisFormat
    emit(service(source.where(), way, name, None))


def _of_xml(source: BoundedSource) -> tuple[list[Entry], Malformed | None]:
    tree = parse(source.content())

    def entries() -> Iterator[Entry]:
        for element in tree.root.walk() if tree.root else ():
            if element.text:
                yield Entry(element.line, "", element.tag, element.text)
            for name, value in sorted(element.attributes.items()):
                yield Entry(element.line, "", name, value)

    return list(entries()), Malformed(tree.broken, line=tree.line) if tree.broken else None
