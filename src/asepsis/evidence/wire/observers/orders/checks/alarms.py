"""Alarms that were silenced, weakened or ended from somewhere else than the device, or in a way that no bedside explains.

An alarm is one condition of one device; the device's owner is who raised its alarms first (IHE ACM, PCD-04: the alarm reporter). A pause of the sound
is everyday work, and over after minutes (IEC 60601-1-8: paused is limited, off is not). Sound or alarm switched off for good, a pause without end, a
priority that sinks while the value does not improve, an end without a start and an end while the value still departs are signs, and sure where
another than the owner says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from asepsis.evidence.protocols.pcd import Alarm, Limits
from asepsis.evidence.wire.observers.orders.check import MINUTE, Recent, Remark, Said, Ward
from asepsis.evidence.wire.observers.orders.checks.limits import BEDSIDE
from asepsis.model.dose import Sign
from asepsis.model.fact import Confidence

_OFF = ("audio-off", "alarm-off", "off", "disabled")
_ALARM_OFF = ("alarm-off", "off", "disabled")
_PAUSED = ("audio-paused", "alarm-paused", "paused")
_RANKS = {"PH": 3, "PM": 2, "PL": 1, "PI": 0, "PN": 0}


@dataclass(slots=True)
class _Known:
    """``paused`` is since when its sound is paused; None if it is not, or was told."""

    packet: int
    running: bool = False
    inactivation: str = ""
    priority: str = ""
    limits: dict[str, Limits] | None = None
    paused: int | None = None


class Alarms:
    """See the module."""

    def __init__(self) -> None:
        """No alarm was raised."""
        self._alarms: Recent[tuple[str, str], _Known] = Recent()
        self._owners: Recent[str, tuple[str, str]] = Recent()
        self._speak: Recent[tuple[str, str], bool] = Recent()
        self._hear: Recent[str, bool] = Recent()
        self._strangers: Recent[tuple[str, str, str], bool] = Recent()

    def see(self, said: Said, ward: Ward) -> Iterator[Remark]:
        """An alarm message; reports tell who speaks for devices, too."""
        who = (said.speaker.address, said.sender)
        if said.alarm is None:
            if said.reports or said.watched:
                self._speak.put(who, True)
            return
        device = "/".join(said.alarm.device)
        owner = self._owners.get(device)
        foreign = owner is not None and owner != who and not self._takes_part(who)
        known = self._alarms.get((device, said.alarm.condition))
        for remark in self._judged(said, known, ward.doses.time("pause_minutes"), heard=owner is not None):
            yield replace(remark, confidence=Confidence.CONFIRMED, unless=()) if foreign and remark.confidence else remark
        if owner is not None and foreign:
            yield from self._stranger(said, device, who, owner)
        else:
            self._owners.put(device, who)
            self._speak.put(who, True)
            self._hear.put(said.hearer.address, True)
            self._keep(device, said, said.alarm, known)

    def pass_time(self, _time: int, _ward: Ward) -> Iterator[Remark]:
        """Nothing is waited for."""
        return iter(())

    def finish(self, _time: int, _ward: Ward) -> Iterator[Remark]:
        """Likewise."""
        return iter(())

    def _takes_part(self, who: tuple[str, str]) -> bool:
        """Whether it speaks for devices anyway, or hands on what it is told."""
        return self._speak.get(who) is not None or self._hear.get(who[0]) is not None

    def _stranger(self, said: Said, device: str, who: tuple[str, str], owner: tuple[str, str]) -> Iterator[Remark]:
        if self._strangers.get((device, *who)) is not None:
            return
        self._strangers.put((device, *who), True)
        shown = (f"said by {who[1] or 'nobody'} at {who[0]}; the device's alarms came from {owner[1] or 'nobody'} at {owner[0]}",)
        unless = ("a second alarm reporter for the same device", "the device was given another address")
        yield Remark(Sign.ALARM_STRANGER, Confidence.LIKELY, device, (said.packet,), shown, unless)

    def _judged(self, said: Said, known: _Known | None, pause: int, *, heard: bool) -> Iterator[Remark]:
        alarm = said.alarm
        if alarm is None:
            return
        name = _name(alarm)
        if known is not None:
            yield from _weakened(said, alarm, known, pause)
        elif _over(alarm):  # a second end is only said twice
            sure = Confidence.LIKELY if heard else None
            yield Remark(Sign.ALARM_ENDED, sure, name, (said.packet,), ("it ends, and no start of it was seen",), (STARTED,) if sure else ())

    def _keep(self, device: str, said: Said, alarm: Alarm, known: _Known | None) -> None:
        now = known or _Known(said.packet)
        now.running = not _over(alarm) and alarm.state != "inactive" and (now.running or alarm.phase in ("start", "") or alarm.state == "active")
        paused = now.running and alarm.inactivation in _PAUSED
        now.paused = None if not paused else now.paused if now.inactivation in _PAUSED else said.time
        now.packet, now.inactivation = said.packet, alarm.inactivation or now.inactivation
        now.priority = alarm.priority or now.priority
        now.limits = alarm.limits or now.limits
        self._alarms.put((device, alarm.condition), now)


STARTED = "it began before the capture"


def _weakened(said: Said, alarm: Alarm, known: _Known, pause: int) -> Iterator[Remark]:
    """What became of an alarm that is known."""
    name = _name(alarm)
    packets = (said.packet, known.packet)
    sure = None if alarm.operator else Confidence.LIKELY
    silenced = _silenced(said, alarm, known, pause)
    if silenced:
        yield Remark(Sign.ALARM_SILENCED, sure, name, packets, (silenced,), (BEDSIDE,) if sure else ())
    if known.running and _weaker(alarm, known):
        shown = (f"priority {known.priority} → {alarm.priority} while the alarm lasts",)
        yield Remark(Sign.ALARM_PRIORITY, Confidence.LIKELY, name, packets, shown, ("a device that lowers what is acknowledged",))
    if known.running and _over(alarm) and not silenced:
        yield from _ended(alarm, known, name, packets)


def _silenced(said: Said, alarm: Alarm, known: _Known, pause: int) -> str:
    """How it was silenced for good, in words: sound or alarm off while it lasts, the alarm off at all, or a pause without end."""
    was, now = known.inactivation or "enabled", alarm.inactivation
    lasts = known.running and not _over(alarm) and alarm.state != "inactive"
    if known.inactivation not in _OFF and (now in _ALARM_OFF or (lasts and now in _OFF)):
        return f"{was} → {now} while the alarm {'lasts' if lasts else 'was to be watched for'}"
    if lasts and now in _PAUSED and known.paused is not None and said.time - known.paused > pause:
        since, known.paused = known.paused, None
        return f"{now} for {(said.time - since) // MINUTE} min without a break while the alarm lasts"
    return ""


def _ended(alarm: Alarm, known: _Known, name: str, packets: tuple[int, ...]) -> Iterator[Remark]:
    """An end while what is measured departs from its limits no less than before. The same value again may only repeat what raised the alarm."""
    for code, limits in alarm.limits.items():
        before = (known.limits or {}).get(code)
        if before is None or limits.value is None or not 0 < _outside(limits) >= _outside(before):
            continue
        shown = (f"it ends while {code} is at {limits.value:g}, out of its limits",)
        sure = Confidence.LIKELY if limits.value != before.value and not alarm.operator else None
        yield Remark(Sign.ALARM_ENDED, sure, name, packets, shown, (BEDSIDE,) if sure else ())


def _name(alarm: Alarm) -> str:
    return f"{alarm.condition} of {alarm.device[0]}"


def _over(alarm: Alarm) -> bool:
    return alarm.phase == "end"


def _weaker(alarm: Alarm, known: _Known) -> bool:
    """A lower rank while the condition lasts, unless the measured value has come nearer to its limits."""
    if _over(alarm) or alarm.state == "inactive" or _RANKS.get(alarm.priority, 9) >= _RANKS.get(known.priority, 0):
        return False
    before = known.limits or {}
    return not any(_outside(limits) < _outside(before[code]) for code, limits in alarm.limits.items() if code in before)


def _outside(limits: Limits) -> float:
    if limits.value is None:
        return 0.0
    below = limits.low - limits.value if limits.low is not None else 0.0
    above = limits.value - limits.high if limits.high is not None else 0.0
    return max(below, above, 0.0)
