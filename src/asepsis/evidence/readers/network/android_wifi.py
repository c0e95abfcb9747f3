"""Android's saved Wi-Fi networks: ``WifiConfigStore.xml``, its copy for each user, its backup, and the settings of the hot spot.

XML as ``WifiConfigStore`` and ``XmlUtil`` of AOSP write it (Android 8 to 15): values are ``<string name="PreSharedKey">``, ``<string-array
name="WEPKeys">`` with ``<item value="…"/>``, ``<byte-array name="AllowedKeyMgmt">``. A passphrase stands in quotes, a derived key is 64 bare hex
digits. ``WifiEnterpriseConfiguration`` holds ``Identity``, ``Password`` and the alias ``PrivateKeyId`` of a key in the key store; ``SoftAp`` the
hot spot's ``Passphrase``, Passpoint a ``Username`` and ``Password``. Where encryption is on, ``<PreSharedKey>`` and ``<Password>`` are elements
around ``EncryptedData``, whose key never leaves the key store. ``WifiBackupData`` writes everything in clear.

Known ways it lies: vendors' files keep fields that Android no longer knows; the file of the older path stays behind after an update to Android 11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols import xml
from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.protocols.text import unquote
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)Wifi(?:ConfigStore|Backup)[^/]*\.xml$", re.IGNORECASE)
_ROOTS = (b"<WifiConfigStoreData", b"<WifiBackupData", b"<WifiConfigStoreSoftAp")
_WIFI = frozenset({"PreSharedKey", "Passphrase", "SaePassword"})
_LOGIN = frozenset({"Password"})
_NAMES = ("SSID", "WifiSsid", "Ssid")
_USERS = ("Identity", "Username", "FQDN")
_OPEN = 0x01
"""Bit 0 of ``AllowedKeyMgmt``: no key management at all."""


class AndroidWifiReader:
    """Emits a :class:`StoredSecret` for each key and log-in of each network; its subject is the SSID, or the identity."""

    info = ReaderInfo("android_wifi", "Saved Wi-Fi networks of Android", (StoredSecret,), ("WifiConfigStore.xml", "WifiBackupData"))
    signs = Signs(paths=(_PATH,), heads=(re.compile(b"|".join(_ROOTS)),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By its root element, or by name."""
        if any(root in head for root in _ROOTS):
            return Sureness.YES
        return Sureness.MAYBE if _PATH.search(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Each network, hot spot and provider by itself: the name may stand behind the secret."""
        tree = xml.parse(source.content())
        if tree.root is None or not any(root.endswith(tree.root.tag.encode()) for root in _ROOTS):
            raise NotThisFormat
        keeper = Keeper(source, emit, "android-wifi")
        for group in _groups(tree.root):
            _tell(keeper, group)
        if tree.broken:
            raise Malformed(tree.broken, line=tree.line)


def _groups(root: xml.Element) -> Iterator[xml.Element]:
    """The outermost elements that name a network or a user somewhere below: what stands in one belongs together."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.tag in {"Network", "SoftAp", "Provider", "Configuration", "PasspointConfiguration", "WifiConfiguration"}:
            yield element
        else:
            waiting.extend(reversed(element.children))


def _tell(keeper: Keeper, group: xml.Element) -> None:
    values = {element.attributes["name"]: element for element in group.walk() if "name" in element.attributes}
    ssid = next((unquote(values[name].text) for name in _NAMES if name in values), "")
    user = next((values[name].text for name in _USERS if name in values and values[name].text), ssid)
    wep = False
    for element in group.walk():
        key = element.attributes.get("name", element.tag)
        if key == "WEPKeys" and element.attributes:
            wep = _tell_wep(keeper, element, ssid) or wep
        elif key in _WIFI | _LOGIN | {"WEPKeys"} and (element.text or element.children):
            wep = wep or key == "WEPKeys"
            _tell_secret(keeper, element, key, user if key in _LOGIN else ssid)
    management = values.get("AllowedKeyMgmt")
    if management and ssid and not wep and _is_open(management.text):
        keeper.tell(SecretKind.WIFI, "", line=management.line, subject=ssid, key="AllowedKeyMgmt")


def _tell_secret(keeper: Keeper, element: xml.Element, key: str, subject: str) -> None:
    """In quotes a passphrase, bare a derived key; around ``EncryptedData`` sealed."""
    kind = SecretKind.NETWORK_LOGIN if key in _LOGIN else SecretKind.WIFI
    sealed = next((part for part in element.walk() if part.attributes.get("name") == "EncryptedData" or part.tag == "EncryptedData"), None)
    if sealed:
        text = next((part.text for part in sealed.walk() if part.text), "")
        keeper.tell(kind, text, line=element.line, subject=subject, key=key, form=SecretForm.SEALED)
    elif element.text:
        keeper.tell(kind, unquote(element.text), line=element.line, subject=subject, key=key)


def _tell_wep(keeper: Keeper, array: xml.Element, ssid: str) -> bool:
    """Up to four keys; an unset one is an empty value."""
    told = False
    for item in array.children:
        value = unquote(item.attributes.get("value", item.text))
        if value:
            told = True
            keeper.tell(SecretKind.WIFI, value, line=item.line, subject=ssid, key="WEPKeys", form=SecretForm.CLEARTEXT)
    return told


def _is_open(bits: str) -> bool:
    """A set of bits in hex, lowest byte first, in which nothing but "none" is allowed."""
    if not re.fullmatch(r"(?:[0-9A-Fa-f]{2}){1,16}", bits):
        return False
    first, *rest = bytes.fromhex(bits)
    return first == _OPEN and not any(rest)
