"""The environment of U-Boot, wherever it lies in a flash dump: who can stop the start, what is started, which secrets stand there.

::

    0  CRC-32 of what follows, to the end of the environment      4  [flag: 1 or a counter, of two copies the newer]
    4 or 5  name=value NUL name=value NUL … NUL NUL, then FF or 00 to the end

Environments begin on a flash block and have a size that the maker chose (0x1000 to 0x40000 are usual); the checksum tells which. The same list stands
without checksum in the boot loader's own program, used when none is stored. Source: U-Boot ``include/env_internal.h``, ``tools/env``.

Known ways it lies: a second, older copy; the built-in list is replaced by the stored one, so it counts less and only where none is stored; settings
built into the program (a password for the console) stand in no environment.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.boot import Variable, of_environment
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.limits import KIB, LimitReached
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, HardwareAccess, Service, StoredSecret, UpdateMechanism

_KNOWN = rb"(?:bootcmd|bootdelay|bootargs|baudrate)="
_ALIGNED = 512
_BYTES = 256 * KIB
"""The largest environment, and how far before a variable its beginning is looked for."""
_LIST_BYTES = 16 * KIB
_STEP = 256
_MOST_TRIED = 256
"""Beginnings for which checksums are computed; there are rarely more than two."""
_MOST_LISTS = 32
_MOST_VARIABLES = 2000
_FIRST = re.compile(rb"[A-Za-z_][\w.\-,#]{0,63}=")
_NAME = re.compile(r"[A-Za-z_][\w.\-,#]{0,63}\Z")
_TYPICAL = frozenset({"bootcmd", "bootdelay", "bootargs", "baudrate"})
_ENOUGH = 3


@dataclass(frozen=True, slots=True)
class _Environment:
    start: int
    end: int
    flag: int | None


class UBootEnvReader:
    """Emits what :mod:`asepsis.evidence.protocols.boot` makes of the variables."""

    info = ReaderInfo(
        "u_boot_env",
        "Environment of the boot loader U-Boot",
        (HardwareAccess, Service, UpdateMechanism, StoredSecret),
        ("U-Boot environments in any file",),
        ("the list built into the program is replaced by the stored one",),
    )
    patterns = (Pattern("variable", _KNOWN, before=16, after=0),)

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Environments with their checksum; without any, the list built into a program."""
        documentation = is_documentation(source.where().path)
        tried, found = list[int](), list[_Environment]()
        found.extend(_environments(source, matches, tried))
        for environment in _newest(found):
            data = environment.start + (4 if environment.flag is None else 5)
            variables = _variables(source, data, environment.end)
            for fact in of_environment(source, variables, Confidence.WEAK if documentation else Confidence.CONFIRMED):
                emit(fact)
        if not found and not documentation:
            for start in _built_in(source, matches):
                for fact in of_environment(source, _variables(source, start, source.size), Confidence.LIKELY):
                    emit(fact)
        if len(tried) > _MOST_TRIED:
            raise LimitReached("u_boot_environments", _MOST_TRIED, len(tried))


def _environments(source: BoundedSource, matches: Sequence[Match], tried: list[int]) -> Iterator[_Environment]:
    """Those around or before a match; every beginning is looked at once. ``tried`` gets those that looked like one."""
    done = 0
    for match in matches:
        if match.start < done:
            continue
        top = match.start // _ALIGNED * _ALIGNED
        here = (match.start - 4, match.start - 5) if _after_a_checksum(source, match.start) else ()
        for start in (*here, *range(top, max(done, top - _BYTES) - 1, -_ALIGNED)):
            flagged = [flag for flag in (False, True) if start >= 0 and _FIRST.match(bytes(source.buffer[start + 4 + flag : start + 96]))]
            tried.extend([start] if flagged else [])
            found = next(filter(None, (_checked(source, start, flag) for flag in flagged)), None) if len(tried) <= _MOST_TRIED else None
            if found:
                yield found
                break
        done = max(done, top + _ALIGNED, found.end if found else 0)


def _after_a_checksum(source: BoundedSource, at: int) -> bool:
    """Whether the four bytes before ``at`` are neither text nor the end of one: an environment that begins at no block."""
    before = bytes(source.buffer[max(0, at - 4) : at])
    return len(before) == 4 and sum(not 32 <= byte < 127 for byte in before) > 1  # noqa: PLR2004 - bytes of a checksum, printable ones


def _checked(source: BoundedSource, start: int, flag: bool) -> _Environment | None:
    """The environment that begins at ``start``, if any of the sizes has the right checksum."""
    data, crc = start + 4 + flag, 0
    said = bytes(source.buffer[start : start + 4])
    wanted = {int.from_bytes(said, "little"), int.from_bytes(said, "big")}  # the processor's own order
    for end in range(start + _STEP, min(source.size, start + _BYTES) + 1, _STEP):
        crc = zlib.crc32(source.buffer[data:end], crc)
        if crc in wanted:
            return _Environment(start, end, source.buffer[start + 4] if flag else None)
        data = end
    return None


def _newest(found: list[_Environment]) -> Iterator[_Environment]:
    """Of two copies of one size the newer: its counter is one ahead, or its flag is set. Nothing is known of more."""
    flagged = [one for one in found if one.flag is not None]
    pair = len(flagged) == 2 and flagged[0].end - flagged[0].start == flagged[1].end - flagged[1].start  # noqa: PLR2004 - a pair
    if pair and ((flagged[1].flag or 0) - (flagged[0].flag or 0)) % 256 in {1, 0}:
        yield flagged[1]
    elif pair:
        yield flagged[0]
    yield from (one for one in found if not pair or one.flag is None)


def _variables(source: BoundedSource, start: int, end: int) -> dict[str, Variable]:
    """Names and values up to the empty one that ends the list."""
    variables: dict[str, Variable] = {}
    data = bytes(source.buffer[start : min(end, start + _BYTES)])
    at = 0
    while at < len(data) and len(variables) < _MOST_VARIABLES:
        stop = data.find(b"\0", at)
        item = data[at : stop if stop >= 0 else len(data)]
        name, found, value = item.decode("utf-8", "replace").partition("=")
        if not found or not _NAME.match(name):
            break
        variables[name] = Variable(value, source.where(offset=start + at))
        at += len(item) + 1
    return variables


def _built_in(source: BoundedSource, matches: Sequence[Match]) -> Iterator[int]:
    """Where the list in a boot loader's program begins: the typical variables stand in it, one after the other."""
    for match in matches[:_MOST_LISTS]:
        start = _first_of_list(source, match.start)
        if len(_TYPICAL & _variables(source, start, source.size).keys()) >= _ENOUGH:
            yield start
            return


def _first_of_list(source: BoundedSource, at: int) -> int:
    """Back over the variables that stand before ``at``."""
    before = bytes(source.buffer[max(0, at - _LIST_BYTES) : at])
    end = len(before)
    while end > 0 and before[end - 1] == 0:
        start = before.rfind(b"\0", 0, end - 1) + 1
        if not _FIRST.match(before[start : end - 1]):
            break
        end = start
    return at - len(before) + end
