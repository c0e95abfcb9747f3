"""The non-volatile storage (NVS) of ESP32 and ESP8266 devices, wherever it lies in a flash dump: Wi-Fi passwords and the application's own secrets.

Pages are found by their header and believed if its checksum is right (:mod:`asepsis.evidence.protocols.nvs_pages` draws them). The Wi-Fi driver
keeps its network in namespace ``nvs.net80211``: ``sta.ssid`` and ``ap.ssid`` (four bytes of length, then the name), ``sta.pswd`` and ``ap.passwd``
(65 bytes of text), ``sta.pmk`` (the derived key). Applications have namespaces of their own. The partition table (``AA 50`` entries, usually at
8000) tells partitions apart. Sources: ESP-IDF Programming Guide, "Non-Volatile Storage Library" and "Partition Tables", 4.4 to 5.3.

Known ways it lies: an erased entry can still be read, so a password that was changed or deleted is still there; with NVS encryption the page
headers stay readable and every entry looks broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols import key_names
from asepsis.evidence.protocols.nvs_pages import BLOB, CHUNK, PAGE_BYTES, STRING, Item, Page, items, partitions, read_page
from asepsis.evidence.protocols.secrets import is_documentation, stored, wifi_form
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo, Sealed
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret
from asepsis.model.secret import Redacted, SecretForm, SecretKind

_PAGE = rb"[\xfe\xfc\xf8]\xff\xff\xff.{4}[\xfe\xff]\xff{19}.{4}"
_TABLE = rb"\xaa\x50\x01\x02.{24}"
_MOST_PAGES = 4096
"""16 MiB of them: more than any flash chip of these devices holds."""
_WIFI_DRIVER = "nvs.net80211"
_PASSPHRASES = {"sta.pswd": "sta.ssid", "ap.passwd": "ap.ssid", "sta.pmk": "sta.ssid", "ap.pmk": "ap.ssid"}
_KEY_BYTES = frozenset({16, 24, 32, 64})
_LONGEST = 512
"""Bytes of a value that may be a password; a PEM key is found by its own reader."""
_TEXT = re.compile(rb"[\x20-\x7e\x80-\xff]+")


class EspNvsReader:
    """Emits a :class:`StoredSecret` for each secret; its subject is the SSID, the user name or the namespace."""

    info = ReaderInfo(
        "esp_nvs",
        "Secrets in the non-volatile storage of ESP32 devices",
        (StoredSecret,),
        ("ESP-IDF NVS partitions in any file",),
        ("erased entries can still be read", "encrypted partitions keep readable page headers"),
    )
    patterns = (Pattern("nvs page", _PAGE, before=32, after=0), Pattern("nvs partition", _TABLE, before=28, after=0))

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Partition by partition. Raises ``Sealed`` for encrypted ones, ``Malformed`` for wrong checksums, both after everything readable."""
        pages = list(_pages(source, matches))
        areas = list(_areas(source, matches))
        troubles = [_read(source, part, emit) for part in partitions(pages, (start for start, _ in areas))]
        starts = [page.offset for page in pages]
        troubles += [_unread(source, start, end) for start, end in areas if not any(start <= at < end for at in starts)]
        for trouble in sorted(filter(None, troubles), key=lambda trouble: not isinstance(trouble, Sealed)):
            raise trouble


def _pages(source: BoundedSource, matches: Sequence[Match]) -> Iterator[Page]:
    starts = [match.start for match in matches if match.pattern == "nvs page"]
    for start in starts[:_MOST_PAGES]:
        page = read_page(bytes(source.buffer[start : start + PAGE_BYTES]), start)
        if page:
            yield page
    if len(starts) > _MOST_PAGES:
        raise LimitReached("nvs_pages", _MOST_PAGES, len(starts))


def _areas(source: BoundedSource, matches: Sequence[Match]) -> Iterator[tuple[int, int]]:
    """Start and end of the NVS partitions that a partition table names, if the file is the flash from its first byte on."""
    for match in matches:
        start, size = int.from_bytes(match.text[4:8], "little"), int.from_bytes(match.text[8:12], "little")
        label = match.text[12:28].rstrip(b"\0")
        whole = not start % PAGE_BYTES and not size % PAGE_BYTES and size > 0 and start + size <= source.size
        if match.pattern == "nvs partition" and whole and _TEXT.fullmatch(label):
            yield start, start + size


