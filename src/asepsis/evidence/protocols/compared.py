"""Texts that a program compares its input with: which of them is a password, a PIN, a stored hash, and which a command. No I/O.

A program that asks for a password and compares the answer with a text of its own keeps that password in every copy (CWE-798). The same functions
compare commands, options, file names, algorithms and protocol words, a thousand times as often. So a text counts only if it looks like a secret,
is no word of a known trade, and the code around it speaks of passwords *and* of what it says when one is right or wrong.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from asepsis.evidence.protocols.crypt_hash import scheme_of
from asepsis.evidence.protocols.secrets import knowledge

COMPARING = frozenset(
    {
        "strcmp", "strncmp", "strcasecmp", "strncasecmp", "memcmp", "bcmp", "strcoll", "wcscmp", "wcsncmp", "wcscasecmp", "timingsafe_bcmp",
        "CRYPTO_memcmp", "g_strcmp0", "stricmp", "_stricmp", "strcmpi", "_strcmpi", "strnicmp", "_strnicmp", "_mbscmp", "_wcsicmp", "_wcsnicmp",
        "lstrcmpA", "lstrcmpiA", "lstrcmpW", "lstrcmpiW", "StrCmpA", "StrCmpW", "StrCmpIA", "StrCmpIW", "StrCmpNA", "StrCmpNW",
        "_ZNKSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE7compareEPKc", "_ZNKSs7compareEPKc", "_ZNK7QStringeqEPKc",
        "_ZNK7QString7compareEPKc", "_ZNK10QByteArrayeqEPKc",
    }
)  # fmt: skip
"""Functions of C, C++, Qt, GLib and Windows that compare two texts."""
_WIDE = re.compile(r"wcs|.*W\Z")

_PIN = re.compile(r"\d{4,8}\Z")
_NUMBERS = frozenset(
    {
        "1024", "2048", "4096", "8192", "16384", "32768", "65535", "65536", "131072", "1200", "2400", "4800", "9600", "19200", "38400", "57600",
        "115200", "230400", "460800", "921600", "1433", "1521", "1883", "3306", "3389", "5060", "5061", "5432",
        "5900", "6379", "8080", "8443", "8883", "11112", "8859", "1251", "1252", "2022", "8601", "10646", "7816", "14443", "11073", "2575",
    }
)  # fmt: skip
"""Sizes, baud rates, numbers of standards and ports: compared as text in many programs, and no PINs."""
_WORD = re.compile(r"[!-~]{5,32}\Z")
_NOT_A_SECRET = re.compile(
    r"[-/.%<\[({@#\\~$*+]|.*[/\\%=:,;()<>{}\[\]\"'|`]|.*\.[A-Za-z]{1,5}\d?\Z|.*@.*\.|[\d.x]+\Z|0x|v\d|.*[-_.]\Z|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\Z"
    r"|[A-Z]{2,}(?:\+[A-Z]+\d*)+\Z|[a-z]{2,3}_[A-Z]{2}@[a-z]+\Z|(?i:ctrl|control|shift|alt|meta|super|cmd)[+^]"
)
"""Options, paths, formats, assignments, labels, file names, addresses, versions, constants, sets of ciphers; locales; keystrokes."""
_TRADE = re.compile(
    r"(?:sha|md|aes|des|rc|rsa|dsa|ec|ed|dh|ecdsa|ecdh|hmac|cbc|ctr|gcm|ccm|cfb|ofb|ssl|tls|dtls|https?|ip|ipv|tcp|udp|sctp|eth|wlan|usb|tty|com|lpt|can|spi|i[2o]c"
    r"|utf|ucs|iso|cp|win|koi|euc|jis|latin|big|gb|base|bin|oct|hex|pkcs|krb|crc|v|ver|version|arm|mips|ppc|i|x|h|mp|int|uint|float|double|vt|xterm|linux"
    r"|auth|level|group|opt|option|key|cert|salt|seed|serpent|blowfish|twofish|camellia|aria|cast|idea|gost|sm|curve|secp|sect|prime|brainpool|nist|ffdhe|modp"
    r"|sntrup|mlkem|kyber|chacha|poly|salsa|umac|hash|crypt|bcrypt|scrypt|argon|pbkdf|mschap|mschapv|chap|pap|eap|peap|ttls|leap|gtc|wpa|rsn|psk|sae|owe|ccmp|gcmp"
    r"|wep|tkip|ntlm|ntlmv|digest|basic|socks|smb|snmpv?|ssh|sftp|ftp|pop|imap|smtp|ldap|sql|mysql|xml|html|json|utc|gmt|est|dst|type|mode|line|page|test|user|port"
    r"|channel|ch|disk|hd|sd|mmc|mtd|ubi|dev|gpio|led|adc|dac|pwm|timer|cpu|core|node|id|arg|param|p|q|n|a|b|c|d|e|f|g|k|m|s|t|u|z|w|r|y|l|o|j|rgb|png|jpeg|gif|ascii|ansi"
    r"|error|err|alarm|event|status|state|step|field|button|btn|slot|sensor|input|output|relay|item|image|icon|font|menu|window|col|row|tab"
    r"|tpm|posix|gnu|bsd|sun|win|mac|os|qnx|nfs|rpc|x509|ocsp|crl|bc|oid|asn|der|pem|api|abi|elf|pe|sys|lib|python|perl|php|java|js|es|lua|vim|mod|cmd|func|fn|var|tmp|temp)\d*\Z|armv\d+[a-z]+\Z",
    re.IGNORECASE,
)
"""Words before a number in the names of algorithms, interfaces, encodings, versions: ``sha256``, ``eth0``, ``utf8``, ``ipv4``."""
_NAMES = frozenset(
    {
        "root", "admin", "administrator", "user", "guest", "operator", "service", "support", "system", "manager", "supervisor", "nobody", "anonymous",
        "default", "public", "private", "password", "passwd", "login", "test", "demo", "debug", "monitor", "ftp", "master", "secret", "super",
        "superuser", "sysadmin", "sysadm", "setup", "config", "access", "install", "temp", "device", "security", "router", "gateway", "server",
        "network", "linux", "telnet", "web", "backup", "database", "factory", "maintenance", "maint", "field", "tech", "technician", "engineer",
        "developer", "develop", "pass", "welcome", "hospital", "medical", "clinic", "doctor", "nurse", "patient",
    }
)  # fmt: skip
"""Public defaults that are user names, commands or keywords at least as often as passwords."""
_IDENTIFIER = re.compile(r"[A-Za-z]+(?:\d|16|24|32|48|64|96)\Z|[a-z]+[A-Z]\w*\d?\Z|(?!.*\d{3})[A-Za-z]+\d?(?:[-_][A-Za-z0-9]{1,12})+\Z")
"""Names in programs: ``LUKS1``, ``ignorecrc32``, ``maxRate2``, ``compat-2x``."""

_ABOUT = re.compile(
    r"pass ?-?(?:word|wd|code|phrase|key)|\bPINs?\b|\bpin ?-?(?:code|number)|\blog-?(?:in|on)\b|log (?:in|on)\b|access (?:code|level|key)"
    r"|(?:service|maintenance|factory|technician|engineer\w*|supervisor|biomed|clinician|admin\w*|calibration)"
    r" (?:mode|menu|code|level|key|access|screen|log)"
    r"|\bunlock(?:ed|ing)?\b|security code|authori[sz]ation (?:code|key)",
    re.IGNORECASE,
)
_ABOUT_PAIRS = re.compile(r"authori[sz]ation|\bbasic\b|realm|401", re.IGNORECASE)
"""What a web server says where it looks at a user and password together."""
_VERDICT = re.compile(
    r"wrong|invalid|incorrect|\bbad\b"
    r"|denied|grant|accept|reject|fail|mismatch|welcome|success|\benter\b|\btype\b|unlock|correct|try again|not allowed"
    r"|unauthori|authori[sz]ed|enabled|\b(?:ok|okay)\b|required|please|>|\?\s*\Z|:\s*\Z",
    re.IGNORECASE,
)
_ABOUT_NAME = re.compile(
    r"(?:check|verify|valid\w{0,6}|cmp|compare|match|test)_?\w{0,16}(?:pin|pass(?:w(?:or)?d|code|phrase)?|pwd)(?:\b|_|(?-i:[A-Z]))"
    r"|(?:\b|_)(?:pin|pass(?:w(?:or)?d|code|phrase)?|pwd)_?(?:check|verify|valid\w*|ok|match|cmp|compare|correct)"
    r"|unlock_?(?:service|maintenance|factory|device|pump)|(?:enter|enable|unlock)_?service_?(?:mode|menu|login|access)",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r"\S\s+\S|[:?!>]\s*\Z|\A\s*[A-Z][a-zA-Z]*\Z")
"""A sentence, a prompt or a label; a single small word is a command or a key."""
_LONGEST_SAID = 120
"""Characters; longer texts are help pages, which speak of everything."""


class Compared(NamedTuple):
    """What a constant text is taken for: a ``secret``, in clear or ``hashed``, of a ``user`` if it names one."""

    secret: str
    hashed: bool = False
    user: str = ""


_PAIR = re.compile(
    r"(root|admin\w*|user|guest|service|operator|support|tech\w*|supervisor|maint\w*|field|factory|engineer|biomed|nurse|pump|monitor):([!-~]{4,32})\Z"
)
_BASE64 = re.compile(r"(?:Basic )?([A-Za-z0-9+/]{8,64}={0,2})\Z")


def is_wide(function: str) -> bool:
    """Whether a function compares texts of two-byte characters (Windows)."""
    return _WIDE.match(function) is not None


def taken_for(text: str) -> Compared | None:
    """The secret that a constant text may be, or None. 13 letters alone are no hash here: they may be any word.

    A line end belongs to what is typed, not to the secret.
    """
    text = text.rstrip("\r\n")
    if text.startswith("$") and scheme_of(text) not in {"", "unknown", "des"}:
        return Compared(text, hashed=True)
    pair = _PAIR.match(text) or _PAIR.match(_decoded(text))
    if pair:
        return Compared(pair.group(2), user=pair.group(1))
    return Compared(text) if looks_secret(text) else None


def _decoded(text: str) -> str:
    """What HTTP's basic authentication says (RFC 7617), or an empty string."""
    found = _BASE64.match(text)
    try:
        return b64decode(found.group(1), validate=True).decode("ascii") if found else ""
    except ValueError:
        return ""


