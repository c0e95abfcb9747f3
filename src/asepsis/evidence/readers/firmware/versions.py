"""Version strings that programs carry: which software is in the image, and how old.

Fingerprints as printed by the programs themselves (``BusyBox v1.23.2 (``, ``OpenSSL 1.0.2n  7 Dec 2017``, ``Linux version 3.18.109``). One
fact for each version in each file, at its first place.

Some programs print their number apart from their name (``Dropbear server v%s``, ``2019.78``): then the file's name must say whose it is.

Known ways it lies: a client names the servers it knows, with wild cards or a table of versions; a format string (``Linux version %s``) has
no number and is no version; a program names the library it was built with, which another one has replaced since; documentation names
versions too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence, OperatingSystem

_PROGRAM = (b"\x7fELF", b"MZ")


class Fingerprint(NamedTuple):
    """A version string: shown ``name``, ``product`` of the end-of-support table (or its own name), ``expression`` whose group is the version.

    ``confirm`` may look around the expression. ``file`` is the name that a file must have for a number alone to count.
    """

    name: str
    product: str
    expression: bytes
    system: bool = False
    confirm: bytes = b""
    file: str = ""


FINGERPRINTS = (
    Fingerprint("Linux", "linux", rb"Linux version (\d\.\d{1,2}(?:\.\d{1,3})?)", system=True),
    Fingerprint("BusyBox", "busybox", rb"BusyBox v(\d\.\d{1,2}(?:\.\d{1,2})?)"),
    Fingerprint("OpenSSL", "openssl", rb"OpenSSL (\d\.\d{1,2}\.\d{1,2}[a-z]{0,2})(?:-fips)? {1,3}\d"),
    Fingerprint("OpenSSH", "openssh", rb"OpenSSH_(\d{1,2}\.\d{1,2}(?:p\d)?)", confirm=rb"OpenSSH_(\d{1,2}\.\d{1,2}(?:p\d)?)(?![\d.p]*[*,])"),
    Fingerprint("Dropbear", "dropbear", rb"(?:SSH-2\.0-dropbear_|[Dd]ropbear v|dropbear_)(20\d\d\.\d{1,3})"),
    Fingerprint("dnsmasq", "dnsmasq", rb"dnsmasq-(\d\.\d{1,3})"),
    Fingerprint("lighttpd", "lighttpd", rb"lighttpd[/-](\d\.\d{1,2}\.\d{1,3})"),
    Fingerprint("nginx", "nginx", rb"nginx/(\d\.\d{1,3}\.\d{1,3})"),
    Fingerprint("Apache HTTP Server", "apache-http-server", rb"Apache/(\d\.\d{1,2}\.\d{1,3})"),
    Fingerprint("PHP", "php", rb"PHP/(\d\.\d{1,2}\.\d{1,3})"),
    Fingerprint("Boa", "boa", rb"Boa/(\d\.\d{1,3}\.\d{1,3}[a-z\d]{0,6})"),
    Fingerprint("thttpd", "thttpd", rb"thttpd/(\d\.\d{1,3}[a-z]?)"),
    Fingerprint("mini_httpd", "mini_httpd", rb"mini_httpd/(\d\.\d{1,3})"),
    Fingerprint("MiniUPnPd", "miniupnpd", rb"(?:MiniUPnPd|miniupnpd)[/ ](\d\.\d{1,2}(?:\.\d{1,8})?)"),
    Fingerprint("wpa_supplicant", "wpa-supplicant", rb"wpa_supplicant v(\d{1,2}\.\d{1,2}(?:-devel)?)"),
    Fingerprint("hostapd", "wpa-supplicant", rb"hostapd v(\d{1,2}\.\d{1,2}(?:-devel)?)"),
    Fingerprint("zlib", "zlib", rb"(?:deflate|inflate) (\d\.\d{1,2}(?:\.\d{1,3}){0,2}) Copyright"),
    Fingerprint("U-Boot", "u-boot", rb"U-Boot (?:SPL )?(\d{1,4}\.\d{1,2}(?:\.\d{1,2})?)"),
    Fingerprint("mbed TLS", "mbedtls", rb"(?:mbed TLS|PolarSSL) (\d\.\d{1,2}\.\d{1,2})"),
    Fingerprint("wolfSSL", "wolfssl", rb"wolfSSL (\d\.\d{1,2}\.\d{1,2})"),
    Fingerprint("GNU C Library", "glibc", rb"GNU C Library [^\n\0]{0,80}version (\d\.\d{1,2}(?:\.\d{1,2})?)"),
    Fingerprint("uClibc", "uclibc", rb"uClibc[ -](0\.9\.\d\d(?:\.\d)?)"),
    Fingerprint("curl", "curl", rb"curl[/ ](\d\.\d{1,3}\.\d{1,2})", confirm=rb"curl(?:/| (?=[\d.]+ \())(\d\.\d{1,3}\.\d{1,2})"),
    Fingerprint("OpenVPN", "openvpn", rb"OpenVPN (\d\.\d{1,2}\.\d{1,2})"),
    Fingerprint("vsftpd", "vsftpd", rb"vsftpd: version (\d\.\d{1,2}\.\d{1,2})"),
    Fingerprint("ProFTPD", "proftpd", rb"ProFTPD (\d\.\d{1,2}\.\d{1,2}[a-z\d]{0,3})"),
    Fingerprint("Pure-FTPd", "pure-ftpd", rb"pure-ftpd v(\d\.\d{1,2}\.\d{1,3})"),
    Fingerprint("Samba", "samba", rb"(?:SAMBA_|[Ss]amba[ -])([2-4]\.\d{1,2}\.\d{1,3})"),
    Fingerprint("Portable SDK for UPnP", "libupnp", rb"(?:SDK for UPnP devices/|libupnp-)(\d\.\d{1,2}\.\d{1,3})"),
    Fingerprint("ntpd", "ntp", rb"ntpd (\d\.\d\.\d{1,2}(?:p\d{1,2})?)@"),
    Fingerprint("iptables", "iptables", rb"iptables-(\d\.\d{1,2}\.\d{1,3})"),
    Fingerprint("strongSwan", "strongswan", rb"strongSwan (\d\.\d{1,2}\.\d{1,2})"),
    Fingerprint("VxWorks", "vxworks", rb"VxWorks(?: [Vv]ersion:?)? ?(\d\.\d{1,2}(?:\.\d{1,2}){0,2})", system=True),
    Fingerprint("QNX Neutrino", "qnx", rb"QNX (?:Neutrino )?(\d\.\d{1,2}\.\d{1,2})", system=True),
    Fingerprint("FreeRTOS", "freertos", rb"FreeRTOS (?:Kernel )?V(\d{1,2}\.\d{1,2}\.\d{1,2})", system=True),
    Fingerprint("Zephyr", "zephyr", rb"Zephyr OS (?:build )?(?:zephyr-)?v(\d\.\d{1,2}\.\d{1,2})", system=True),
    Fingerprint("ThreadX", "threadx", rb"ThreadX (?:[\w/.+-]{1,24} ){0,2}(?:Version )?G?(\d\.\d{1,2}(?:\.\d{1,2}){0,2})", system=True),
    Fingerprint("Nucleus", "nucleus", rb"Nucleus (?:PLUS|NET|RTOS)(?: [\w/-]{1,24}){0,3} (?:Version |[Vv]\.? ?)(\d\.\d{1,2})", system=True),
    Fingerprint("uC/OS", "ucos", rb"uC/OS-I{2,3},? [Vv](?:ersion )?(\d\.\d{2})", system=True),
    Fingerprint("embOS", "embos", rb"embOS[\w/ -]{0,24} V(\d\.\d{1,2}(?:\.\d)?)", system=True),
    Fingerprint("INTEGRITY", "integrity", rb"INTEGRITY (?:Kernel |Version |v)?(\d{1,2}\.\d\.\d{1,2})", system=True),
    Fingerprint("MQX", "mqx", rb"MQX(?:\(TM\))? (?:RTOS |Lite )?(?:Version |V)?(\d\.\d\.\d)", system=True),
    Fingerprint("RTEMS", "rtems", rb"(?:rtems-|RTEMS (?:RELEASE )?)(\d\.\d{1,2}\.\d{1,2})", system=True),
    Fingerprint("NuttX", "nuttx", rb"NuttX[ -](\d{1,2}\.\d{1,2}(?:\.\d)?)", system=True),
    Fingerprint("Orthanc", "orthanc", rb"Orthanc version: (\d\.\d{1,2}\.\d{1,2})"),
    Fingerprint("DCMTK", "dcmtk", rb"\$dcmtk: [a-z\d]{1,24} v(\d\.\d\.\d{1,2})"),
)
"""As listed in the domain facts, 7.5; each is tested against a line that a real program prints."""

NUMBERS_ALONE = (
    Fingerprint("Dropbear", "dropbear", rb"\x00(20[12]\d\.\d{2,3})\x00", file=r"dropbear\w*|dbclient"),
    Fingerprint("dnsmasq", "dnsmasq", rb"\x00(2\.\d{2})\x00", file=r"dnsmasq"),
    Fingerprint("iptables", "iptables", rb"\x00(1\.\d\.\d{1,2})(?: \((?:legacy|nf_tables)\))?\x00", file=r"(?:x|ip6?|arp|eb)tables[\w-]*"),
)
"""Numbers that stand apart from their program's name. Between NULs only: texts full of numbers are no programs."""

