"""Several devices prove with the same key who they are.

## What it finds

One key, of TLS or SSH, that servers at several addresses inside were seen to prove themselves with.

## Why it matters for a patient

Whoever takes the key out of one unit, or out of its software, poses as all of them: a technician types his password
into the wrong machine, and an order goes to an impostor.

## How it decides

Keys are compared by their keyed digest. One that was shown at two addresses or more of the same kind (IPv4 or IPv6)
is a finding; that these are several devices is an assumption, unless their hardware addresses were seen to differ.
Where the private half lies in the software that was given too, that is said.

## When it stays silent

A key at one address, whatever the ports; addresses of the internet, where many servers stand behind one name;
addresses that were seen to be of one network card; an IPv4 and an IPv6 address, which one device may have.

## When it cannot tell

TLS 1.3 encrypts certificates. When no traffic was given.

## References

CWE-321, CWE-1394, CAPEC-94, ATT&CK T0830, ICSMA-20-023-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.own_certificates import is_inside
from asepsis.findings.rule import Context, Facts, Found, Outcome, RuleInfo, found
from asepsis.findings.witness import shown
from asepsis.findings.words import PROPOSAL, listed, place
from asepsis.model.facts import Confidence, NetworkDevice, PrivateKey, ShownKey
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="key_shared_by_devices",
    title="Same key in several devices",
    summary="Whoever has the key of one device can pose as the others.",
    weakness=Weakness.PRIVATE_KEY_SHIPPED,
    cwe=(321, 1394),
    needs=(ShownKey,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-321", "CWE-1394", "CAPEC-94", "ATT&CK T0830", "ICSMA-20-023-01"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every key that more than one device showed."""
    cards = {one.address: one.hardware for one in facts.of(NetworkDevice) if one.hardware}
    holders: dict[tuple[str, bool], dict[str, ShownKey]] = {}
    for key in facts.of(ShownKey):
        address = _address(key)
        if is_inside(key.server) and not _is_loopback(address):
            holders.setdefault((key.digest, ":" in address), {}).setdefault(address, key)
    for (digest, _), keys in sorted(holders.items()):
        different = {cards.get(address, address) for address in keys}
        if len(different) > 1:
            yield _shared(facts, digest, keys, told_apart=all(address in cards for address in keys))


def _shared(facts: Facts, digest: str, keys: dict[str, ShownKey], *, told_apart: bool) -> Found:
    first = next(iter(keys.values()))
    stored = [one for one in facts.of(PrivateKey) if one.secret.digest == digest]
    certainty, words = shown(facts, first.where)
    addresses = listed(sorted(keys), most=8)
    return found(
        INFO,
        subject=f"{first.service} key {digest}",
        title=f"{len(keys)} devices prove with the same {first.service.upper()} key who they are: {addresses}",
        certainty=certainty,
        confidence=Confidence.CONFIRMED if told_apart else Confidence.LIKELY,
        locations=[key.where for key in keys.values()],
        claims=(),
        shown_by=[words],
        facts=[
            f"{first.algorithm}{f' {first.bits} bits' * bool(first.bits)}, digest {digest}",
            *(f"its private half lies in the software: {place(one.where)}" for one in stored[:1]),
        ],
        assumes=() if told_apart else [f"{addresses} are taken to be several devices, not one with several addresses {PROPOSAL}"],
    )


def _address(key: ShownKey) -> str:
    return key.server.rpartition(":")[0].strip("[]")


def _is_loopback(address: str) -> bool:
    return address.startswith("127.") or address == "::1"
