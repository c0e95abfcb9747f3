"""Limits that became wider: with them an alarm stays silent that would have called somebody.

Limits stand beside the measured value (OBX-7) in alarms and in plain reports. They belong to a device and a patient: the next patient has others.
Limits that are drawn closer, or that move by the hand of somebody who is named, are everyday work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from asepsis.evidence.protocols.pcd import Limits
from asepsis.evidence.wire.observers.orders.check import Recent, Remark, Said, Ward
from asepsis.model.dose import Sign
from asepsis.model.fact import Confidence
from asepsis.model.prescription import same_patient

BEDSIDE = "somebody changed it at the device"


@dataclass(frozen=True, slots=True)
class _Set:
    limits: Limits
    patient: tuple[str, ...]
    packet: int


class AlarmLimits:
    """See the module."""

    def __init__(self) -> None:
        """No limit is known."""
        self._limits: Recent[tuple[str, str], _Set] = Recent()

    def see(self, said: Said, _ward: Ward) -> Iterator[Remark]:
        """A report or an alarm with limits in it."""
        watched = said.watched
        if watched is None:
            return
        for code, limits in watched.limits.items():
            key = ("/".join(watched.device), code)
            before = self._limits.get(key)
            self._limits.put(key, _Set(limits, watched.patient, said.packet))
            if before is None or same_patient(before.patient, watched.patient) is False or not _wider(before.limits, limits):
                continue
            shown = (f"limits of {code}: {_range(before.limits)} → {_range(limits)}",)
            sure = None if watched.operator else Confidence.LIKELY
            name = f"{code} of {watched.device[0]}"
            yield Remark(Sign.ALARM_LIMITS, sure, name, (said.packet, before.packet), shown, (BEDSIDE,) if sure else ())

    def pass_time(self, _time: int, _ward: Ward) -> Iterator[Remark]:
        """Nothing is waited for."""
        return iter(())

    def finish(self, _time: int, _ward: Ward) -> Iterator[Remark]:
        """Likewise."""
        return iter(())


def _wider(before: Limits, now: Limits) -> bool:
    low = before.low is not None and (now.low is None or now.low < before.low)
    high = before.high is not None and (now.high is None or now.high > before.high)
    return low or high


def _range(limits: Limits) -> str:
    return f"{'none' if limits.low is None else f'{limits.low:g}'} to {'none' if limits.high is None else f'{limits.high:g}'}"
