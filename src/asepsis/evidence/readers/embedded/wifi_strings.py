"""Wi-Fi passwords in programs and images of small devices, by the text around them.

Found are commands to Wi-Fi modules (``AT+CWJAP="ward","secret"`` of Espressif, ``set wlan phrase secret`` of Microchip RN modules), settings in JSON
(an ``ssid`` beside a ``password``), and constants that name themselves (``#define WIFI_PASSWORD "secret"``). What merely looks like a password says
nothing. Sources: Espressif "AT Command Set" 2.4 (``AT+CWJAP``, ``AT+CWSAP``), Microchip RN1723 command reference.

Known ways it lies: examples of a module's maker are compiled in with it; a format string (``AT+CWJAP="%s","%s"``) holds no password.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.secrets import is_documentation, placeholder, stored, wifi_form
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret
from asepsis.model.secret import SecretKind

_QUOTE = rb"\\?\""
_SSID, _SECRET = rb"([^\"\\\x00-\x1f]{1,32})", rb"([^\"\\\x00-\x1f\x7f]{8,64})"
_AT = rb"AT\+CW(?:JAP|SAP)(?:_DEF|_CUR)?=" + _QUOTE + _SSID + _QUOTE + rb", ?" + _QUOTE + _SECRET + _QUOTE
_RN = rb"set wlan (?:phrase|pass) ([\x21-\x7e]{8,64})"
_JSON = (
    _QUOTE + rb"(?:wi-?fi_?|wlan_?|sta_?|ap_?)?ssid" + _QUOTE + rb"\s{0,4}:\s{0,4}" + _QUOTE + _SSID + _QUOTE + rb"[^{}\x00]{1,120}"
    + _QUOTE + rb"(?:wi-?fi_?|wlan_?|sta_?|ap_?)?(?:psk|pass(?:word|phrase|wd)?|pwd|pw)" + _QUOTE + rb"\s{0,4}:\s{0,4}" + _QUOTE + _SECRET + _QUOTE
)  # fmt: skip
_CONSTANT = (
    rb"(?:wifi|wlan|softap)_?(?:sta_?|ap_?)?(?:pass(?:word|phrase|wd)?|psk|pwd)(?:\[\w{0,8}\])?[ \t]{0,16}[=:]?[ \t]{0,8}" + rb"\"" + _SECRET + rb"\""
)
_FORMAT = re.compile(r"%[\w.*-]*[sdux]|\{\w*\}|\s{2}|\\")
_NO_PASSWORD = re.compile(r"\S+\s\S+\s\S+\s.*[.!?:]\Z|.*\b(?:password|passphrase)\b.*", re.IGNORECASE | re.DOTALL)
"""A sentence that a user interface shows."""


class WifiStringsReader:
    """Emits a :class:`StoredSecret` for each; its subject is the SSID where it stands beside."""

    info = ReaderInfo("wifi_strings", "Wi-Fi passwords by the text around them", (StoredSecret,), ("any file",), ("examples are compiled in",))
    patterns = (
        Pattern("AT command", _AT, before=160, after=0),
        Pattern("module command", _RN, before=100, after=0),
        Pattern("JSON", _JSON, before=400, after=0, any_case=True),
        Pattern("constant", _CONSTANT, before=160, after=0, any_case=True),
    )

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Format strings and sentences are no secrets; the same one counts once."""
        weak = is_documentation(source.where().path)
        seen: set[tuple[bytes, ...]] = set()
        for match in matches:
            *before, secret = (group.decode("utf-8", "replace") for group in match.groups)
            if match.groups in seen or _FORMAT.search(secret) or (_NO_PASSWORD.fullmatch(secret) and not placeholder(secret)):
                continue
            seen.add(match.groups)
            confidence = Confidence.WEAK if weak or match.pattern == "constant" else Confidence.LIKELY
            where = source.where(offset=match.start)
            redacted = stored(source, SecretKind.WIFI, wifi_form(secret), secret, script=True)
            emit(StoredSecret(where, redacted, "binary", before[0] if before else "", match.pattern, confidence=confidence))
