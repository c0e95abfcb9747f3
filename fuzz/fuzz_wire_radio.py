"""Fuzz what takes recorded radio traffic apart: ``python fuzz/fuzz_wire_radio.py`` (with atheris), or ``python fuzz/run.py wire_radio``."""

import struct

from harness import EMITTED, main
from tests.unit.evidence.radio.made import (
    RECEIVED,
    Seen,
    ad,
    advertising,
    btsnoop,
    connected,
    discovered,
    encrypted,
    indicated,
    own_address,
    paired,
    request,
    response,
    session,
    told,
    write,
)
from tests.unit.evidence.radio.test_air import capture, conversation
from tests.unit.evidence.radio.test_formats import FORMATS
from tests.unit.evidence.radio.test_pairing import classic

TABLE = discovered(0x183A, (0x10, 0x28, 0x2B25), (0x13, 0x12, 0x2B21))
SEEDS = (
    *FORMATS.values(),
    session(paired(request(), response()), TABLE, write(0x10, b"\x4b\x11" * 4), indicated(0x10, b"\x77\x11\x01\x00"), told(0x13, b"abc")),
    btsnoop(own_address(), connected(), TABLE, write(0x10, b"\x4b\x11"), encrypted(), write(0x10, b"\x4b\x11")),
    btsnoop(own_address(), classic((1, 0, 3), (1, 0, 3), 8)),
    btsnoop(
        advertising(ad(0x09, b"Pump") + ad(0x03, b"\x3a\x18") + ad(0xFF, b"\xf9\x01data")),
        (RECEIVED, b"\x04\x0e\x04" + struct.pack("<BHB", 1, 0x1009, 0)),
    ),
    *(capture(conversation(), link) for link in (251, 256, 272, 192)),
)


def TestOneInput(data: bytes) -> None:  # noqa: N802 - atheris calls it so
    """Nothing fails, nothing is told that cannot be printed, and no more is understood than there is."""
    seen = Seen(data)
    assert not [problem for problem in seen.problems if problem.cause == "our-bug"], seen.problems
    assert all(problem.what.isprintable() for problem in seen.problems)
    assert 0 <= seen.traffic.understood <= seen.traffic.packets
    for fact in seen:
        EMITTED[type(fact).__name__] += 1


if __name__ == "__main__":
    main(TestOneInput)
