"""Fuzz the reader ``mail_relay``: ``python fuzz/fuzz_mail_relay.py`` (with atheris), or ``python fuzz/run.py mail_relay``."""

from harness import file_target, main

from asepsis.evidence.readers.network.mail_relay import MailRelayReader

TestOneInput = file_target(MailRelayReader())

if __name__ == "__main__":
    main(TestOneInput)
