"""Where in a stream a PDU of DICOM's upper layer begins (PS3.8, 9.3), as far as its first bytes can show it. No I/O.

Taken for one are: a P-DATA-TF below 16 MiB that one fragment of an odd context fills, as all common software sends them; the four-byte bodies of
A-RELEASE and A-ABORT and of A-ASSOCIATE-RJ with values that the standard has; A-ASSOCIATE-RQ and -AC of version 1 below 128 KiB.
"""

from __future__ import annotations

import re

REQUEST, ACCEPT, REJECT, DATA, RELEASE, RELEASED, ABORT = range(1, 8)
"""The types, in the first byte."""
LONGEST_SIGN = 12
"""Bytes that it takes to know the beginning of any PDU."""

# Each begins with bytes that are always the same, for which the machine searches fast; what stands before them is looked at from behind.
_DATA = re.compile(rb"\x04\x00(?P<pdu>\x00.{3})(?P<fragment>\x00.{3})(?P<context>.)[\x00-\x03]", re.DOTALL)
_SHORT = re.compile(
    rb"\x00\x00\x00\x00\x04\x00"
    rb"(?:\x00\x00\x00(?<=[\x05\x06].{9})|\x00[\x00\x02][\x00-\x06](?<=\x07.{9})|[\x01\x02][\x01-\x03][\x01-\x0a](?<=\x03.{9}))",
    re.DOTALL,
)
_ASSOCIATE = re.compile(rb"\x00\x01\x00\x00(?<=[\x01\x02]\x00\x00[\x00\x01].{6})", re.DOTALL)
_SIGNS = ((_DATA, 0), (_SHORT, 1), (_ASSOCIATE, 6))
"""With how far behind the beginning of the PDU each begins."""


def find(data: bytes, at: int = 0) -> int:
    """Where, from ``at`` on, the next PDU begins; -1 if none does."""
    return min((start for sign, before in _SIGNS if (start := _first(sign, before, data, at)) >= 0), default=-1)


def begins(data: bytes) -> bool | None:
    """Whether ``data`` begins with a PDU; None if it is too short to tell."""
    if any((match := sign.match(data, before)) and _is_filled(match) for sign, before in _SIGNS):
        return True
    open_yet = len(data) < LONGEST_SIGN and (not data or (REQUEST <= data[0] <= ABORT and data[1:2] in {b"", b"\0"}))
    return None if open_yet else False


def _first(sign: re.Pattern[bytes], before: int, data: bytes, at: int) -> int:
    while match := sign.search(data, at + before):
        if _is_filled(match):
            return match.start() - before
        at = match.start() - before + 1
    return -1


def _is_filled(match: re.Match[bytes]) -> bool:
    """Of a P-DATA-TF, whether its first fragment ends where it ends; of others there is nothing left to ask."""
    if match.re is not _DATA:
        return True
    fragment = int.from_bytes(match["fragment"], "big")
    return fragment >= 2 and fragment + 4 == int.from_bytes(match["pdu"], "big") and match["context"][0] % 2 == 1  # noqa: PLR2004
