"""Debug ports that texts switch on: Java's debug wire protocol (JDWP), the inspector of Node.js.

Options that settings and scripts hand to a run-time: ``JAVA_OPTS="-agentlib:jdwp=transport=dt_socket,server=y,address=*:8000"`` (JDK tools
reference; ``-Xrunjdwp:`` before Java 5), ``NODE_OPTIONS=--inspect=0.0.0.0:9229``. Whoever reaches such a port runs code in the program.

Command lines that the device starts are read where they stand (``protocols/commands.py``); this reader finds the same in any other text.

Known ways it lies: start scripts of Java servers switch debugging on only if somebody asks for it, so a line inside a condition (indented) is
weak evidence; a line that is commented out switches nothing on and is passed over; a port that is a variable is not known.
"""

from __future__ import annotations

from collections.abc import Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.commands import Way, jdwp, node_inspector
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, Service

_MOST = 20
"""Places of one file that are looked at."""
_LONGEST_LINE = 4096
_COMMENTS = ("#", "//", "*", "/*", "<!--", "rem ", "::", ";", "@rem")


class DebugSettingsReader:
    """Emits a :class:`Service` ``debug-agent`` for each debug port that a line of text switches on."""

    info = ReaderInfo("debug_settings", "Debug ports of Java and Node.js in settings and scripts", (Service,), ("any text",))
    patterns = (
        Pattern("java", rb"-(?:agentlib:jdwp=|Xrunjdwp:)\w", before=32),
        Pattern("node", rb"NODE_OPTIONS[^\n]{1,80}--inspect", before=128),
    )

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Only texts count: programs carry these words in their help."""
        if b"\0" in bytes(source.buffer[:4096]):
            return
        seen: set[tuple[str, int | None]] = set()
        for match in matches[:_MOST]:
            line = _line_at(source, match.start)
            way = None if line.lstrip().lower().startswith(_COMMENTS) else (jdwp if match.pattern == "java" else node_inspector)(line)
            if way and (match.pattern, way.port) not in seen:
                seen.add((match.pattern, way.port))
                emit(_service(source, match, way, line))


def _line_at(source: BoundedSource, start: int) -> str:
    """The line around a place, bounded."""
    before = bytes(source.buffer[max(0, start - _LONGEST_LINE) : start]).rpartition(b"\n")[2]
    after = bytes(source.buffer[start : start + _LONGEST_LINE]).partition(b"\n")[0]
    return (before + after).decode("utf-8", "replace")


def _service(source: BoundedSource, match: Match, way: Way, line: str) -> Service:
    weak = is_documentation(source.where().path) or line[:1] in {" ", "\t"}
    number = bytes(source.buffer[: match.start]).count(b"\n") + 1
    return Service(
        source.where(line=number),
        way.name,
        program=match.pattern,
        auth=way.auth,
        port=way.port,
        address=way.address,
        detail=way.detail,
        confidence=Confidence.WEAK if weak else Confidence.LIKELY,
    )
