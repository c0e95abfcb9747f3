"""Fuzz the reader ``wifi_strings``: ``python fuzz/fuzz_wifi_strings.py`` (with atheris), or ``python fuzz/run.py wifi_strings``."""

from harness import main, pattern_target

from asepsis.evidence.readers.embedded.wifi_strings import WifiStringsReader

TestOneInput = pattern_target(WifiStringsReader())

if __name__ == "__main__":
    main(TestOneInput)
