"""Fuzz the reader ``device_events``: ``python fuzz/fuzz_device_events.py`` (with atheris), or ``python fuzz/run.py device_events``."""

from harness import file_target, main

from asepsis.evidence.readers.update.device_events import DeviceEventsReader

TestOneInput = file_target(DeviceEventsReader())

if __name__ == "__main__":
    main(TestOneInput)