_BY_PATTERN = {f"version {number}": fingerprint for number, fingerprint in enumerate((*FINGERPRINTS, *NUMBERS_ALONE))}
_TABLE = 3
"""A file that names more versions of one product lists those that it knows, not its own (SSH clients, IKE daemons, change logs)."""
_COMPILED_TEXT = re.compile(r"\.py[co]$")
_USES_OPENSSL = re.compile(rb"lib(?:crypto|ssl)\.so")
_IS_OPENSSL = re.compile(r"(?:^|/)lib(?:crypto|ssl)[^/]*$")


class VersionsReader:
    """Emits an :class:`OperatingSystem` or a :class:`Component` for each version."""

    info = ReaderInfo("versions", "Software and versions by the strings it carries", (OperatingSystem, Component), ("any file",))
    patterns = tuple(Pattern(name, item.expression, item.confirm, before=96, after=24) for name, item in _BY_PATTERN.items())

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Only the first place of a version counts; text files are weaker witnesses than programs, and none of a system; manuals are none."""
        if is_documentation(source.where().path):
            return
        program = bytes(source.buffer[:4]).startswith(_PROGRAM)
        is_text = b"\0" not in bytes(source.buffer[:4096]) or _COMPILED_TEXT.search(source.path) is not None
        for fingerprint, version, start in _own(source.path, matches):
            where = source.where(offset=start)
            if fingerprint.system and not is_text:
                emit(OperatingSystem(where, fingerprint.name, version, fingerprint.product))
            elif not fingerprint.system:
                built_with = fingerprint.product == "openssl" and program and _only_uses_openssl(source)
                method = "version string of what it was built with" if built_with else "version string"
                confidence = Confidence.LIKELY if program and not built_with else Confidence.WEAK
                emit(Component(where, fingerprint.name, version, fingerprint.product, method, confidence))


def _own(path: str, matches: Sequence[Match]) -> Iterator[tuple[Fingerprint, str, int]]:
    """Each version of each product with its first place, without tables of versions that a program knows of others.

    A program that says ``6.8p1`` says ``6.8`` as well, and means one version.
    """
    named = [(_BY_PATTERN[match.pattern], match) for match in matches]
    versions: dict[str, dict[str, tuple[Fingerprint, int]]] = {}
    for fingerprint, match in named:
        if not fingerprint.file or re.fullmatch(fingerprint.file, path.rsplit("/", 1)[-1]):
            versions.setdefault(fingerprint.name, {}).setdefault(match.groups[0].decode("ascii"), (fingerprint, match.start))
    for found in versions.values():
        if len(found) <= _TABLE:
            portable = {version.partition("p")[0] for version in found if "p" in version}
            yield from ((fingerprint, version, start) for version, (fingerprint, start) in found.items() if version not in portable)


def _only_uses_openssl(source: BoundedSource) -> bool:
    """A program that loads the library says which one it was built with; the library beside it says which one is there."""
    return not _IS_OPENSSL.search(source.path) and _USES_OPENSSL.search(source.buffer) is not None
