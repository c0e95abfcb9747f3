r"""Services linked into a VxWorks image: the debug agent WDB, Telnet, rlogin, FTP. Its programs are one program, so no file names them.

The kernel starts each service as a task with a fixed name (VxWorks 5.5 and 6.x Kernel Programmer's Guide: WDB, Network)::

    tWdbTask                      debug agent, UDP 17185: reads and writes memory, calls functions, asks for nothing
    tTelnetd, ipTelnetd           Telnet, TCP 23: the kernel's shell
    tRlogind                      rlogin, TCP 513
    tFtpdTask, tFtp6d             FTP, TCP 21

WDB without its task's name is told by two of its functions in the symbol table (``wdbConfig``, ``wdbUdpSockIfInit`` …). Telnet and rlogin ask
for a password only if the log-in library is in (its prompt, ``VxWorks login:``).

Known ways it lies: the names show what was linked in, not what is started; a service may be built to wait for a serial line instead of the
network; tools on a developer's machine know these names too, so that the file must carry VxWorks' own words and no operating system's header.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Confidence, Service

WDB_PORT = 17185
_WDB_FUNCTIONS = rb"\0_?(wdb(?:Config|Init|CmdLoop|CommIfInit|CommDevInit|InstallCommLib|UdpSockIfInit|TaskInit|TaskHookInit|MemCoreLibInit))\0"
_TASKS = {"telnet": ("telnet", 23), "rlogin": ("rlogin", 513), "ftp": ("ftp", 21)}
_OF_A_HOST = (b"MZ",)
_ENOUGH_FUNCTIONS = 2


class VxworksServicesReader:
    """Emits a :class:`Service` for each service that is linked in; whether it is started is not known."""

    info = ReaderInfo("vxworks_services", "Services and debug agent of a VxWorks image", (Service,), ("any file",))
    patterns = (
        Pattern("VxWorks", rb"VxWorks (?:login|operating system|Version|[5-7]\.\d)|Wind River Systems, Inc|WIND version \d", before=64),
        Pattern("login", rb"VxWorks login: ", before=32),
        Pattern("wdb task", rb"\0tWdbTask\0", before=16),
        Pattern("wdb function", _WDB_FUNCTIONS, before=64),
        Pattern("telnet", rb"\0(?:tTelnetd|ipTelnetd|tTelnet6?d)\0", before=24),
        Pattern("rlogin", rb"\0tRlogind\0", before=16),
        Pattern("ftp", rb"\0(?:tFtpdTask|tFtp6?d)\0", before=16),
    )

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Nothing unless the image carries VxWorks' own words."""
        first: dict[str, Match] = {}
        for match in matches:
            first.setdefault(match.pattern, match)
        if "VxWorks" not in first or is_documentation(source.where().path) or bytes(source.buffer[:4]).startswith(_OF_A_HOST):
            return
        for service in (*_wdb(source, first, matches), *_network(source, first)):
            emit(service)


def _wdb(source: BoundedSource, first: dict[str, Match], matches: Sequence[Match]) -> Iterator[Service]:
    functions = {match.groups[0] for match in matches if match.pattern == "wdb function"}
    found = first.get("wdb task") or (first.get("wdb function") if len(functions) >= _ENOUGH_FUNCTIONS else None)
    if found:
        yield Service(
            source.where(offset=found.start + 1),
            "debug-agent",
            program="tWdbTask",
            auth=Auth.NONE,
            encrypted=False,
            port=WDB_PORT,
            detail="the debug agent WDB of VxWorks, UDP",
            confidence=Confidence.LIKELY,
        )


def _network(source: BoundedSource, first: dict[str, Match]) -> Iterator[Service]:
    asks = Auth.PASSWORD if "login" in first else Auth.UNKNOWN
    for pattern, (name, port) in _TASKS.items():
        if pattern in first:
            yield Service(
                source.where(offset=first[pattern].start + 1),
                name,
                program="VxWorks",
                auth=Auth.UNKNOWN if name == "ftp" else asks,
                encrypted=False,
                port=port,
                detail="linked into the VxWorks image" + ("" if "login" in first or name == "ftp" else "; its log-in library is not"),
                confidence=Confidence.LIKELY,
            )
