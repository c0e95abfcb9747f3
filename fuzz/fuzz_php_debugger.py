"""Fuzz the reader ``php_debugger``: ``python fuzz/fuzz_php_debugger.py`` (with atheris), or ``python fuzz/run.py php_debugger``."""

from harness import file_target, main

from asepsis.evidence.readers.programs.php_debugger import PhpDebuggerReader

TestOneInput = file_target(PhpDebuggerReader())

if __name__ == "__main__":
    main(TestOneInput)
