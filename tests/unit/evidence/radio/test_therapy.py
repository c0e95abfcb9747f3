"""A phone commands an insulin pump: what was said, how it was protected, what was obeyed."""

from __future__ import annotations

import struct

import pytest

from asepsis.model.facts import AttributeAccess, GattCharacteristic, RadioConnection, RadioDevice, RadioPairing, RepeatedCommand
from tests.unit.evidence.radio.made import (
    PHONE,
    PUMP,
    RECEIVED,
    SENT,
    Seen,
    att,
    btsnoop,
    connected,
    disconnected,
    discovered,
    enable_encryption,
    encrypted,
    indicated,
    own_address,
    paired,
    read,
    refused,
    request,
    response,
    session,
    told,
    write,
)

COMMANDS, DATA = 0x10, 0x13
PUMP_TABLE = discovered(0x183A, (COMMANDS, 0x28, 0x2B25), (DATA, 0x12, 0x2B21))
BOLUS = struct.pack("<HBBHH", 0x114B, 0, 0x33, 0x0123, 0)
DELIVERED = struct.pack("<HH", 0x1177, 1)


def test_a_bolus_in_clear_is_therapy_obeyed_without_encryption():
    seen = Seen(session(PUMP_TABLE, write(COMMANDS, BOLUS), indicated(COMMANDS, DELIVERED)))
    access = seen.one(AttributeAccess, operation="write")
    assert (access.device, access.peer, access.handle) == (PUMP, PHONE, COMMANDS)
    assert (access.service, access.characteristic, access.purpose) == ("183A", "2B25", "therapy")
    assert (access.command, access.answer, access.harmful) == ("Set Bolus", "success", True)
    assert (access.outcome, access.encrypted, access.times) == ("accepted", False, 1)
    assert access.where.packet == 9
    characteristic = seen.one(GattCharacteristic, characteristic="2B25")
    assert characteristic.write_in_clear is True
    assert characteristic.properties == ("write", "indicate")
    assert seen.one(RadioConnection).encrypted is False
    assert not seen.of(RadioPairing)
    device = seen.one(RadioDevice, address=PUMP)
    assert (device.kind, device.address_kind, device.role) == ("insulin-pump", "static random", "peripheral")
    assert seen.one(RadioDevice, address=PHONE).recorder
    assert not seen.problems


def test_a_bolus_that_is_refused_without_encryption_is_refused_and_never_repeated():
    seen = Seen(session(PUMP_TABLE, refused(COMMANDS, BOLUS, 0x05), refused(COMMANDS, BOLUS, 0x05)))
    access = seen.one(AttributeAccess)
    assert (access.outcome, access.error, access.command, access.times) == ("refused", "insufficient authentication", "Set Bolus", 2)
    characteristic = seen.one(GattCharacteristic, characteristic="2B25")
    assert characteristic.write_in_clear is False
    assert characteristic.asks_for == ("insufficient authentication",)
    assert not seen.of(RepeatedCommand)


def test_a_bolus_behind_just_works_is_encrypted_and_not_authenticated():
    seen = Seen(session(paired(request(), response()), PUMP_TABLE, write(COMMANDS, BOLUS), indicated(COMMANDS, DELIVERED)))
    access = seen.one(AttributeAccess, operation="write")
    assert (access.encrypted, access.authenticated, access.key_bits) == (True, False, 128)
    assert seen.one(GattCharacteristic, characteristic="2B25").write_unauthenticated is True
    pairing = seen.one(RadioPairing)
    assert (pairing.central, pairing.peripheral) == (PHONE, PUMP)
    assert (pairing.generation, pairing.method, pairing.outcome) == ("le legacy", "just works", "completed")
    assert (pairing.authenticated, pairing.stranger, pairing.crackable, pairing.bonded) == (False, True, True, True)
    assert pairing.keys == ("long-term key from the peripheral",)
    connection = seen.one(RadioConnection)
    assert (connection.encrypted, connection.authenticated, connection.by_stored_key) == (True, False, 0)


def test_a_bolus_with_a_passkey_is_authenticated():
    asks, answers = request(io=4, auth=0x05), response(io=0, auth=0x05)
    access = Seen(session(paired(asks, answers), PUMP_TABLE, write(COMMANDS, BOLUS))).one(AttributeAccess, operation="write")
    assert (access.encrypted, access.authenticated) == (True, True)


def test_what_is_said_before_and_after_encryption_begins_is_told_apart():
    seen = Seen(session(PUMP_TABLE, write(COMMANDS, BOLUS), enable_encryption(number=7), encrypted(), write(COMMANDS, BOLUS)))
    assert [access.encrypted for access in seen.of(AttributeAccess)] == [False, True]
    connection = seen.one(RadioConnection)
    assert (connection.by_stored_key, connection.stored_key) == (1, "le legacy")
    assert seen.one(RepeatedCommand).encrypted is False


