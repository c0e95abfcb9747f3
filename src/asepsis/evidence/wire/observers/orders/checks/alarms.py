"""Alarms that were silenced, weakened or ended from somewhere else than the device, or in a way that no bedside explains.

An alarm is one condition of one device; the device's owner is who raised its alarms first (IHE ACM, PCD-04: the alarm reporter). A pause of the sound
is everyday work. Sound or alarm switched off for good while the condition lasts, a priority that sinks while the value does not improve, limits that
are widened while the alarm is on, and an end without a start are signs, and sure where another than the owner says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from asepsis.evidence.protocols.pcd import Alarm, Limits
from asepsis.evidence.wire.observers.orders.check import Recent, Remark, Said, Ward
from asepsis.model.dose import Sign
from asepsis.model.fact import Confidence

_OFF = ("audio-off", "alarm-off", "off", "disabled")
_RANKS = {"PH": 3, "PM": 2, "PL": 1, "PI": 0, "PN": 0}
BEDSIDE = "somebody changed it at the device"


@dataclass(slots=True)
class _Known:
    alarm: Alarm
    packet: int
    started: bool
    inactivation: str = ""
    priority: str = ""
    limits: dict[str, Limits] = field(default_factory=dict)
    value: float | None = None


class Alarms:
    """See the module."""

    def __init__(self) -> None:
        """No alarm was raised."""
        self._alarms: Recent[tuple[str, str], _Known] = Recent()
        self._owners: Recent[str, tuple[str, str]] = Recent()
        self._limits: Recent[tuple[str, str], Limits] = Recent()
        self._strangers: Recent[tuple[str, str, str], bool] = Recent()

    def see(self, said: Said, _ward: Ward) -> Iterator[Remark]:
        """An alarm message."""
        if said.alarm is None:
            return
        device, who = "/".join(said.alarm.device), (said.speaker.address, said.sender)
        owner = self._owners.get(device)
        known = self._alarms.get((device, said.alarm.condition))
        foreign = owner is not None and owner[1] != who[1]
        for remark in self._judged(said, said.alarm, known, heard=owner is not None):
            yield replace(remark, confidence=Confidence.CONFIRMED, unless=()) if foreign and remark.confidence else remark
        if foreign and owner is not None and self._strangers.get((device, *who)) is None:
            self._strangers.put((device, *who), True)
            shown = (f"said by {said.sender or 'nobody'} at {who[0]}; the device's alarms came from {owner[1] or 'nobody'} at {owner[0]}",)
            yield Remark(Sign.ALARM_STRANGER, Confidence.LIKELY, device, (said.packet,), shown, ("a second alarm reporter for the same device",))
        if not foreign:
            self._owners.put(device, who)
            self._keep(device, said, said.alarm, known)

    def pass_time(self, _time: int, _ward: Ward) -> Iterator[Remark]:
        """Nothing is waited for."""
        return iter(())

    def finish(self, _time: int, _ward: Ward) -> Iterator[Remark]:
        """Likewise."""
        return iter(())

    def _judged(self, said: Said, alarm: Alarm, known: _Known | None, *, heard: bool) -> Iterator[Remark]:
        name = f"{alarm.condition} of {alarm.device[0]}"
        running = known is not None and known.started
        if running and known is not None and _switched_off(alarm, known):
            sure = None if alarm.operator else Confidence.LIKELY
            shown = (f"{known.inactivation or 'enabled'} → {alarm.inactivation} while the alarm lasts",)
            yield Remark(Sign.ALARM_SILENCED, sure, name, (said.packet, known.packet), shown, (BEDSIDE,) if sure else ())
        if running and known is not None and _weaker(alarm, known):
            shown = (f"priority {known.priority} → {alarm.priority} while the alarm lasts",)
            yield Remark(
                Sign.ALARM_PRIORITY, Confidence.LIKELY, name, (said.packet, known.packet), shown, ("a device that lowers what is acknowledged",)
            )
        if alarm.phase == "end" and known is None:  # a second end is only said twice
            sure = Confidence.LIKELY if heard else None
            shown = ("it ends, and no start of it was seen",)
            yield Remark(Sign.ALARM_ENDED, sure, name, (said.packet,), shown, ("it began before the capture",) if sure else ())
        yield from self._wider(said, alarm, name)

    def _wider(self, said: Said, alarm: Alarm, name: str) -> Iterator[Remark]:
        for code, limits in alarm.limits.items():
            before = self._limits.get(("/".join(alarm.device), code))
            if before is not None and _wider(before, limits):
                shown = (f"limits of {code}: {_range(before)} → {_range(limits)}",)
                yield Remark(Sign.ALARM_LIMITS, None if alarm.operator else Confidence.LIKELY, name, (said.packet,), shown, (BEDSIDE,))

    def _keep(self, device: str, said: Said, alarm: Alarm, known: _Known | None) -> None:
        for code, limits in alarm.limits.items():
            self._limits.put((device, code), limits)
        now = known or _Known(alarm, said.packet, started=False)
        now.started = alarm.phase != "end" and alarm.state != "inactive" and (now.started or alarm.phase in ("start", "") or alarm.state == "active")
        now.packet, now.inactivation = said.packet, alarm.inactivation or now.inactivation
        now.priority = alarm.priority or now.priority
        now.limits = alarm.limits or now.limits
        self._alarms.put((device, alarm.condition), now)


def _switched_off(alarm: Alarm, known: _Known) -> bool:
    return alarm.phase != "end" and alarm.state != "inactive" and alarm.inactivation in _OFF and known.inactivation not in _OFF


def _weaker(alarm: Alarm, known: _Known) -> bool:
    """A lower rank while the condition lasts, unless the measured value has come nearer to its limits."""
    if alarm.phase == "end" or alarm.state == "inactive" or _RANKS.get(alarm.priority, 9) >= _RANKS.get(known.priority, 0):
        return False
    return not any(_better(known.limits[code], limits) for code, limits in alarm.limits.items() if code in known.limits)


def _better(before: Limits, now: Limits) -> bool:
    return _outside(now) < _outside(before)


def _outside(limits: Limits) -> float:
    if limits.value is None:
        return 0.0
    below = limits.low - limits.value if limits.low is not None else 0.0
    above = limits.value - limits.high if limits.high is not None else 0.0
    return max(below, above, 0.0)


def _wider(before: Limits, now: Limits) -> bool:
    low = before.low is not None and (now.low is None or now.low < before.low)
    high = before.high is not None and (now.high is None or now.high > before.high)
    return low or high


def _range(limits: Limits) -> str:
    return f"{'none' if limits.low is None else f'{limits.low:g}'} to {'none' if limits.high is None else f'{limits.high:g}'}"
