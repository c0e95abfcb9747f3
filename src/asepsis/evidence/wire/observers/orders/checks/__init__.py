"""Every check of dose integrity; one file each."""

from __future__ import annotations

from collections.abc import Callable

from asepsis.evidence.wire.observers.orders.check import Check
from asepsis.evidence.wire.observers.orders.checks.alarms import Alarms
from asepsis.evidence.wire.observers.orders.checks.altered import Altered
from asepsis.evidence.wire.observers.orders.checks.arithmetic import Arithmetic
from asepsis.evidence.wire.observers.orders.checks.confirmed import Confirmed
from asepsis.evidence.wire.observers.orders.checks.contradicted import Contradicted
from asepsis.evidence.wire.observers.orders.checks.limits import AlarmLimits
from asepsis.evidence.wire.observers.orders.checks.replayed import Replayed
from asepsis.evidence.wire.observers.orders.checks.senders import Senders
from asepsis.evidence.wire.observers.orders.checks.times import Times
from asepsis.evidence.wire.observers.orders.checks.unfounded import Unfounded
from asepsis.evidence.wire.observers.orders.checks.unordered import Unordered

CHECKS: tuple[Callable[[], Check], ...] = (
    Altered,
    Replayed,
    Contradicted,
    Arithmetic,
    Times,
    Senders,
    Confirmed,
    Unfounded,
    Unordered,
    Alarms,
    AlarmLimits,
)
"""In the order in which they are told; every capture gets new ones."""
