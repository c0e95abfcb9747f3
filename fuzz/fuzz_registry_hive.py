"""Fuzz the reader ``registry_hive``: ``python fuzz/fuzz_registry_hive.py`` (with atheris), or ``python fuzz/run.py registry_hive``."""

from harness import file_target, main
from tests.unit.evidence.hives import dword, hive, merged, path
from tests.unit.evidence.test_registry_hive import ORDINARY, a_service, account, system, users

from asepsis.evidence.readers.windows.registry_hive import RegistryHiveReader

TestOneInput = file_target(RegistryHiveReader(), "Windows/System32/config/SOFTWARE")
SEEDS = (
    hive(ORDINARY),
    hive(merged(ORDINARY, {"Classes": {"Big": {}}}), listed=b"ri", wide=True),
    hive(users(("000001F4", account("Administrator", b"n" * 20, b"l" * 20), 0x10))),
    hive(system(path(r"Control\Terminal Server", {"fDenyTSConnections": dword(0)}), a_service("TlntSvr", r"C:\tlntsvr.exe", 2))),
)

if __name__ == "__main__":
    main(TestOneInput)
