"""Fuzz the reader ``vxworks_services``: ``python fuzz/fuzz_vxworks_services.py`` (with atheris), or ``python fuzz/run.py vxworks_services``."""

from harness import main, pattern_target

from asepsis.evidence.readers.programs.vxworks_services import VxworksServicesReader

TestOneInput = pattern_target(VxworksServicesReader())
SEEDS = (b"\0VxWorks 6.9\0tWdbTask\0tTelnetd\0VxWorks login: \0_wdbConfig\0wdbInit\0",)

if __name__ == "__main__":
    main(TestOneInput)
