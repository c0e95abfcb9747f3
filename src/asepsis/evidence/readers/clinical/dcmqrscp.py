"""``dcmqrscp.cfg``: the settings of DCMTK's image archive.

``NetworkTCPPort = 104``; ``HostTable BEGIN … END`` names peers (``name = (AETITLE, host, port)``); ``AETable BEGIN … END`` has one line for each
archive: ``AETITLE /FOLDER RW (studies, size) PEERS``, where ``RW`` lets store and query, and the peers are names of the host table or ``ANY``
(DCMTK, dcmqrcnf). Nothing asks for more than a name and an address; TLS stands on the command line.

Known ways it lies: with ``ANY`` everybody is let in whatever the host table says; a peer's address is believed.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.command_line import port_of
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Gives, Service

_PATH = re.compile(r"(?:^|/)dcmqr[^/]*\.cfg$")
_PORT = re.compile(r"\s*NetworkTCPPort\s*=\s*(\d{1,5})")
_TABLE = re.compile(r"\s*(?P<kind>AETable|HostTable|VendorTable)\s+(?P<end>BEGIN|END)\b", re.IGNORECASE)
_ARCHIVE = re.compile(r"\s*(?P<title>\S{1,16})\s+(?P<folder>\S+)\s+(?P<access>RW|R|W)\s+\([^)]*\)\s+(?P<peers>\S.*)")
_MOST = 64


class DcmqrscpReader:
    """Emits a :class:`Service` ``dicom`` for each archive."""

    info = ReaderInfo("dcmqrscp", "Configuration of DCMTK's image archive", (Service,), ("dcmqrscp.cfg",))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The port first; then each line of the table of archives."""
        rows = [(number, line) for number, line in source.lines() if not line.lstrip().startswith("#")]
        port = next((port_of(found.group(1)) for _, line in rows for found in [_PORT.match(line)] if found), None) or 104
        table, seen = "", 0
        for number, line in rows:
            head = _TABLE.match(line)
            found = _ARCHIVE.match(line[:1024]) if table == "aetable" else None
            if head:
                table = head["kind"].lower() if head["end"].upper() == "BEGIN" else ""
            elif found and seen < _MOST:
                seen += 1
                emit(_service(source, number, port, found))
        if not seen:
            raise NotThisFormat


def _service(source: BoundedSource, line: int, port: int, found: re.Match[str]) -> Service:
    anybody = "ANY" in found["peers"].upper().replace(",", " ").split()
    writes = "W" in found["access"]
    who = "anybody" if anybody else "listed peers"
    detail = f"{found['title']}: {who} may {'store and query' if writes else 'query'} images; an AE title is no password"
    auth = Auth.NONE if anybody else Auth.UNKNOWN
    return Service(source.where(line=line), "dicom", "dcmqrscp", auth, None, None, port, gives=Gives.RECORD, detail=detail, subject=found["title"])
