"""Fuzz what takes packets apart, of every link type: ``python fuzz/fuzz_wire_packets.py`` (with atheris), or ``python fuzz/run.py wire_packets``."""

from harness import EMITTED, main
from tests.unit.evidence.wire.both_ways import told_alike
from tests.unit.evidence.wire.test_internet import SAMPLES
from tests.unit.evidence.wire.test_link import FRAMES
from tests.unit.evidence.wire.test_quick import dialogue, one_second
from wire_frames import CAPTURES, all_records

from asepsis.evidence.wire.internet import Datagram, Internet
from asepsis.evidence.wire.packet import Record

LINKS = (0, 1, 9, 12, 50, 51, 101, 104, 105, 108, 113, 119, 127, 163, 192, 276)
SECOND, LARGEST_DATAGRAM = 1_000_000_000, 65_535
DIALOGUE = tuple(dialogue(1))
SEEDS = (
    *CAPTURES,
    *(b"\x01" + one for one in DIALOGUE),
    *(bytes([LINKS.index(link)]) + frame for link, frame in FRAMES),
    *(b"\x01" + frame for frame in SAMPLES),
)


def TestOneInput(data: bytes) -> None:  # noqa: N802 - atheris calls it so
    """A capture, or a frame of the link type that its first byte names; the frame comes twice, so that fragments meet.

    Within a conversation the frame comes to the same by the short way and by the long one.
    """
    internet = Internet(lambda packet, what: _check(packet > 0 and what.isprintable()))
    for record in all_records(data):
        _look(internet.packet(record), record)
    if data:
        frame = data[1:]
        for number, part in enumerate((frame, frame[: len(frame) // 2], frame), 1):
            record = Record(number, number * SECOND, LINKS[data[0] % len(LINKS)], part, len(frame))
            _look(internet.packet(record), record)
    internet.finish()
    told_alike(one_second([*DIALOGUE[:5], data[1:], *DIALOGUE[5:]]))
    _check(all(why for why in internet.not_understood))


def _look(datagram: Datagram | None, record: Record) -> None:
    if datagram is None:
        return
    EMITTED["Datagram"] += 1
    _check(len(datagram.source) == len(datagram.destination) and len(datagram.source) in {4, 16})
    _check(len(datagram.payload) <= LARGEST_DATAGRAM or len(datagram.payload) <= len(record.data))
    _check(datagram.length >= len(datagram.payload) if not datagram.captured_whole else datagram.length == len(datagram.payload))


def _check(promise: bool) -> None:
    assert promise


if __name__ == "__main__":
    main(TestOneInput)
