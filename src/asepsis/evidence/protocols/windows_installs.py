r"""Services that a script installs: ``sc create NAME binPath= "…"`` and PowerShell's ``New-Service -BinaryPathName "…"``. No I/O.

``sc`` takes its value after ``=`` and a blank; a quote within it is written ``\"``. PowerShell doubles a quote, or puts a backtick before it.
``sc`` starts a service on request if it is not told otherwise, ``New-Service`` at the start of the system. As Microsoft documents both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from asepsis.evidence.protocols.windows_programs import command_words

_ONLY_SAYS = re.compile(r"\s*@?\s*(?:rem|::|#|echo|title|write-host|write-output)(?![\w-])", re.IGNORECASE)
_SC = re.compile(
    r"""(?:^|[\s&|(@"'\\/])sc(?:\.exe)?["']?\s+(?:\\\\\S{1,64}\s+)?(?:create|config)\s+(?:"([^"]{1,256})"|'([^']{1,256})'|(\S{1,256}))""",
    re.IGNORECASE,
)
_SC_PROGRAM = re.compile(r"\sbinpath=\s{0,8}", re.IGNORECASE)
_SC_START = re.compile(r"\sstart=\s{0,8}[\"']?([a-z-]{1,16})", re.IGNORECASE)
_SC_VALUE = re.compile(r"""'([^']*)'?|"((?:[\\`]"|[^"])*)"?|(\S+)""")
_NEW = re.compile(r"(?:^|[\s;|(&{])new-service(?=\s)", re.IGNORECASE)
_NEW_NAME = re.compile(r"""\s-n(?:ame)?[\s:]\s{0,8}(?:"([^"]{1,256})"|'([^']{1,256})'|(\S{1,256}))""", re.IGNORECASE)
_NEW_PROGRAM = re.compile(r"\s-(?:b[a-z]{0,14}|path)[\s:]\s{0,8}", re.IGNORECASE)
_NEW_START = re.compile(r"\s-startup\w{0,8}[\s:]\s{0,8}[\"']?([a-z]{1,24})", re.IGNORECASE)
_NEW_VALUE = re.compile(r"""'((?:''|[^'])*)'?|"((?:`"|""|[^"])*)"?|(\S+)""")
_STARTS = {"auto": True, "delayed-auto": True, "automatic": True, "automaticdelayedstart": True, "disabled": False}


@dataclass(frozen=True, slots=True)
class Installed:
    """A service: its name, its command line, and whether it starts with the system (None: on request)."""

    name: str
    words: tuple[str, ...]
    enabled: bool | None


def installed(line: str) -> Installed | None:
    """The service that a line of a batch file or of PowerShell installs."""
    if _ONLY_SAYS.match(line):
        return None
    return _by_sc(line) or _by_new_service(line)


def _by_sc(line: str) -> Installed | None:
    begins = _SC.search(line)
    program = _SC_PROGRAM.search(line, begins.end()) if begins else None
    value = _SC_VALUE.match(line, program.end()) if program else None
    if begins is None or value is None:
        return None
    text = _whole(value).replace('\\"', '"').replace('`"', '"').replace("^", "")
    return _installed(_whole(begins), text, _SC_START.search(line, begins.end()), default=None)


def _by_new_service(line: str) -> Installed | None:
    begins = _NEW.search(line)
    program = _NEW_PROGRAM.search(line, begins.end()) if begins else None
    value = _NEW_VALUE.match(line, program.end()) if program else None
    if begins is None or value is None:
        return None
    name = _NEW_NAME.search(line, begins.end())
    text = _whole(value).replace('`"', '"').replace('""', '"').replace("''", "'")
    return _installed(_whole(name) if name else "", text, _NEW_START.search(line, begins.end()), default=True)


def _installed(name: str, text: str, start: re.Match[str] | None, *, default: bool | None) -> Installed | None:
    words = command_words(text)
    enabled = _STARTS.get(start[1].lower()) if start else default
    return Installed(name, words, enabled) if words else None


def _whole(found: re.Match[str]) -> str:
    """The group that took part."""
    return next((group for group in found.groups() if group is not None), "")
