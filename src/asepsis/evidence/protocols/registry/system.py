r"""Which Windows this is, and the age of its security software, as the registry says. No I/O.

``CurrentVersion`` stays at 6.3 from Windows 8.1 on; from Windows 10 on ``CurrentMajorVersionNumber`` has the number, and the build tells releases
apart (Microsoft's documentation). Names and values of security software are those that its makers use [K].
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from asepsis.evidence.protocols.days import day_in
from asepsis.evidence.protocols.registry.key import Key
from asepsis.evidence.protocols.windows_release import EMBEDDED, known, release
from asepsis.evidence.reader import Emit
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import OperatingSystem, Protection

_NT = "software\\microsoft\\windows nt\\currentversion"


def current_version(_source: BoundedSource, key: Key, emit: Emit) -> None:
    """The release of Windows."""
    name = key.text("productname")
    digits = re.match(r"\d{3,6}", key.text("currentbuildnumber") or key.text("currentbuild"))
    number = key.text("currentversion")
    if not name or not digits:
        return
    edition, kind = key.text("editionid"), key.text("installationtype").lower()
    server = kind.startswith("server") if kind else None
    found = release(name, number, int(digits.group()), edition, server=server)
    where = key.place("productname")
    if found:
        emit(OperatingSystem(where, found.name, found.version, found.product))
    else:
        emit(OperatingSystem(where, name[:64], f"build {digits.group()}"))


def embedded_2009(_source: BoundedSource, key: Key, emit: Emit) -> None:
    r"""Keys that only the embedded releases of 2009 have in ``SYSTEM\WPA``."""
    if key.number("installed"):
        line = "posready-2009" if key.path.endswith("posready") else "standard-2009"
        found = known(EMBEDDED, line)
        emit(OperatingSystem(key.place("installed"), found.name, found.version, found.product))


_FILETIME_ZERO = datetime(1601, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def filetime(data: bytes) -> date | None:
    """The day of a FILETIME (100 ns since 1601), or None if it is none."""
    if len(data) != 8:  # noqa: PLR2004
        return None
    seconds = int.from_bytes(data, "little") // 10_000_000
    return (_FILETIME_ZERO + timedelta(seconds=seconds)).date() if 0 < seconds < (_LATEST - _FILETIME_ZERO).total_seconds() else None


def defender(_source: BoundedSource, key: Key, emit: Emit) -> None:
    """``Signature Updates``: when the newest definitions were made or last looked for."""
    for name in ("avsignatureapplied", "signatureslastupdated"):
        value = key.values.get(name)
        day = filetime(value.data) if value else None
        if value and day:
            emit(Protection(value.where, "Microsoft Defender", "anti-virus", day))
            return


def defender_off(_source: BoundedSource, key: Key, emit: Emit) -> None:
    """Switches that turn Defender off."""
    for name in ("disableantispyware", "disableantivirus", "disablerealtimemonitoring"):
        if key.number(name):
            emit(Protection(key.place(name), "Microsoft Defender", "anti-virus", enabled=False))
            return


def _definitions(product: str, *names: str) -> Callable[[BoundedSource, Key, Emit], None]:
    """The day in the first of ``names`` that holds one."""

    def read(_source: BoundedSource, key: Key, emit: Emit) -> None:
        for name in names:
            day = day_in(key.text(name))
            if day:
                emit(Protection(key.place(name), product, "anti-virus", day))
                return

    return read


def symantec_shared(_source: BoundedSource, key: Key, emit: Emit) -> None:
    """``SharedDefs``: each value is the folder of somebody's definitions, named after their day."""
    days = [(day, value.where) for _, value in sorted(key.values.items()) if (day := day_in(value.text.rsplit("\\", 1)[-1]))]
    if days:
        day, where = max(days, key=lambda entry: entry[0])
        emit(Protection(where, "Symantec Endpoint Protection", "anti-virus", day))


def app_locker(_source: BoundedSource, key: Key, emit: Emit) -> None:
    """A rule collection of AppLocker; it counts only where it is enforced."""
    mode = key.number("enforcementmode")
    if mode is not None:
        emit(Protection(key.place("enforcementmode"), "AppLocker", "allow-listing", enabled=mode == 1))


_DEFENDER = "microsoft\\windows defender"
MEANINGS = (
    (_NT, current_version),
    ("system\\wpa\\posready", embedded_2009),
    ("system\\wpa\\wes", embedded_2009),
    (f"software\\{_DEFENDER}\\signature updates", defender),
    (f"software\\{_DEFENDER}", defender_off),
    (f"software\\{_DEFENDER}\\real-time protection", defender_off),
    (f"software\\policies\\{_DEFENDER}", defender_off),
    (f"software\\policies\\{_DEFENDER}\\real-time protection", defender_off),
    ("software\\mcafee\\avengine", _definitions("McAfee", "avdatdate")),
    ("software\\mcafee\\avsolution\\ds\\ds", _definitions("McAfee", "szcontentcreationdate")),
    ("software\\network associates\\tvd\\shared components\\on access scanner\\mcshield\\configuration", _definitions("McAfee", "avdatdate")),
    ("software\\network associates\\tvd\\virusscan enterprise\\currentversion", _definitions("McAfee", "szvirdefdate")),
    ("software\\symantec\\shareddefs", symantec_shared),
    (
        "software\\symantec\\symantec endpoint protection\\currentversion\\public-opstate",
        _definitions("Symantec Endpoint Protection", "latestvirusdefsdate"),
    ),
    ("software\\trendmicro\\pc-cillinntcorp\\currentversion\\misc.", _definitions("Trend Micro", "patterndate")),
    ("software\\eset\\eset security\\currentversion\\info", _definitions("ESET", "scannerversion", "scannerbuild")),
    ("software\\policies\\microsoft\\windows\\srpv2\\*", app_locker),
)
