"""Every observer, in the order in which they are told and asked: what devices offer is known when it is asked who they are."""

from __future__ import annotations

from collections.abc import Callable

from asepsis.evidence.radio.observer import Means, Observer
from asepsis.evidence.radio.observers.advertised import AdvertisedObserver
from asepsis.evidence.radio.observers.attributes import AttributesObserver
from asepsis.evidence.radio.observers.connections import ConnectionsObserver
from asepsis.evidence.radio.observers.devices import DevicesObserver
from asepsis.evidence.radio.observers.pairings import PairingsObserver

OBSERVERS: tuple[Callable[[Means], Observer], ...] = (
    PairingsObserver,
    ConnectionsObserver,
    AttributesObserver,
    AdvertisedObserver,
    DevicesObserver,
)
"""One file each; every recording gets new ones."""
