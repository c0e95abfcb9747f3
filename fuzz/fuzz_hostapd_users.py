"""Fuzz the reader ``hostapd_users``: ``python fuzz/fuzz_hostapd_users.py`` (with atheris), or ``python fuzz/run.py hostapd_users``."""

from harness import file_target, main

from asepsis.evidence.readers.network.hostapd_users import HostapdUsersReader

TestOneInput = file_target(HostapdUsersReader())

if __name__ == "__main__":
    main(TestOneInput)
