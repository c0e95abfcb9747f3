"""Fuzz the decoder of HTTP: ``python fuzz/fuzz_wire_http.py`` (with atheris), or ``python fuzz/run.py wire_http``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_http import DIALOGUE, LOGINS
from wire_dialogue import MARK, dialogue_target, seed

from asepsis.evidence.wire.decoders.http import HttpDecoder

SEEDS = (seed(DIALOGUE), seed(LOGINS), seed(DIALOGUE[:1]) + MARK + b"M\0\0\1\0" + seed(LOGINS))
TestOneInput = dialogue_target(HttpDecoder())

if __name__ == "__main__":
    main(TestOneInput)
