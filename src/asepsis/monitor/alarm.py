"""An alarm: what of a fact is told at once, without secrets and without anything of a patient."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec

from asepsis.model.facts import Fact

MOST_LETTERS = 400
_SECOND = 1_000_000_000
_FIELDS = {
    "Disturbance": ("what", "victim", "peer", "detail", "explained_by"),
    "DoseSign": ("sign", "subject", "by", "shown", "unless"),
}
"""Kind of fact → its attributes for ``what``, ``subject``, ``peer``, ``detail`` and ``explained_by``. All others are for a study."""


class Alarm(msgspec.Struct, frozen=True):
    """One alarm; its attributes are the keys of its JSON line (docs/watch.md).

    ``id`` stays the same whenever the same traffic is read. ``time`` is the capture's clock when it was told, in nanoseconds since 1970; ``packet``
    is the one that shows it. ``sureness`` is ``confirmed``, ``likely`` or ``weak``.
    """

    id: str
    time: int
    packet: int
    what: str
    subject: str
    peer: str = ""
    detail: str = ""
    sureness: str = "likely"
    seconds: int = 0
    explained_by: tuple[str, ...] = ()
    assumes: tuple[str, ...] = ()

    @property
    def at(self) -> str:
        """``time`` as RFC 3339 writes it, in UTC, with microseconds."""
        return moment(self.time)

    def line(self) -> str:
        """One line of JSON."""
        fields = {"event": "alarm", **msgspec.structs.asdict(self), "time": self.at}
        return msgspec.json.encode(fields).decode()


def alarm_of(fact: Fact, time: int) -> Alarm | None:
    """The alarm that a fact is, told at ``time``; None if it is none."""
    names = _FIELDS.get(type(fact).__name__)
    if names is None:
        return None
    what, subject, peer, detail = (_text(getattr(fact, name)) if name else "" for name in names[:4])
    sureness, packet = str(getattr(fact, "confidence", "likely")), fact.where.packet or 0
    why, taken = (tuple(_text(one) for one in getattr(fact, name, ())) for name in (names[4], "assumes"))
    name = hashlib.sha256("\0".join((what, subject, peer, str(time))).encode()).hexdigest()[:16]
    return Alarm(f"A-{name}", time, packet, what, subject, peer, detail, sureness, getattr(fact, "seconds", 0), why, taken)


def moment(time: int) -> str:
    """Nanoseconds since 1970 as RFC 3339 writes them; what no calendar holds becomes its beginning."""
    seconds, rest = divmod(time, _SECOND)
    try:
        day = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return "1970-01-01T00:00:00.000000Z"
    return f"{day:%Y-%m-%dT%H:%M:%S}.{rest // 1000:06d}Z"


def _text(value: Any) -> str:
    """As one line; several sentences become one. Device text stays text: nothing that moves a cursor."""
    text = "; ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return "".join(letter if letter.isprintable() else "�" for letter in text[:MOST_LETTERS])
