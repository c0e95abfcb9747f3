"""Fuzz the reader ``wifi_strings``: ``python fuzz/fuzz_wifi_strings.py`` (with atheris), or ``python fuzz/run.py wifi_strings``."""

from harness import main, pattern_target

from asepsis.evidence.readers.embedded.wifi_strings import WifiStringsReader

TestOneInput = pattern_target(WifiStringsReader())
SEEDS = (
    b'\0AT+CWJAP="ward 7","Breathe-Deep-1"\r\n\0AT+CWSAP="pump","Breathe-Deep-2",5,3\0',
    b'{\n "wifi_ssid" : "ward 7",\n "dhcp": true,\n "wifi_psk" : "Breathe-Deep-1"\n}',
    b'static const char wifi_pass[] = "Breathe-Deep-1";\0set wlan phrase Breathe-Deep-1\r\0',
)

if __name__ == "__main__":
    main(TestOneInput)
