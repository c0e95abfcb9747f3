"""How two devices pair, by the Core specification's tables, and what is said of it."""

from __future__ import annotations

import struct

import pytest

from asepsis.evidence.radio import smp
from asepsis.model.facts import RadioConnection, RadioPairing
from tests.unit.evidence.radio.made import (
    PHONE,
    PUMP,
    RECEIVED,
    SENT,
    Seen,
    btsnoop,
    command,
    connected,
    disconnected,
    encrypted,
    event,
    own_address,
    paired,
    raw,
    request,
    response,
    session,
)
from tests.unit.evidence.radio.made import smp as said

JUST_WORKS, PASSKEY, COMPARISON = "just works", "passkey", "numeric comparison"
LEGACY = (
    (JUST_WORKS, JUST_WORKS, PASSKEY, JUST_WORKS, PASSKEY),
    (JUST_WORKS, JUST_WORKS, PASSKEY, JUST_WORKS, PASSKEY),
    (PASSKEY, PASSKEY, PASSKEY, JUST_WORKS, PASSKEY),
    (JUST_WORKS,) * 5,
    (PASSKEY, PASSKEY, PASSKEY, JUST_WORKS, PASSKEY),
)
"""Table 2.8 of volume 3, part H, for legacy pairing: rows the responder's, columns the initiator's capabilities, in the order of their numbers."""
SECURE = (
    LEGACY[0],
    (JUST_WORKS, COMPARISON, PASSKEY, JUST_WORKS, COMPARISON),
    LEGACY[2],
    LEGACY[3],
    (PASSKEY, COMPARISON, PASSKEY, JUST_WORKS, COMPARISON),
)


@pytest.mark.parametrize(("table", "auth"), [(LEGACY, 0x05), (SECURE, 0x0D)])
@pytest.mark.parametrize("responder", range(5))
@pytest.mark.parametrize("initiator", range(5))
def test_the_method_follows_from_what_both_sides_can_do(table: tuple[tuple[str, ...], ...], auth: int, responder: int, initiator: int):
    _, method, authenticated = smp.le_method(bytes((initiator, 0, auth)), bytes((responder, 0, auth)))
    assert method == table[responder][initiator]
    assert authenticated is (method != JUST_WORKS)


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ((4, 0, 0x01), (4, 0, 0x01), ("le legacy", JUST_WORKS)),  # nobody asks for protection
        ((4, 1, 0x01), (4, 1, 0x01), ("le legacy", "out of band")),
        ((4, 1, 0x05), (4, 0, 0x05), ("le legacy", PASSKEY)),  # legacy needs the data on both sides
        ((4, 1, 0x09), (4, 0, 0x09), ("le secure connections", "out of band")),
        ((4, 0, 0x0D), (4, 0, 0x05), ("le legacy", PASSKEY)),  # Secure Connections only if both have it
    ],
)
def test_what_is_asked_for_and_out_of_band_data_decide_first(one: tuple[int, ...], two: tuple[int, ...], expected: tuple[str, str]):
    assert smp.le_method(bytes(one), bytes(two))[:2] == expected


def test_short_keys_and_no_bond_are_said():
    pairing = Seen(session(paired(request(size=7, auth=0), response(size=16)))).one(RadioPairing)
    assert (pairing.key_bits, pairing.bonded, pairing.central_io, pairing.asked_authentication) == (56, False, "NoInputNoOutput", False)


def test_a_failed_pairing_says_why_and_leaves_nothing_open():
    failed = [said(SENT, request()), said(RECEIVED, response()), said(RECEIVED, b"\x05\x04")]
    pairing = Seen(session(failed)).one(RadioPairing)
    assert (pairing.outcome, pairing.reason, pairing.stranger, pairing.crackable) == ("failed", "confirm value failed", False, False)


def test_a_pairing_whose_end_was_not_recorded_is_not_completed():
    pairing = Seen(session([said(SENT, request()), said(RECEIVED, response())])).one(RadioPairing)
    assert (pairing.outcome, pairing.method, pairing.stranger) == ("not seen", JUST_WORKS, False)