def looks_secret(text: str) -> bool:
    """A PIN, a password of several kinds of letters, or a public default that is nothing else."""
    if _PIN.match(text):
        return text not in _NUMBERS
    if not _WORD.match(text) or _NOT_A_SECRET.match(text) or (_IDENTIFIER.match(text) and text not in _generic()):
        return False
    if text.isalpha():
        return text.lower() not in _NAMES and text in _generic()
    if not any(map(str.isalpha, text)):
        return False
    return not any(map(_TRADE.match, re.split(r"[-_.]", text))) and _mixed(text)


@cache
def _generic() -> frozenset[str]:
    """Generic defaults; the vendors' own are only known by their hashes, which are too slow to try for every word of every program."""
    return frozenset(knowledge().generic_defaults())


def _mixed(text: str) -> bool:
    """Letters with digits, or with signs that names do not have; a name with dashes or underscores is none."""
    return any(map(str.isdigit, text)) or re.search(r"[!@#$^&*+?~]", text) is not None


def speaks_of_passwords(said: Collection[str], function: str, taken: Compared) -> bool:
    """Whether the texts of the code around, or its function's name, tell of a password that is asked for and judged."""
    spoken = [text for text in said if len(text) <= _LONGEST_SAID and not text.startswith("-") and _SPOKEN.search(text)]
    about = any(map(_ABOUT.search, spoken)) and any(map(_VERDICT.search, spoken))
    return about or _ABOUT_NAME.search(function) is not None or (bool(taken.user) and any(map(_ABOUT_PAIRS.search, said)))


def asked(said: Collection[str]) -> str:
    """The text that asks for it, for a person to find the place: the first that speaks of passwords."""
    return next((text.strip(" \r\n\t:>") for text in said if len(text) <= _LONGEST_SAID and _SPOKEN.search(text) and _ABOUT.search(text)), "")
