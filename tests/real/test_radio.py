"""Real recordings of Bluetooth traffic beside what tshark and their publishers say of them."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import ClassVar

import pytest

from asepsis.evidence.radio import capture
from asepsis.evidence.radio.frame import Link
from asepsis.evidence.radio.look import Look
from asepsis.evidence.radio.observer import Observer, ObserverInfo
from asepsis.evidence.wire.notes import Notes
from asepsis.guard.limits import Limits
from asepsis.guard.redact import Redactor
from asepsis.model.facts import AttributeAccess, RadioConnection, RadioDevice, RadioPairing
from asepsis.model.where import Where
from tests.real.shared import DATA
from tests.unit.evidence.radio.made import Seen

FOLDER = DATA / "c_bluetooth" if DATA else None
pytestmark = [pytest.mark.real, pytest.mark.skipif(FOLDER is None, reason="the shared data are not here")]
PUMP = "pumpx2/tandem_tslim_2023_btsnoop_hci.log"
SECURE = "crackle/04_le_secure_connections__le_secure_connections.pcapng"
LEGACY = "crackle/01_crack__pairing_and_ltk_exchange.pcap"
STORED = "crackle/02_ltk_decrypt__known_ltk.pcap"


class Opcodes(Observer):
    """Counts operations of the Attribute Protocol."""

    info = ObserverInfo("opcodes", "Operations", (), attributes=True)
    seen: ClassVar[Counter[int]] = Counter()

    def attribute(self, link: Link, from_central: bool, pdu: bytes, number: int) -> None:
        self.seen[pdu[0]] += 1


def data(name: str) -> bytes:
    assert FOLDER is not None
    return (FOLDER / name).read_bytes()


def operations(name: str) -> dict[int, int]:
    Opcodes.seen.clear()
    look = Look(lambda _: Where("e1", name), Redactor(b"k" * 16), Limits(), lambda _: None, [Opcodes])
    look.frames(capture.frames(io.BytesIO(data(name)), look.complaints.broken, look.not_radio, Notes()))
    look.finish()
    return dict(Opcodes.seen)


def test_every_attribute_operation_of_the_pumps_log_is_counted_as_tshark_counted_it():
    assert FOLDER is not None
    truth = json.loads((FOLDER / "truth.json").read_text())[PUMP]["att_opcodes"]
    assert dict(Counter(operations(PUMP)) & Counter({int(code, 16): count for code, count in truth.items()})) == {
        int(code, 16): count for code, count in truth.items()
    }  # the truth names the most frequent ones


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
@pytest.mark.parametrize(("name", "sent_again"), [(PUMP, {}), (SECURE, {0x02: 1})])
def test_tshark_here_counts_the_same_but_for_what_was_sent_again(name: str, sent_again: dict[int, int]):
    assert FOLDER is not None
    command = ["tshark", "-r", str(Path(FOLDER) / name), "-Y", "btatt", "-T", "fields", "-e", "btatt.opcode"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert operations(name) == dict(Counter(int(code, 16) for line in said for code in line.split(",")) - Counter(sent_again))


def test_the_pumps_link_is_encrypted_from_a_stored_bond_and_no_pairing_is_in_the_log():
    seen = Seen(data(PUMP))
    connection = seen.one(RadioConnection)
    assert (connection.encrypted, connection.encrypted_times, connection.by_stored_key) == (True, 3, 3)
    assert not seen.of(RadioPairing)
    assert seen.one(RadioDevice, address=connection.peripheral).kind == "insulin-pump"
    assert all(access.encrypted for access in seen.of(AttributeAccess) if "write" in access.operation)
    assert not seen.problems


def test_the_pairing_that_can_be_broken_is_told_from_the_one_that_cannot():
    legacy, secure = Seen(data(LEGACY)).one(RadioPairing), Seen(data(SECURE)).one(RadioPairing)
    assert (legacy.generation, legacy.method, legacy.crackable) == ("le legacy", "just works", True)
    assert (secure.generation, secure.method, secure.crackable) == ("le secure connections", "just works", False)
    assert secure.where.packet == 57
    assert (secure.central_io, secure.peripheral_io, secure.key_bits) == ("NoInputNoOutput", "KeyboardDisplay", 128)


def test_a_key_from_an_earlier_pairing_is_known_by_its_number():
    connection = Seen(data(STORED)).one(RadioConnection)
    assert (connection.encrypted, connection.by_stored_key, connection.stored_key) == (True, 1, "le legacy")


@pytest.mark.parametrize("name", ["btsnoop_rs/btsnoop_btmon.log", "btsnoop_rs/btsnoop_hci_android.log"])
def test_files_made_to_test_readers_are_read_to_their_end(name: str):
    assert FOLDER is not None
    expected = json.loads((FOLDER / "truth.json").read_text())[name]
    seen = Seen(data(name))
    assert seen.traffic.packets == expected["protocol_frames"]["bluetooth"]
    assert not seen.problems
    assert {device.name for device in seen.of(RadioDevice)} >= set(expected["advertised_names"])
