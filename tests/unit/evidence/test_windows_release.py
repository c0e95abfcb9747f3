"""Every release is named as people write it, and the shipped table knows it."""

from __future__ import annotations

from datetime import date

import pytest

from asepsis.evidence.protocols.windows_release import release
from asepsis.knowledge.load import load

CASES = [
    (("Microsoft Windows XP", "5.1", 2600, ""), "Windows", "XP", date(2014, 4, 8)),
    (("Windows Embedded Standard", "6.1", 7601, "Embedded"), "Windows Embedded", "Standard 7", date(2020, 10, 13)),
    (("Windows Embedded POSReady 7", "6.1", 7601, "Embedded"), "Windows Embedded", "POSReady 7", date(2021, 10, 12)),
    (("Windows Embedded 8.1 Industry Enterprise", "6.3", 9600, ""), "Windows Embedded", "8.1 Industry", date(2023, 7, 11)),
    (("Windows 10 Enterprise 2016 LTSB", "6.3", 14393, "EnterpriseS"), "Windows", "10 2016 LTSC", date(2026, 10, 13)),
    (("Windows 10 IoT Enterprise LTSC", "6.3", 19044, "IoTEnterpriseS"), "Windows", "10 2021 IoT LTSC", date(2032, 1, 13)),
    (("Windows 10 Pro", "6.3", 19045, "Professional"), "Windows", "10 22H2", date(2025, 10, 14)),
    (("Windows 10 Enterprise", "6.3", 18363, "Enterprise"), "Windows", "10 1909 E", date(2022, 5, 10)),
    (("Windows 10 Pro", "6.3", 18363, "Professional"), "Windows", "10 1909", date(2021, 5, 11)),
    (("Windows 10 Enterprise", "6.3", 26100, "Enterprise"), "Windows", "11 24H2 E", date(2027, 10, 12)),
    (("", "10.0", 14393, ""), "Windows", "10.0.14393", date(2027, 1, 12)),
    (("Windows Server 2008 R2 Standard", "6.1", 7601, ""), "Windows Server", "2008 R2", date(2020, 1, 14)),
    (("Microsoft Windows Server 2003 R2", "5.2", 3790, ""), "Windows Server", "2003", date(2015, 7, 14)),
    (("Windows Server 2016 Standard", "6.3", 14393, "ServerStandard"), "Windows Server", "2016", date(2027, 1, 12)),
]


@pytest.mark.parametrize(("said", "name", "version", "ends"), CASES)
def test_the_end_of_support_of_every_release_is_known(said: tuple[str, str, int, str], name: str, version: str, ends: date):
    found = release(*said)
    assert found is not None
    assert (found.name, found.version) == (name, version)
    line = load().end_of_support(found.product, found.version)
    assert line is not None
    assert line.ends == ends


def test_what_is_newer_than_the_table_is_in_none():
    assert release("Windows Tomorrow Pro", "6.3", 99999, "Professional") is None
    assert release("Windows Server", "6.3", 99999, server=True) is None
