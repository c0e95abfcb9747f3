"""Fuzz the reader ``kernel_config``: ``python fuzz/fuzz_kernel_config.py`` (with atheris), or ``python fuzz/run.py kernel_config``."""

from harness import file_target, main

from asepsis.evidence.readers.firmware.kernel_config import KernelConfigReader

TestOneInput = file_target(KernelConfigReader(), "boot/config-4.14.95")
SEEDS = (b"# Linux/arm 4.14.95 Kernel Configuration\nCONFIG_BT=m\n# CONFIG_SMACK is not set\n",)

if __name__ == "__main__":
    main(TestOneInput)
