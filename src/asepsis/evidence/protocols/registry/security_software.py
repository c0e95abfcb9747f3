r"""Services and drivers of security software for Windows, and where it keeps the day of its definitions. No I/O.

Names of services, folders and values are those that the makers use [K]. A service that starts with Windows says that the software is on, one that
never starts that it is off; how old its definitions are stands elsewhere. What was removed leaves no service: then nothing is recognised.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from asepsis.evidence.protocols.days import day_in
from asepsis.evidence.protocols.registry.key import Key
from asepsis.evidence.reader import Emit
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Protection

AT_START, ON_REQUEST, NEVER = 2, 3, 4
"""``Start`` of a service; 0 and 1 are drivers that start even earlier."""

ANTI_VIRUS, ALLOW_LISTING = "anti-virus", "allow-listing"

_SERVICES = {
    "scsrvc": ("McAfee Solidcore", ALLOW_LISTING),
    "swin": ("McAfee Solidcore", ALLOW_LISTING),
    "parity": ("Carbon Black App Control (Bit9)", ALLOW_LISTING),
    "paritydriver": ("Carbon Black App Control (Bit9)", ALLOW_LISTING),
    "wksrv": ("Trend Micro Safe Lock", ALLOW_LISTING),
    "windefend": ("Microsoft Defender", ANTI_VIRUS),
    "msmpsvc": ("Microsoft Security Essentials", ANTI_VIRUS),
    "mcshield": ("McAfee", ANTI_VIRUS),
    "sepmasterservice": ("Symantec Endpoint Protection", ANTI_VIRUS),
    "symantec antivirus": ("Symantec Endpoint Protection", ANTI_VIRUS),
    "ekrn": ("ESET", ANTI_VIRUS),
    "savservice": ("Sophos", ANTI_VIRUS),
    "ntrtscan": ("Trend Micro", ANTI_VIRUS),
    "kavfs": ("Kaspersky", ANTI_VIRUS),
    "clamd": ("ClamAV", ANTI_VIRUS),
}
_KASPERSKY = re.compile(r"avp(?:[.\d]*|\.kes[.\d]*)")
"""``AVP``, ``AVP18.0.0``, ``AVP.KES.21.3``: the service carries the version."""
_FOLDERS = {
    "/txone/stellarprotect/": ("TXOne StellarProtect", ALLOW_LISTING),
    "/trend micro/safe lock/": ("Trend Micro Safe Lock", ALLOW_LISTING),
}
"""Of a service that is known by its folder only, nothing says whether it is the one that protects: neither on nor off is concluded."""


def security_software(key: Key, words: Sequence[str], start: int, emit: Emit) -> None:
    """A service or driver of security software, by its name or by the folder of its program. ``start`` is as the registry has it."""
    where, known = key.place("imagepath", "start"), _of_service(key.name.lower())
    program = words[0].lower() if words else ""
    if known and start != ON_REQUEST:
        emit(Protection(where, *known, enabled=start != NEVER))
    elif not known:
        for folder, (name, kind) in _FOLDERS.items():
            if folder in program:
                emit(Protection(where, name, kind))


def _of_service(name: str) -> tuple[str, str] | None:
    return ("Kaspersky", ANTI_VIRUS) if _KASPERSKY.fullmatch(name) else _SERVICES.get(name)


def solidcore(_source: BoundedSource, key: Key, emit: Emit) -> None:
    """``RTEMode`` of its driver: 0 lets every program run, though the service is started."""
    if key.number("rtemode") == 0:
        emit(Protection(key.place("rtemode"), "McAfee Solidcore", ALLOW_LISTING, enabled=False))


def kaspersky(_source: BoundedSource, key: Key, emit: Emit) -> None:
    """``AVState``: what the network agent last heard of the product, its definitions' day as ``27-11-2015 18:44:00``."""
    written = re.match(r"(\d\d)-(\d\d)-(\d{4})\b", key.text("protection_basesdate"))
    day = day_in(f"{written[3]}-{written[2]}-{written[1]}") if written else None
    if day:
        emit(Protection(key.place("protection_basesdate"), "Kaspersky", ANTI_VIRUS, day))


def application_control(_source: BoundedSource, key: Key, emit: Emit) -> None:
    """Whether a policy of Windows Defender Application Control is given out. Whether it only watches stands in the policy's own file."""
    given = key.number("deployconfigcipolicy")
    if given is not None:
        emit(Protection(key.place("deployconfigcipolicy"), "Windows Defender Application Control", ALLOW_LISTING, enabled=None if given else False))


MEANINGS = (
    ("system\\current\\services\\swin\\parameters", solidcore),
    ("software\\kasperskylab\\components\\34\\*\\*\\statistics\\avstate", kaspersky),
    ("software\\policies\\microsoft\\windows\\deviceguard", application_control),
)
