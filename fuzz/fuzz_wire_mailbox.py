"""Fuzz the decoder of POP3 and IMAP: ``python fuzz/fuzz_wire_mailbox.py`` (with atheris), or ``python fuzz/run.py wire_mailbox``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_mailbox import IMAP, POP3
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.mailbox import MailboxDecoder

SEEDS = seeds(POP3, IMAP)
TestOneInput = decoder_target(MailboxDecoder())

if __name__ == "__main__":
    main(TestOneInput)
