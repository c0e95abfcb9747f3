"""Fuzz the reader ``ftp_users``: ``python fuzz/fuzz_ftp_users.py`` (with atheris), or ``python fuzz/run.py ftp_users``."""

from harness import file_target, main

from asepsis.evidence.readers.network.ftp_users import FtpUsersReader

TestOneInput = file_target(FtpUsersReader())

if __name__ == "__main__":
    main(TestOneInput)
