"""Wi-Fi networks in the settings of Zephyr devices (nRF7002, ESP32, i.MX RT), wherever they lie in a flash dump.

The settings subsystem keeps ``wifi_cred/<id>`` and a value, in any of its back ends (FCB, NVS, ZMS, a file), each with other frames around it. The
value is the same in all of them, a structure of ``subsys/net/lib/wifi_credentials``::

    0  type(4)   4  ssid[32]   36  length of the ssid(4)   40  flags(4), channel and time-out of newer versions   …  password[64 or 128]  length(4)

Little-endian. It is believed if the ssid and the password are text padded with NULs and both lengths are theirs, near such a name. Source: Zephyr 4.0
and nRF Connect SDK 2.2 to 2.9, ``wifi_credentials.h``, ``wifi_credentials_internal.h``.

Known ways it lies: an entry that was deleted stays until its sector is erased; with the back end of PSA Protected Storage the value is encrypted
and only a name of another form stands in the settings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.secrets import PASSPHRASE_MAX, PASSPHRASE_MIN, is_documentation, stored, wifi_form
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.limits import KIB
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret
from asepsis.model.secret import SecretKind

_NEAR = 16 * KIB
"""Bytes before and behind a name that are searched: a few sectors of flash."""
_MOST_NAMES = 64
_HEADER = re.compile(rb"(?=[\x01-\x10]\0\0\0([\x20-\x7e\x80-\xff][^\0]{0,31}\0{0,31})([\x01-\x20])\0\0\0)", re.DOTALL)
_SSID_BYTES, _HEADER_BYTES = 32, 40
_AFTER_HEADER = range(0, 28, 4)
_FIELDS = (64, 128)
_TEXT = re.compile(rb"[\x20-\x7e]+\Z")


@dataclass(frozen=True, slots=True)
class _Network:
    offset: int
    ssid: str
    password: str


class ZephyrSettingsReader:
    """Emits a :class:`StoredSecret` for each network; its subject is the SSID."""

    info = ReaderInfo(
        "zephyr_settings",
        "Wi-Fi networks in the settings of Zephyr devices",
        (StoredSecret,),
        ("Zephyr settings in any file",),
        ("a deleted entry stays until its sector is erased",),
    )
    patterns = (Pattern("wifi credentials", rb"wifi_cred/[\x21-\x7e\x80-\xff]", before=16, after=0),)

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Each network and password once."""
        confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.CONFIRMED
        seen: set[tuple[str, str]] = set()
        done = 0
        for match in matches[:_MOST_NAMES]:
            start, end = max(done, match.start - _NEAR), min(source.size, match.end + _NEAR)
            for network in _networks(bytes(source.buffer[start:end])):
                if (network.ssid, network.password) not in seen:
                    seen.add((network.ssid, network.password))
                    redacted = stored(source, SecretKind.WIFI, wifi_form(network.password), network.password)
                    where = source.where(offset=start + network.offset)
                    emit(StoredSecret(where, redacted, "zephyr-settings", network.ssid, "wifi_cred", confidence=confidence))
            done = max(done, end - _HEADER_BYTES - sum(_FIELDS))


def _networks(data: bytes) -> Iterator[_Network]:
    """Structures whose lengths are those of their texts."""
    for found in _HEADER.finditer(data):
        field, length = found.group(1), found.group(2)[0]
        ssid = field.rstrip(b"\0")
        if len(field) != _SSID_BYTES or len(ssid) != length or b"\0" in ssid:
            continue
        password = _password(data, found.start() + _HEADER_BYTES)
        if password:
            yield _Network(found.start(), ssid.decode("utf-8", "replace"), password)


def _password(data: bytes, start: int) -> str:
    """The password behind a header, or an empty string."""
    for offset in _AFTER_HEADER:
        for size in _FIELDS:
            at = start + offset
            field, length = data[at : at + size], int.from_bytes(data[at + size : at + size + 4], "little")
            text = field.rstrip(b"\0")
            if len(field) == size and PASSPHRASE_MIN <= length <= PASSPHRASE_MAX + 1 and len(text) == length and _TEXT.match(text):
                return text.decode("ascii")
    return ""
