"""Windows WLAN, LAN and EAP profiles: XML with the key of a wireless network or the log-in for 802.1X.

``WLANProfile`` (MS-GPWL; Native Wifi, WLAN_profile schema v1, Vista to 11 and Compact 7): ``SSIDConfig/SSID`` names the network, ``MSM/security``
holds ``sharedKey``: ``keyType`` ``passPhrase`` or ``networkKey`` (WEP, or 64 hex digits), ``protected``, ``keyMaterial``. With ``protected`` true the
material is hex of a DPAPI blob, and the master key to it lies on the same disk, so that whoever has the disk has the key; in an exported file it
is sealed. ``EapHostUserCredentials``, alone or inside a profile, holds ``Username`` and ``Password`` (EAP-PEAP, EAP-TTLS, EAP-MSCHAPv2).
``MBNProfile`` holds the log-in of a mobile network. A profile may stand as text inside another document (provisioning, answer files).

Known ways it lies: files are declared UTF-16 and saved as UTF-8, and the other way round; ``name`` of the profile need not be the SSID; a profile of
an open network has no key at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols import xml
from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness, anywhere
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_SIGN = re.compile(rb"<(?:\w+:)?(?:WLANProfile|LANProfile|EapHostUserCredentials|MBNProfile(?:Ext)?)\b|(?:&lt;|<)WLANProfile\b")
_INSTALLED = re.compile(r"(?:wlansvc|dot3svc|wwansvc)/profiles/", re.IGNORECASE)
"""Where Windows keeps its own profiles: the master key of their protection lies beside, on the same disk."""
_PROFILES = frozenset({"WLANProfile", "LANProfile", "EapHostUserCredentials", "MBNProfile", "MBNProfileExt"})
_DPAPI = re.compile(r"01000000D08C9DDF0115D1118C7A00C04FC297EB[0-9A-F]*", re.IGNORECASE)
_HEX = re.compile(r"(?:[0-9A-F]{2})+", re.IGNORECASE)
_MOST_INSIDE = 64
"""Profiles that stand as text inside other documents."""


class WlanProfileReader:
    """Emits a :class:`StoredSecret` for each key and log-in; its subject is the SSID, or the user's name. An open network has an empty one."""

    info = ReaderInfo(
        "wlan_profile",
        "Wi-Fi, LAN and mobile profiles of Windows",
        (StoredSecret,),
        ("WLANProfile", "LANProfile", "EapHostUserCredentials", "MBNProfile"),
        ("encodings are declared wrongly",),
    )
    signs = Signs(paths=(_INSTALLED,), heads=(anywhere("LANProfile", "EapHostUserCredentials", "MBNProfile"),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By its elements, whatever the file's name and encoding."""
        if b"<" in head[:128] and _SIGN.search(head.replace(b"\0", b"")):
            return Sureness.YES
        return Sureness.MAYBE if _INSTALLED.search(path) and path.lower().endswith(".xml") else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Every profile of the document, and those written into its text."""
        tree = xml.parse(source.content())
        profiles = list(_profiles(tree.root)) if tree.root else []
        if not profiles and not tree.broken:
            raise NotThisFormat
        keeper = Keeper(source, emit, "wlan-profile")
        for line, profile in profiles:
            _tell(keeper, profile, line)
        if tree.broken:
            raise Malformed(tree.broken, line=tree.line)


def _profiles(root: xml.Element) -> Iterator[tuple[int, xml.Element]]:
    """Each profile, with the number of lines of the file before its own first line: it may be text inside another document."""
    waiting, inside = [root], 0
    while waiting:
        element = waiting.pop()
        if element.tag in _PROFILES:
            yield 0, element
            continue
        waiting.extend(reversed(element.children))
        for text in (element.text, *element.attributes.values()):
            if "<WLANProfile" in text and inside < _MOST_INSIDE:
                inside += 1
                tree = xml.parse(text.encode("utf-8", "replace"))
                yield from [(element.line - 1, tree.root)] if tree.root else []


def _tell(keeper: Keeper, profile: xml.Element, before: int) -> None:
    ssid = _ssid(profile)
    for element in profile.walk():
        if element.tag == "sharedKey":
            _tell_key(keeper, element, before, ssid)
        elif element.tag == "authEncryption":
            _tell_open(keeper, element, before, ssid)
        password = element.get("Password")
        if password and password.text:
            user = element.text_of("Username") or element.text_of("UserName")
            keeper.tell(SecretKind.NETWORK_LOGIN, password.text, line=before + password.line, subject=user or ssid, key="Password")


def _tell_key(keeper: Keeper, shared: xml.Element, before: int, ssid: str) -> None:
    material = shared.get("keyMaterial")
    if material and material.text:
        form = _form(shared.text_of("protected"), material.text, keeper.source.path)
        keeper.tell(SecretKind.WIFI, material.text, line=before + material.line, subject=ssid, key="keyMaterial", form=form)


def _form(protected: str, material: str, path: str) -> SecretForm | None:
    """Text that is no hex is readable, whatever ``protected`` says; a DPAPI blob is none."""
    sealed = protected.lower() in {"true", "1"} and _HEX.fullmatch(material)
    if not sealed and not _DPAPI.fullmatch(material):
        return None
    return SecretForm.RECOVERABLE if _INSTALLED.search(path) else SecretForm.SEALED


def _tell_open(keeper: Keeper, security: xml.Element, before: int, ssid: str) -> None:
    """Neither authentication nor encryption nor 802.1X: anybody may pose as the network."""
    said = [security.text_of(tag).lower() for tag in ("authentication", "encryption", "useOneX")]
    if ssid and said[:2] == ["open", "none"] and said[2] != "true":
        keeper.tell(SecretKind.WIFI, "", line=before + security.line, subject=ssid, key="authentication")


def _ssid(profile: xml.Element) -> str:
    """The network's name; hex counts only if the name is missing, since both say the same."""
    name = profile.text_of("SSIDConfig", "SSID", "name")
    digits = profile.text_of("SSIDConfig", "SSID", "hex")
    if not name and _HEX.fullmatch(digits):
        name = bytes.fromhex(digits).decode("utf-8", "replace")
    return name or profile.text_of("name") or profile.text_of("Name")
