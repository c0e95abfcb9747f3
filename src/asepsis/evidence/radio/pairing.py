"""One pairing as it goes on: what both sides said so far, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from asepsis.evidence.radio import smp
from asepsis.evidence.radio.events import ClassicPairing, Paired
from asepsis.evidence.radio.frame import Link

_BODY = 6
_SIDES = ("central", "peripheral")


@dataclass(slots=True)
class Pairing:
    """``number`` and ``time`` are of its first message. ``encrypting`` that its key is in use, ``over`` that nothing more belongs to it."""

    link: Link
    number: int
    time: int
    request: bytes = b""
    response: bytes = b""
    classic: list[tuple[int, int, int] | None] = field(default_factory=lambda: [None, None])
    pin: bool = False
    key_type: int | None = None
    keys: set[str] = field(default_factory=set)
    reached: bool = False
    encrypting: bool = False
    failed: str = ""
    done: bool = False
    debug_key: bool = False

    def takes(self, from_central: bool, pdu: bytes) -> bool:
        """Take in one message of the Security Manager; False if it is too short for what it is."""
        code, body = pdu[0], pdu[1:]
        if code == smp.REQUEST:
            self.request = body
        elif code == smp.RESPONSE:
            self.response = body
        elif code in {smp.RANDOM, smp.DHKEY_CHECK}:
            self.reached = True
        elif code == smp.FAILED:
            self.failed = smp.failure(body[0] if body else 0)
        elif code == smp.PUBLIC_KEY:
            self.debug_key = self.debug_key or body.startswith(smp.DEBUG_KEY)
        elif code in smp.KEYS:
            self.keys.add(f"{smp.KEYS[code]} from the {_SIDES[not from_central]}")
        return len(body) >= _BODY or code not in {smp.REQUEST, smp.RESPONSE}

    def takes_classic(self, said: ClassicPairing) -> None:
        """Take in one step of pairing over BR/EDR."""
        if said.step == "capabilities":
            self.classic[not said.own] = (said.io, said.oob, said.auth)
        elif said.step == "pin":
            self.pin = True
        elif said.step == "done":
            self.done, self.failed = not said.status, smp.error(said.status) if said.status else ""
        elif said.step == "key":
            self.key_type, self.done = said.key_type, True
            self.debug_key = said.key_type == smp.DEBUG_LINK_KEY

    def result(self) -> Paired:
        """What is known of it now."""
        classic = any(self.classic) or self.pin or self.key_type is not None
        known = self._classic() if classic else self._le()
        outcome = "failed" if self.failed else "completed" if self.done or self.encrypting else "not seen"
        return Paired(self.number, self.time, self.link, outcome=outcome, reason=self.failed, debug_key=self.debug_key, **known)

    def _le(self) -> dict[str, Any]:
        known: dict[str, Any] = {"keys": tuple(sorted(self.keys)), "generation": ""}
        request, response = self.request, self.response
        known["io"] = tuple(smp.io_name(body[0]) if body else "" for body in (request, response))
        if len(request) < _BODY or len(response) < _BODY:
            return known
        generation, method, authenticated = smp.le_method(request, response)
        return known | {
            "generation": generation,
            "method": method,
            "authenticated": authenticated,
            "bonded": bool(request[2] & response[2] & smp.BONDING),
            "key_bits": min(request[3], response[3]) * 8,
            "asked": bool((request[2] | response[2]) & smp.MITM),
        }

    def _classic(self) -> dict[str, Any]:
        own, peer = self.classic
        known: dict[str, Any] = {"generation": smp.CLASSIC_PIN if self.pin else smp.CLASSIC_SIMPLE, "method": smp.PIN if self.pin else ""}
        if own and peer:
            sides = (own, peer) if self.link.recorder_is_central else (peer, own)
            method = smp.classic_method(*sides)
            known |= {
                "method": method,
                "authenticated": method != smp.JUST_WORKS,
                "bonded": bool((own[2] | peer[2]) & 6),
                "asked": bool((own[2] | peer[2]) & 1),
                "io": tuple(smp.io_name(side[0]) for side in sides),
            }
        if self.key_type is not None:
            generation, authenticated = smp.link_key(self.key_type)
            known["generation"] = generation or known["generation"]
            known["authenticated"] = authenticated
            if authenticated is False:
                known["method"] = smp.JUST_WORKS
        return known
