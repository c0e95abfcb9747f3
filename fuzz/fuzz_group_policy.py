"""Fuzz the reader ``group_policy``: ``python fuzz/fuzz_group_policy.py`` (with atheris), or ``python fuzz/run.py group_policy``."""

from harness import file_target, main

from asepsis.evidence.readers.windows.group_policy import GroupPolicyReader

TestOneInput = file_target(GroupPolicyReader())

if __name__ == "__main__":
    main(TestOneInput)
