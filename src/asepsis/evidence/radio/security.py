"""Pairing and encryption of all links: what both ends say about it becomes the state that a link is in, and events that say what changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from asepsis.evidence.radio import smp
from asepsis.evidence.radio.events import ClassicPairing, Closed, Complain, Encryption, Event, Identity, KeyAsked, Opened, Secured, SmpSaid, Tell
from asepsis.evidence.radio.frame import Link, party
from asepsis.evidence.radio.links import Links
from asepsis.evidence.radio.pairing import Pairing

MOST_KEYS = 4_096
"""Pairs of devices whose key is remembered."""
_IDENTITY_LENGTH = 8


class _Key(NamedTuple):
    """What is known of the key of two devices."""

    authenticated: bool | None
    bits: int | None


class Security:
    """Takes events in, hands them on, and tells ``Paired`` and ``Secured`` besides."""

    def __init__(self, links: Links, tell: Tell, complain: Complain, full: Callable[[str], None]) -> None:
        """``tell`` takes every event, after the link's fields say what it says."""
        self._states, self._tell, self._complain, self._full = links, tell, complain, full
        self._pairings: dict[int, Pairing] = {}
        self._asked: dict[int, str] = {}
        self._keys: dict[tuple[str, str], _Key] = {}
        self._classic: dict[str, Link] = {}

    def see(self, event: Event) -> None:
        """Take in one event."""
        if isinstance(event, Opened) and event.link.transport == "br-edr":
            self._classic[event.link.other.address] = event.link
        if isinstance(event, Encryption):
            self._encryption(event)
            return
        self._tell(event)
        if isinstance(event, SmpSaid):
            self._said(event)
        elif isinstance(event, ClassicPairing):
            self._classic_step(event)
        elif isinstance(event, KeyAsked):
            pairing = self._pairings.get(event.link.number)
            self._asked[event.link.number] = "" if pairing and pairing.reached else event.stored
        elif isinstance(event, Closed):
            self._over(event.link)
            self._asked.pop(event.link.number, None)
            if event.link.transport == "br-edr":
                self._classic.pop(event.link.other.address, None)

    # ----- pairing

    def _said(self, event: SmpSaid) -> None:
        link = event.link
        if not event.pdu:
            self._complain(event.number, "a pairing message is empty")
            return
        code = event.pdu[0]
        if code == smp.SECURITY_REQUEST:
            return
        before = self._pairings.get(link.number)
        if before is None or (code == smp.REQUEST and before.request) or before.failed:
            self._over(link)
            before = self._pairings[link.number] = Pairing(link, event.number, event.time)
        if not before.takes(event.from_central, event.pdu):
            self._complain(event.number, "a pairing message is too short")
        if code == smp.IDENTITY and len(event.pdu) >= _IDENTITY_LENGTH:
            speaker = link.central if event.from_central else link.peripheral
            self._tell(Identity(event.number, event.time, speaker, party(event.pdu[2:8], random=bool(event.pdu[1] & 1))))

    def _classic_step(self, event: ClassicPairing) -> None:
        link = self._classic.get(event.peer)
        if link is None:
            return
        before = self._pairings.get(link.number)
        if before is None or (before.done and event.step in {"capabilities", "pin"}) or before.failed:
            self._over(link)
            before = self._pairings[link.number] = Pairing(link, event.number, event.time)
        before.takes_classic(event)

    def _over(self, link: Link) -> None:
        pairing = self._pairings.pop(link.number, None)
        if pairing is not None:
            self._tell(pairing.result())

    # ----- encryption

    def _encryption(self, event: Encryption) -> None:
        link, stored = event.link, ""
        if not event.error:
            if event.on:
                stored = self._with_key(link)
            link.encrypted = event.on
            link.key_bits = (event.key_bits or link.key_bits) if event.on else None
            if not event.on:
                link.authenticated = None
            self._states.settle(link)
        self._tell(event)
        self._tell(Secured(event.number, event.time, link, event.on, event.error, stored))

    def _with_key(self, link: Link) -> str:
        """Which key is in use now: one made on this link (nothing), or how the stored one was made."""
        ends = link.keys()
        pairing = self._pairings.get(link.number)
        if pairing is not None and not pairing.failed and (pairing.reached or pairing.done) and not self._asked.get(link.number):
            pairing.encrypting = True
            made = pairing.result()
            link.authenticated, link.key_bits = made.authenticated, made.key_bits
            if len(self._keys) < MOST_KEYS or ends in self._keys:
                self._keys[ends] = _Key(link.authenticated, link.key_bits)
            else:
                self._full(f"pairings: keys of more than {MOST_KEYS} pairs of devices")
            return ""
        if link.encrypted:
            return ""
        known = self._keys.get(ends)
        if known is not None:
            link.authenticated, link.key_bits = known
        return self._asked.get(link.number) or "unknown"