def test_a_pairing_without_its_beginning_is_of_no_known_method():
    pairing = Seen(session([said(SENT, b"\x04" + b"r" * 16), encrypted()])).one(RadioPairing)
    assert (pairing.generation, pairing.method, pairing.authenticated, pairing.outcome) == ("", "", None, "completed")


def test_the_published_debug_key_is_known():
    key = b"\x0c" + smp.DEBUG_KEY + b"Y" * 32
    pieces = [said(SENT, request(auth=0x09)), said(RECEIVED, response(auth=0x09)), said(SENT, key), said(RECEIVED, b"\x0c" + b"x" * 64)]
    pairing = Seen(session(pieces)).one(RadioPairing)
    assert pairing.debug_key
    assert pairing.generation == "le secure connections"


def test_no_key_leaves_a_recording():
    text = repr(list(Seen(session(paired(request(), response())))))
    assert all(secret not in text for secret in ("KKKK", "EEEE", "rrrr", "cccc", (b"K" * 16).hex(), (b"\xaa" * 16).hex()))


def test_the_same_pairing_twice_is_one_fact():
    once = [connected(), *paired(request(), response()), disconnected()]
    seen = Seen(btsnoop(own_address(), once, once))
    assert seen.one(RadioPairing).times == 2
    assert seen.one(RadioConnection).times == 2


def test_a_bond_made_in_the_recording_says_later_how_it_is_authenticated():
    first = [connected(), *paired(request(io=4, auth=0x05), response(io=0, auth=0x05)), disconnected()]
    seen = Seen(btsnoop(own_address(), first, connected(), encrypted(), disconnected()))
    connection = seen.one(RadioConnection)
    assert (connection.encrypted_times, connection.by_stored_key, connection.authenticated) == (2, 1, True)


def classic(own: tuple[int, int, int], peer: tuple[int, int, int], key: int) -> list[tuple[int, bytes]]:
    return [
        command(0x0405, raw(PUMP) + bytes(7)),
        event(0x03, struct.pack("<BH", 0, 0x0B) + raw(PUMP) + b"\x01\x00"),
        command(0x042B, raw(PUMP) + bytes(own)),
        event(0x32, raw(PUMP) + bytes(peer)),
        event(0x36, b"\x00" + raw(PUMP)),
        event(0x18, raw(PUMP) + b"L" * 16 + bytes((key,))),
        encrypted(0x0B),
        disconnected(0x0B),
    ]


@pytest.mark.parametrize(
    ("own", "peer", "key", "expected"),
    [
        ((1, 0, 2), (3, 0, 2), 4, ("br-edr simple pairing", JUST_WORKS, False)),
        ((1, 0, 3), (1, 0, 3), 5, ("br-edr simple pairing", COMPARISON, True)),
        ((1, 0, 3), (1, 0, 3), 8, ("br-edr secure connections", COMPARISON, True)),
        ((2, 0, 5), (0, 0, 4), 5, ("br-edr simple pairing", PASSKEY, True)),
    ],
)
def test_pairing_over_br_edr(own: tuple[int, int, int], peer: tuple[int, int, int], key: int, expected: tuple[str, str, bool]):
    seen = Seen(btsnoop(own_address(), classic(own, peer, key)))
    pairing = seen.one(RadioPairing)
    assert (pairing.generation, pairing.method, pairing.authenticated) == expected
    assert (pairing.central, pairing.peripheral, pairing.outcome) == (PHONE, PUMP, "completed")
    assert seen.one(RadioConnection).transport == "br-edr"
    assert "LLLL" not in repr(list(seen))


def test_a_pin_is_told_and_never_kept():
    pieces = classic((1, 0, 2), (3, 0, 2), 0)
    pieces[2:5] = [command(0x040D, raw(PUMP) + b"\x041234" + bytes(12))]
    seen = Seen(btsnoop(own_address(), pieces))
    assert (seen.one(RadioPairing).generation, seen.one(RadioPairing).method) == ("br-edr pin", "pin")
    assert "1234" not in repr(list(seen))
