"""Places where secrets are examples."""

from __future__ import annotations

import pytest

from asepsis.evidence.protocols.secrets import is_documentation


@pytest.mark.parametrize(
    "path",
    [
        "usr/share/doc/wpasupplicant/wpa_supplicant.conf",
        "usr/share/man/man5/wpa_supplicant.conf.5.gz!wpa_supplicant.conf.5",
        "lib/python3/test/certdata/ssl_key.pem",
        "opt/x/README.md",
        "opt/x/NEWS.Debian.gz!NEWS.Debian",
        "opt/x/copyright",
        "etc/hostapd.conf.example",
    ],
)
def test_examples_are_known_by_their_place(path):
    assert is_documentation(path)


@pytest.mark.parametrize(
    "path",
    [
        "etc/wpa_supplicant.conf",
        "docs/image.bin!etc/shadow",
        "tests/update.tar.gz!etc/shadow",
        "etc/newsletter.conf",
        "etc/passwd.gz!passwd",
        "opt/faqd/faqd.conf",
        "srv/copyrighted",
    ],
)
def test_what_a_device_uses_is_none(path):
    assert not is_documentation(path)