def _unread(source: BoundedSource, start: int, end: int) -> Malformed | None:
    """A partition of the table without a single page: erased, or encrypted."""
    return None if not bytes(source.buffer[start : min(end, start + PAGE_BYTES)]).strip(b"\xff") else _sealed(start)


def _sealed(offset: int) -> Sealed:
    return Sealed("an NVS partition is encrypted: which passwords it holds was not seen", offset=offset)


def _read(source: BoundedSource, part: list[Page], emit: Emit) -> Malformed | None:
    """Emit what one partition holds; what was wrong with it."""
    found = items(part)
    written, broken = sum(page.written for page in part), sum(page.broken for page in part)
    if broken and not any(item.live for page in part for item in page.items):
        redacted = source.redact(SecretKind.APPLICATION, SecretForm.SEALED, b"")
        emit(StoredSecret(source.where(offset=part[0].offset), redacted, "esp-nvs", "NVS partition", "encrypted entries"))
        return _sealed(part[0].offset)
    confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.CONFIRMED
    seen: set[tuple[str, str, bytes]] = set()
    for item in found:
        if (item.namespace, item.key, item.value) not in seen:
            seen.add((item.namespace, item.key, item.value))
            _emit_secret(source, item, found, confidence, emit)
    return Malformed(f"{broken} of {written} written entries have a wrong checksum", offset=part[0].offset) if broken else None


def _emit_secret(source: BoundedSource, item: Item, found: Sequence[Item], confidence: Confidence, emit: Emit) -> None:
    redacted = _wifi_driver(source, item) if item.namespace == _WIFI_DRIVER else _application(source, item)
    if redacted is None:
        return
    name = item.key if item.live else f"{item.key} (erased, still readable)"
    opens = key_names.service(item.key, item.namespace) if redacted.kind is SecretKind.APPLICATION else ""
    emit(StoredSecret(source.where(offset=item.offset), redacted, "esp-nvs", _subject(item, found), name, opens, confidence))


def _wifi_driver(source: BoundedSource, item: Item) -> Redacted | None:
    """The Wi-Fi driver's own keys. A derived key of zeros is none."""
    if item.key not in _PASSPHRASES or item.kind not in {BLOB, CHUNK, STRING}:
        return None
    if item.key.endswith("pmk"):
        usable = len(item.value) == 32 and item.value.strip(b"\0") and item.value.strip(b"\xff")  # noqa: PLR2004 - a key of 256 bits
        return source.redact(SecretKind.WIFI, SecretForm.DERIVED, item.value.hex()) if usable else None
    text = _text(item.value)
    return stored(source, SecretKind.WIFI, wifi_form(text), text) if text else None


def _application(source: BoundedSource, item: Item) -> Redacted | None:
    """Keys whose name says that they hold a secret."""
    kind = key_names.secret_kind(item.key, item.namespace)
    if kind is None or item.kind not in {BLOB, CHUNK, STRING} or not 0 < len(item.value) <= _LONGEST:
        return None
    text = _text(item.value)
    if text and (kind is not SecretKind.KEY or len(text) >= min(_KEY_BYTES)):
        return stored(source, kind, wifi_form(text) if kind is SecretKind.WIFI else SecretForm.CLEARTEXT, text)
    if len(item.value) in _KEY_BYTES and item.value.strip(item.value[:1]) and kind is not SecretKind.WIFI:
        return source.redact(SecretKind.KEY, SecretForm.CLEARTEXT, item.value.hex())
    return None


def _subject(item: Item, found: Sequence[Item]) -> str:
    """The network or user that stands in the same namespace."""
    names = {other.key: other for other in reversed(found) if other.namespace == item.namespace}
    if item.namespace == _WIFI_DRIVER:
        ssid = names.get(_PASSPHRASES[item.key])
        return _text(ssid.value[4 : 4 + int.from_bytes(ssid.value[:4], "little")])[:32] if ssid else ""
    wifi = key_names.secret_kind(item.key, item.namespace) is SecretKind.WIFI
    other = key_names.related(item.key, filter(key_names.is_ssid if wifi else key_names.is_user, names))
    return (_text(names[other].value) if other else "")[:64] or item.namespace


def _text(value: bytes) -> str:
    """A C string, or an empty one if the bytes are no text."""
    bare = value.split(b"\0", 1)[0]
    return bare.decode("utf-8", "replace") if _TEXT.fullmatch(bare) and not value[len(bare) :].strip(b"\0\xff") else ""
