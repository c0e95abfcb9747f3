"""Cipher suites and versions of TLS whose protection has been broken, by their numbers (IANA, TLS Parameters; RFC 8996, RFC 9325). No I/O."""

from __future__ import annotations

VERSIONS = {0x0002: "SSL 2.0", 0x0300: "SSL 3.0", 0x0301: "TLS 1.0", 0x0302: "TLS 1.1", 0x0303: "TLS 1.2", 0x0304: "TLS 1.3"}
OLD_BELOW = 0x0303
"""RFC 8996 forbids what is older."""

_WEAK: dict[str, tuple[int, ...]] = {
    "no encryption": (
        0x0000, 0x0001, 0x0002, 0x002C, 0x002D, 0x002E, 0x003B, 0x00B0, 0x00B1, 0x00B4, 0x00B5, 0x00B8, 0x00B9,
        0xC001, 0xC006, 0xC00B, 0xC010, 0xC015, 0xC039, 0xC03A, 0xC03B, 0xC0B4, 0xC0B5,
    ),
    "the other side is not checked": (
        0x0017, 0x0018, 0x0019, 0x001A, 0x001B, 0x0034, 0x003A, 0x0046, 0x006C, 0x006D, 0x0089, 0x009B, 0x00A6, 0x00A7, 0x00BF, 0x00C5,
        0xC015, 0xC016, 0xC017, 0xC018, 0xC019,
    ),
    "a key made short for export": (
        0x0003, 0x0006, 0x0008, 0x000B, 0x000E, 0x0011, 0x0014, 0x0017, 0x0019, 0x0026, 0x0027, 0x0028, 0x0029, 0x002A, 0x002B,
        0x0060, 0x0061, 0x0062, 0x0063, 0x0064, 0x0065,
    ),
    "RC4": (
        0x0003, 0x0004, 0x0005, 0x0017, 0x0018, 0x0020, 0x0024, 0x0028, 0x002B, 0x008A, 0x008E, 0x0092,
        0xC002, 0xC007, 0xC00C, 0xC011, 0xC016, 0xC033,
    ),
    "single DES": (0x0008, 0x0009, 0x000B, 0x000C, 0x000E, 0x000F, 0x0011, 0x0012, 0x0014, 0x0015, 0x0019, 0x001A, 0x001E, 0x0022),
    "triple DES": (
        0x000A, 0x000D, 0x0010, 0x0013, 0x0016, 0x001B, 0x001F, 0x0023, 0x008B, 0x008F, 0x0093,
        0xC003, 0xC008, 0xC00D, 0xC012, 0xC017, 0xC01A, 0xC01B, 0xC01C, 0xC034,
    ),
}  # fmt: skip


_WEAK_WORDS = (
    ("no encryption", ("_NULL_",)),
    ("the other side is not checked", ("_anon_",)),
    ("a key made short for export", ("_EXPORT_",)),
    ("RC4", ("_RC4_",)),
    ("single DES", ("_DES_CBC_", "_DES40_")),
    ("triple DES", ("_3DES_",)),
)


def weaknesses_by_name(version: int, suite: str) -> tuple[str, ...]:
    """The same of a suite that is known by its IANA name (``TLS_RSA_WITH_RC4_128_SHA``) only; nothing of a name that is none."""
    return (*weaknesses(version, 0x1301), *(words for words, signs in _WEAK_WORDS if any(sign in suite for sign in signs)))


def weaknesses(version: int, suite: int) -> tuple[str, ...]:
    """What is weak in what two ends agreed on, in words; empty if nothing known is."""
    old = (f"{VERSIONS.get(version, f'version {version:#06x}')} is no longer safe",) if version < OLD_BELOW else ()
    return (*old, *(words for words, suites in _WEAK.items() if suite in suites))
