"""Fuzz the reader ``scheduled_tasks``: ``python fuzz/fuzz_scheduled_tasks.py`` (with atheris), or ``python fuzz/run.py scheduled_tasks``."""

from harness import file_target, main

from asepsis.evidence.readers.windows.scheduled_tasks import ScheduledTasksReader

TestOneInput = file_target(ScheduledTasksReader())

if __name__ == "__main__":
    main(TestOneInput)