def test_a_refused_encryption_leaves_the_link_in_clear():
    seen = Seen(session(enable_encryption(), encrypted(status=0x06), PUMP_TABLE, write(COMMANDS, BOLUS)))
    assert seen.one(AttributeAccess).encrypted is False
    connection = seen.one(RadioConnection)
    assert (connection.refused, connection.reason, connection.encrypted) == (1, "PIN or key missing", False)


def test_the_same_bytes_obeyed_in_two_connections_are_one_repeated_command():
    again = [connected(), *write(COMMANDS, BOLUS), indicated(COMMANDS, DELIVERED), disconnected()]
    seen = Seen(btsnoop(own_address(), connected(), PUMP_TABLE, write(COMMANDS, BOLUS), indicated(COMMANDS, DELIVERED), disconnected(), again))
    repeated = seen.one(RepeatedCommand)
    assert (repeated.times, repeated.accepted, repeated.connections, repeated.different) == (2, 2, 2, 1)
    assert (repeated.command, repeated.harmful, repeated.bytes) == ("Set Bolus", True, len(BOLUS))
    assert BOLUS.hex() not in repr(list(seen))


def test_a_repeat_that_the_pump_turns_down_is_not_accepted():
    refusal = struct.pack("<HHB", 0x0F55, 0x114B, 0x74)
    seen = Seen(session(PUMP_TABLE, write(COMMANDS, BOLUS), indicated(COMMANDS, DELIVERED), write(COMMANDS, BOLUS), indicated(COMMANDS, refusal)))
    repeated = seen.one(RepeatedCommand)
    assert (repeated.times, repeated.accepted) == (2, 1)
    assert {access.answer: access.times for access in seen.of(AttributeAccess) if access.operation == "write"} == {"success": 1, "result 0x74": 1}


def test_commands_that_differ_are_no_repeats():
    seen = Seen(session(PUMP_TABLE, *(write(COMMANDS, BOLUS + bytes((counter,))) for counter in range(3))))
    assert not seen.of(RepeatedCommand)


def test_readings_are_counted_and_never_kept():
    seen = Seen(session(PUMP_TABLE, *(told(DATA, b"\x51\x52\x53") for _ in range(4)), read(DATA, b"\x51\x52\x53")))
    access = seen.one(AttributeAccess, operation="notification")
    assert (access.times, access.purpose, access.outcome, access.encrypted) == (4, "readings", "told", False)
    assert seen.one(AttributeAccess, operation="read").outcome == "accepted"
    assert seen.one(GattCharacteristic, characteristic="2B21").told_in_clear is True
    assert "QRS" not in repr(list(seen))


def test_without_discovery_the_handle_is_told_and_its_characteristic_unknown():
    access = Seen(session(write(COMMANDS, BOLUS))).one(AttributeAccess)
    assert (access.handle, access.characteristic, access.service, access.purpose, access.command) == (COMMANDS, "", "", "", "")


def test_a_table_that_was_discovered_before_serves_later_connections():
    seen = Seen(btsnoop(own_address(), connected(), PUMP_TABLE, disconnected(), connected(), write(COMMANDS, BOLUS), disconnected()))
    assert seen.one(AttributeAccess).command == "Set Bolus"


def test_a_connection_from_before_the_log_is_of_unknown_encryption():
    seen = Seen(btsnoop(PUMP_TABLE, write(COMMANDS, BOLUS)))
    access = seen.one(AttributeAccess)
    assert (access.encrypted, access.device, access.peer) == (None, "", "")
    assert seen.one(RadioConnection).encrypted is None


def test_a_write_that_nobody_answers_has_no_answer():
    seen = Seen(session(PUMP_TABLE, write(COMMANDS, BOLUS)[:1]))
    assert seen.one(AttributeAccess).outcome == "no answer"
    assert not seen.of(RepeatedCommand)


def test_switching_notifications_on_twice_is_no_repeated_command():
    on = [*write(0x14, b"\x01\x00"), *write(0x14, b"\x01\x00")]
    assert not Seen(session(on)).of(RepeatedCommand)


def test_a_long_value_in_parts_is_one_write():
    def part(offset: int, value: bytes) -> list[tuple[int, bytes]]:
        body = struct.pack("<HH", COMMANDS, offset) + value
        return [att(SENT, b"\x16" + body), att(RECEIVED, b"\x17" + body)]

    execute = [att(SENT, b"\x18\x01"), att(RECEIVED, b"\x19")]
    seen = Seen(session(PUMP_TABLE, part(0, BOLUS[:4]), part(4, BOLUS[4:]), execute))
    access = seen.one(AttributeAccess)
    assert (access.operation, access.command, access.times) == ("write", "Set Bolus", 1)


@pytest.mark.parametrize("kind", [1001, 1002])
def test_both_kinds_of_hci_log_say_the_same(kind: int):
    pieces = [own_address(), connected(), *PUMP_TABLE, *write(COMMANDS, BOLUS), disconnected()]
    assert repr(list(Seen(btsnoop(*pieces, kind=kind)))) == repr(list(Seen(btsnoop(*pieces))))
