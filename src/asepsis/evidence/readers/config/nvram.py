"""NVRAM dumps of routers and modules: lists of ``name=value``, ended by newline or NUL.

Broadcom names networks by prefix (``wl0_ssid``, ``wl0_wpa_psk``, ``wl0.1_key2``), Ralink and MediaTek by number (``SSID1``, ``WPAPSK1``),
Realtek in capitals (``WLAN_SSID``, ``WLAN_WPA_PSK``). Whoever reads the flash chip has the list.

Known ways it lies: ``wl0_key=1`` is the index of a WEP key, not a key; a secret stays in the list when the network no longer uses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.nvram import secret_of
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.text import MAX_VALUE
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret

_PATH = re.compile(r"nvram[^/]*$|(?:ralink|RT\d{4}|mt76\d\d)[^/]*\.dat$", re.IGNORECASE)
_ITEM = re.compile(rb"(?:\A|[\0\n\xff])([A-Za-z0-9_][A-Za-z0-9_.:\-/]{0,63})=([^\0\n\xff]{0,4096})")
_WORDS = (b"_ssid=", b"lan_ifname=", b"SSID1=", b"WLAN_SSID=", b"nvram_version=", b"boardvendor=", b"os_name=", b"_proto=")
"""One of them is in every dump; looking for them is a hundred times faster than the expression."""
_KNOWN = re.compile(rb"(?:\A|[\0\n])(?:wl\d(?:\.\d+)?_ssid|lan_ifname|SSID1|WLAN_SSID|nvram_version|boardvendor|os_name|wan0?_proto)=")
_ENOUGH = 2


class NvramReader:
    """Emits one :class:`StoredSecret` for each secret; its subject is the SSID of the same network."""

    info = ReaderInfo(
        "nvram",
        "Secrets of NVRAM dumps",
        (StoredSecret,),
        ("name=value dumps of Broadcom, Ralink, MediaTek and Realtek",),
        ("wl0_key=1 is an index, not a key",),
    )
    signs = Signs(paths=(_PATH,), heads=(_KNOWN,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By names that only such dumps have; a file called nvram must at least hold an item."""
        known = len(_KNOWN.findall(head)) if any(word in head for word in _WORDS) else 0
        if _PATH.search(path) and _ITEM.search(head) and head[:4] != b"\x7fELF":
            return Sureness.YES
        return Sureness.MAYBE if known >= _ENOUGH else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Collect the items, then emit with the SSID that belongs to each."""
        items = list(_items(source.content()))
        names = {key: value for _, key, value in items}
        confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.CONFIRMED
        for line, key, value in items:
            secret = secret_of(source, source.where(line=line), key, value, names, confidence)
            if secret:
                emit(secret)


def _items(data: bytes) -> Iterator[tuple[int, str, str]]:
    """Line (items ended by NUL count as lines too), name and value."""
    text = data.replace(b"\r\n", b"\n").replace(b"\0", b"\n").replace(b"\xff", b"\n").decode("utf-8", "surrogateescape")
    for number, line in enumerate(text.split("\n"), 1):
        key, found, value = line.partition("=")
        if found and len(key) <= 64:  # noqa: PLR2004
            yield number, key, value.strip()[:MAX_VALUE]
