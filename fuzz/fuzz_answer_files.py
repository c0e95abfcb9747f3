"""Fuzz the reader ``answer_files``: ``python fuzz/fuzz_answer_files.py`` (with atheris), or ``python fuzz/run.py answer_files``."""

from harness import file_target, main

from asepsis.evidence.readers.windows.answer_files import AnswerFilesReader

TestOneInput = file_target(AnswerFilesReader())

if __name__ == "__main__":
    main(TestOneInput)
