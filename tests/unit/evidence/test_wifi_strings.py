"""Wi-Fi passwords by the text around them."""

from __future__ import annotations

import pytest

from asepsis.evidence.readers.embedded.wifi_strings import WifiStringsReader
from asepsis.model.facts import Confidence, StoredSecret
from tests.unit.evidence.reading import KEY, search

SECRET = "Breathe-Deep-1"


@pytest.mark.parametrize(
    ("text", "subject", "confidence"),
    [
        (b'\0AT+CWJAP="ward 7","Breathe-Deep-1"\r\n\0', "ward 7", Confidence.LIKELY),
        (b'\0AT+CWJAP_DEF=\\"ward 7\\",\\"Breathe-Deep-1\\"\0', "ward 7", Confidence.LIKELY),
        (b'\0AT+CWSAP="pump","Breathe-Deep-1",5,3\0', "pump", Confidence.LIKELY),
        (b"\0set wlan phrase Breathe-Deep-1\r\0", "", Confidence.LIKELY),
        (b'\0{"ssid":"ward 7","password":"Breathe-Deep-1"}\0', "ward 7", Confidence.LIKELY),
        (b'{\n "wifi_ssid" : "ward 7",\n "dhcp": true,\n "wifi_psk" : "Breathe-Deep-1"\n}', "ward 7", Confidence.LIKELY),
        (b'#define WIFI_PASSWORD "Breathe-Deep-1"\n', "", Confidence.WEAK),
        (b'static const char wifi_pass[] = "Breathe-Deep-1";', "", Confidence.WEAK),
    ],
)
def test_a_password_is_found_by_what_stands_around_it(text: bytes, subject: str, confidence: Confidence):
    (found,) = search(WifiStringsReader(), text)
    assert isinstance(found, StoredSecret)
    assert (found.subject, found.confidence) == (subject, confidence)
    assert found.secret.digest == KEY.redact(found.secret.kind, found.secret.form, SECRET).digest


@pytest.mark.parametrize(
    "text",
    [
        b'AT+CWJAP="%s","%s"\r\n',
        b'AT+CWJAP="ward","short"',
        b'{"ssid":"a"},{"password":"Breathe-Deep-1"}',
        b'{"ssid":"a","password":""}',
        b'wifi_password: "Enter the password of your network"',
        b'"WIFI_PASSWORD": "Type what stands on the label."',
        b'getenv("WIFI_PASSWORD") "something"',
        b"set wlan phrase %s\r",
        b"wifi_pass=Breathe-Deep-1",
    ],
)
def test_format_strings_sentences_and_distance_say_nothing(text: bytes):
    assert search(WifiStringsReader(), text) == []


def test_an_example_is_kept_as_one_and_the_same_counts_once():
    (found,) = search(WifiStringsReader(), b'{"ssid":"a","password":"<your key>"} ' * 3)
    assert found.secret.placeholder == "example text"
