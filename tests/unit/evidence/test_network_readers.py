"""Credential stores whose bytes a text case cannot show: other encodings, binary files, very large ones."""

from __future__ import annotations

import pytest

from asepsis.evidence.readers.network.android_wifi import AndroidWifiReader
from asepsis.evidence.readers.network.wlan_profile import WlanProfileReader
from tests.unit.evidence.reading import KEY, read_file

PROFILE = """<?xml version="1.0" encoding="UTF-16"?>
<WLANProfile><SSIDConfig><SSID><name>W\u00e4rd</name></SSID></SSIDConfig>
<sharedKey><protected>false</protected><keyMaterial>p\u00e4ssphrase</keyMaterial></sharedKey></WLANProfile>"""


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-8", "utf-8-sig"])
def test_a_windows_profile_is_read_in_every_encoding(codec: str):
    (fact,) = read_file(WlanProfileReader(), PROFILE.encode(codec), "x.bin")
    assert fact.subject == "W\u00e4rd"
    assert fact.where.line == 3
    assert fact.secret.digest == KEY.redact(fact.secret.kind, fact.secret.form, "p\u00e4ssphrase").digest


def test_very_many_profiles_and_networks_are_all_read():
    profile = "<WLANProfile><sharedKey><keyMaterial>secret-{0}</keyMaterial></sharedKey></WLANProfile>\n"
    text = "<all>" + "".join(profile.format(n) for n in range(5000)) + "</all>"
    assert len(read_file(WlanProfileReader(), text.encode(), "x.xml")) == 5000
    network = "<Network><string name='PreSharedKey'>secret-{0}</string></Network>\n"
    text = "<WifiConfigStoreData>" + "".join(network.format(n) for n in range(5000)) + "</WifiConfigStoreData>"
    assert len(read_file(AndroidWifiReader(), text.encode(), "x.xml")) == 5000
