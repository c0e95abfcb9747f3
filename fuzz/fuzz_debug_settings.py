"""Fuzz the reader ``debug_settings``: ``python fuzz/fuzz_debug_settings.py`` (with atheris), or ``python fuzz/run.py debug_settings``."""

from harness import main, pattern_target

from asepsis.evidence.readers.programs.debug_settings import DebugSettingsReader

TestOneInput = pattern_target(DebugSettingsReader())
SEEDS = (b"JAVA_OPTS=-agentlib:jdwp=transport=dt_socket,server=y,address=*:8000\n", b"NODE_OPTIONS=--inspect=0.0.0.0:9229\n")

if __name__ == "__main__":
    main(TestOneInput)
