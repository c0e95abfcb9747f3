"""Apple property lists, XML and binary: settings of apps, and profiles with the log-ins of networks.

``<plist>`` with ``<dict>`` of ``<key>`` and value (plist(5), DTD PropertyList-1.0); binary files begin ``bplist00`` and end in a table of offsets
(CoreFoundation, CFBinaryPList). A configuration profile (Apple, Configuration Profile Reference) holds ``SSID_STR`` and ``Password`` of a Wi-Fi
network, ``UserPassword`` of 802.1X, ``SharedSecret``, ``AuthPassword`` and ``XAuthPassword`` of a tunnel. Elsewhere names say what is a secret.

Known ways it lies: a signed profile is wrapped in CMS and is no property list by itself; in binary lists one object may be named many times over.
"""

from __future__ import annotations

import base64
import plistlib
import re
from collections.abc import Iterator

from asepsis.evidence.protocols import xml
from asepsis.evidence.protocols.app_values import owner, secret_kind
from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness, begins
from asepsis.guard.limits import MIB
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret
from asepsis.model.secret import SecretKind

_BINARY = b"bplist00"
_PATH = re.compile(r"\.(?:plist|mobileconfig)$", re.IGNORECASE)
_ROOT_WITHIN = 1024
_XML = re.compile(rb"<plist\b")
_LOGINS = frozenset({"UserPassword", "SharedSecret", "AuthPassword", "XAuthPassword"})
_MOST_BINARY = 4 * MIB
_MOST_OBJECTS = 100_000
"""Dictionaries and arrays that are looked into."""

_Item = tuple[str, str, int | None]
"""A key, its text, and the line of the text if it has one."""


class PlistReader:
    """Emits one :class:`StoredSecret` for each secret; its subject is the network or user named beside it."""

    info = ReaderInfo("plist", "Property lists of Apple", (StoredSecret,), ("*.plist", "*.mobileconfig"))
    signs = Signs(heads=(begins(_BINARY), _XML))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By the magic of a binary list, or by the root element; under another name it may be a template."""
        if head.startswith(_BINARY):
            return Sureness.YES
        root = _XML.search(head)  # of the whole head: where it is cut, a longer name would look like this one
        if root is None or root.start() >= _ROOT_WITHIN or b"<" not in head[:64]:
            return Sureness.NO
        return Sureness.YES if _PATH.search(path) else Sureness.MAYBE

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Dictionary by dictionary: what belongs together stands in one."""
        keeper = Keeper(source, emit, "app-settings")
        if bytes(source.buffer[: len(_BINARY)]) == _BINARY:
            for items in _binary(source.content(_MOST_BINARY)):
                _tell(keeper, items)
            return
        tree = xml.parse(source.content())
        if tree.root is None or tree.root.tag != "plist":
            raise NotThisFormat
        for element in tree.root.walk():
            if element.tag == "dict":
                _tell(keeper, list(_items(element)))
        if tree.broken:
            raise Malformed(tree.broken, line=tree.line)


def _items(element: xml.Element) -> Iterator[_Item]:
    for key, value in zip(element.children, element.children[1:], strict=False):
        if key.tag == "key" and value.tag in {"string", "data"}:
            yield key.text, _decoded(value.text) if value.tag == "data" else value.text, value.line


def _decoded(text: str) -> str:
    """Data that is text; else as it is written."""
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8")
    except ValueError:  # no base64, no ASCII, or no text
        return text


def _binary(data: bytes) -> Iterator[list[_Item]]:
    """The texts of every dictionary, each object once. Raises ``Malformed``."""
    try:
        root = plistlib.loads(data, fmt=plistlib.FMT_BINARY)
    except (plistlib.InvalidFileException, ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        raise Malformed("a binary property list that cannot be read", offset=0) from error
    waiting, seen = [root], set[int]()
    while waiting and len(seen) < _MOST_OBJECTS:
        here = waiting.pop()
        if id(here) in seen or not isinstance(here, (dict, list)):
            continue
        seen.add(id(here))
        if isinstance(here, dict):
            yield [(str(key), _text(value), None) for key, value in here.items()]
        waiting.extend(reversed(list(here.values()) if isinstance(here, dict) else here))


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value[:MIB].decode("utf-8", "replace")
    return value if isinstance(value, str) else ""


def _tell(keeper: Keeper, items: list[_Item]) -> None:
    values = {key: text for key, text, _ in items if text}
    subject, of_wifi = owner(values), "SSID_STR" in values
    for key, text, line in items:
        kind = secret_kind(key, text) if text else None
        sure = key in _LOGINS or (of_wifi and key == "Password")
        if text and key in _LOGINS:
            kind = SecretKind.NETWORK_LOGIN
        elif text and of_wifi and key == "Password":
            kind = SecretKind.WIFI
        if kind:
            keeper.tell(kind, text, line=line, subject=subject, key=key, confidence=Confidence.CONFIRMED if sure else Confidence.LIKELY)
