"""Every observer, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Callable

from asepsis.evidence.wire.observer import Means, Observer
from asepsis.evidence.wire.observers.clinical import ClinicalObserver
from asepsis.evidence.wire.observers.encryption import EncryptionObserver
from asepsis.evidence.wire.observers.exhaustion import ExhaustionObserver
from asepsis.evidence.wire.observers.flood.observe import FloodsObserver
from asepsis.evidence.wire.observers.inventory import InventoryObserver
from asepsis.evidence.wire.observers.log_ins import LogInsObserver
from asepsis.evidence.wire.observers.orders.observe import DoseIntegrity
from asepsis.evidence.wire.observers.outside import OutsideObserver
from asepsis.evidence.wire.observers.peers import PeersObserver
from asepsis.evidence.wire.observers.resets import ResetsObserver
from asepsis.evidence.wire.observers.services import ServicesObserver
from asepsis.evidence.wire.observers.silence.observe import SilencesObserver
from asepsis.evidence.wire.observers.uses import UsesObserver

OBSERVERS: tuple[Callable[[Means], Observer], ...] = (
    InventoryObserver,
    ClinicalObserver,
    ServicesObserver,
    LogInsObserver,
    EncryptionObserver,
    UsesObserver,
    OutsideObserver,
    PeersObserver,
    DoseIntegrity,
    FloodsObserver,
    ResetsObserver,
    ExhaustionObserver,
    SilencesObserver,
)
"""One file each; every capture gets new ones."""

OF_LOGS: tuple[Callable[[Means], Observer], ...] = (
    ServicesObserver,
    LogInsObserver,
    EncryptionObserver,
    UsesObserver,
    OutsideObserver,
    InventoryObserver,
    PeersObserver,
)
"""Those that a network monitor's log tells enough: it repeats no clinical message, and its lines come in the order in which conversations ended."""
