"""Credential stores whose bytes a text case cannot show: other encodings, binary files, very large ones."""

from __future__ import annotations

import plistlib
import time

import pytest

from asepsis.evidence.reader import Malformed
from asepsis.evidence.readers.network.android_wifi import AndroidWifiReader
from asepsis.evidence.readers.network.plist import PlistReader
from asepsis.evidence.readers.network.wlan_profile import WlanProfileReader
from tests.unit.evidence.reading import KEY, read_file, source_of

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


def test_a_binary_property_list_is_read_like_one_in_xml():
    inner = {"SSID_STR": "WARD", "Password": "binary secret", "n": 7}
    data = plistlib.dumps({"a": [inner, {"apiToken": b"0123456789"}]}, fmt=plistlib.FMT_BINARY)
    facts = read_file(PlistReader(), data, "x.plist")
    assert [(fact.subject, fact.key_name, fact.where.line) for fact in facts] == [("WARD", "Password", None), ("", "apiToken", None)]
    assert facts[0].secret.digest == KEY.redact(facts[0].secret.kind, facts[0].secret.form, "binary secret").digest


def test_a_binary_property_list_that_names_itself_over_and_over_ends_soon():
    """An array of arrays: each level names the next one twice, two to the power of forty leaves."""
    objects = [bytes([0xA2, n + 1, n + 1]) for n in range(40)] + [b"\xd0"]
    body, offsets = b"bplist00", []
    for item in objects:
        offsets.append(len(body))
        body += item
    table = len(body)
    data = body + bytes(offsets) + bytes(6) + bytes([1, 1]) + len(objects).to_bytes(8) + (0).to_bytes(8) + table.to_bytes(8)
    start = time.process_time()
    assert read_file(PlistReader(), data, "x.plist") == []
    assert time.process_time() - start < 5


@pytest.mark.parametrize("data", [b"bplist00", b"bplist00" + bytes(40), b"bplist00" + b"\xff" * 64])
def test_a_broken_binary_property_list_says_so(data: bytes):
    with pytest.raises(Malformed):
        PlistReader().read(source_of(data, "x.plist"), list[object]().append)
