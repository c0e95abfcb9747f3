"""Public addresses that a device speaks to by number: in commands of scripts and programs, and in addresses of programs (CWE-912).

``mount -t nfs 203.0.113.9:/pm /mnt``, ``tftp -g -r fw.bin 203.0.113.9``, ``ftp://203.0.113.9/`` with an address that the internet routes
(IANA special-purpose registries, RFC 6890): a patient monitor that runs files from such an address is the known case. A command is told by its
name before the address on the same line (in a program: in the same text).

Left out: private, loopback, documentation and multicast addresses; those of public name servers, which are asked whether the internet is there;
numbers that people write as examples (``1.2.3.4``); comments, help texts, documentation.

Known ways it lies: an address put together at run time is not seen; a text in a program may never be used, so an address in it is weak evidence
unless a command stands before it; four numbers may be a version.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import AddressValueError, IPv4Address

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, Effect, Flow, Zone

_ADDRESS = rb"(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})"
_COMMANDS = rb"\b(mount|tftp|ftpget|ftpput|ncftpget|ncftpput|wget|curl|rsync|scp|ssh|telnet|nc|ncat|netcat|mosquitto_pub|mosquitto_sub)"
_SCHEMES = rb"\b(https?|ftps?|sftp|tftp|nfs|mqtts?|wss?|coap|amqps?|rtsp|ldaps?|smb|telnet)"
_NAME_SERVERS = frozenset(
    {
        "8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "149.112.112.112", "208.67.222.222", "208.67.220.220", "4.2.2.1", "4.2.2.2",
        "114.114.114.114", "114.114.115.115", "223.5.5.5", "223.6.6.6", "119.29.29.29", "180.76.76.76", "64.6.64.6", "77.88.8.8", "94.140.14.14",
    }
)  # fmt: skip
"""Resolvers for everybody [K]."""
_EXAMPLES = re.compile(r"(?:\d\.){3}\d\Z|(\d+)(?:\.\1){3}\Z|11\.22\.33\.44\Z|12\.34\.56\.78\Z|1\.2\.3\.\d+\Z")
_HELP = re.compile(rb"\be\.?g\.|example|usage|for instance|syntax", re.IGNORECASE)
_SETTINGS = re.compile(r"(?:^|/)etc/|\.(?:sh|conf|cfg|ini|lua|service|rules)$")
_COMMENT = re.compile(rb"\s*(?:#|//|;|\*|rem\b|::)", re.IGNORECASE)
_LINE = 512
_MOST = 200


class OutsideAddressesReader:
    """Emits a :class:`Flow` for each command and public address of a file."""

    info = ReaderInfo("outside_addresses", "Public addresses written into scripts and programs", (Flow,), ("programs", "scripts", "settings"))
    patterns = (
        Pattern(
            "command",
            _COMMANDS + rb"[^\n\0]{0,100}[ @/=:\"']" + _ADDRESS,
            _COMMANDS + rb" [^\n\0]{0,100}?(?<=[ @/=:\"'])" + _ADDRESS + rb"(?![\d.])",
            160,
            8,
        ),
        Pattern(
            "address", _SCHEMES + rb"://([^\s/@\0]{1,48}@)?" + _ADDRESS, _SCHEMES + rb"://(?:[^\s/@\0]{1,48}@)?" + _ADDRESS + rb"(?![\d.])", 96, 8
        ),
    )

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Each pair of a command and an address once; a command outweighs the address inside it."""
        program = b"\0" in bytes(source.buffer[:4096])
        if is_documentation(source.where().path) or not (program or _is_active_text(source)):
            return
        seen: set[str] = set()
        for match in sorted(matches, key=lambda one: (one.pattern != "command", one.start))[:_MOST]:
            name, peer = match.groups[0].decode("ascii"), match.groups[-1].decode("ascii")
            if peer not in seen and _is_outside(peer) and not _is_said_only(source, match):
                seen.add(peer)
                emit(_flow(source, match, name, peer, program=program))


def _is_active_text(source: BoundedSource) -> bool:
    """A script, or a file of settings; prose and web pages name addresses too."""
    return bytes(source.buffer[:2]) == b"#!" or _SETTINGS.search(source.path) is not None


def _is_outside(peer: str) -> bool:
    """An address that the internet routes, and neither a well-known resolver nor an example."""
    try:
        address = IPv4Address(peer)
    except AddressValueError:
        return False
    return address.is_global and not address.is_multicast and peer not in _NAME_SERVERS and not _EXAMPLES.match(peer)


def _is_said_only(source: BoundedSource, match: Match) -> bool:
    """In a comment or a help text."""
    before = re.split(rb"[\n\0]", bytes(source.buffer[max(0, match.start - _LINE) : match.start]))[-1]
    after = re.split(rb"[\n\0]", bytes(source.buffer[match.end : match.end + _LINE]))[0]
    return _COMMENT.match(before + match.text) is not None or _HELP.search(before + match.text + after) is not None


def _flow(source: BoundedSource, match: Match, name: str, peer: str, *, program: bool) -> Flow:
    where = source.where(offset=match.start) if program else source.where(line=bytes(source.buffer[: match.start]).count(b"\n") + 1)
    confidence = Confidence.WEAK if program and match.pattern == "address" else Confidence.LIKELY
    return Flow(where, name, Effect.RECORD, Zone.INTERNET, protocol=name, peer=peer, confidence=confidence)
