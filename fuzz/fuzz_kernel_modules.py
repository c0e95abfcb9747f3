"""Fuzz the reader ``kernel_modules``: ``python fuzz/fuzz_kernel_modules.py`` (with atheris), or ``python fuzz/run.py kernel_modules``."""

from harness import file_target, main

from asepsis.evidence.readers.firmware.kernel_modules import KernelModulesReader

TestOneInput = file_target(KernelModulesReader(), "lib/modules/4.14.95/kernel/net/bluetooth/bluetooth.ko")
SEEDS = (b"\x7fELF\1\1\1" + bytes(9) + b"\1\0" + b"\0name=bluetooth\0vermagic=4.14.95 SMP\0depends=rfkill\0",)

if __name__ == "__main__":
    main(TestOneInput)
