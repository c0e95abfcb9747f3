"""Version strings that programs carry: which software is in the image, and how old.

Fingerprints as printed by the programs themselves (``BusyBox v1.23.2 (``, ``OpenSSL 1.0.2n  7 Dec 2017``, ``Linux version 3.18.109``). One
fact for each version in each file, at its first place.

Known ways it lies: a client names the servers it knows; a format string (``Linux version %s``) has no number and is no version;
documentation names versions too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence, OperatingSystem

_PROGRAM = (b"\x7fELF", b"MZ")


class Fingerprint(NamedTuple):
    """A version string: shown ``name``, ``product`` of the end-of-support table (or its own name), ``expression`` whose group is the version."""

    name: str
    product: str
    expression: bytes
    system: bool = False


FINGERPRINTS = (
    Fingerprint("Linux", "linux", rb"Linux version (\d\.\d{1,2}(?:\.\d{1,3})?)", system=True),
    Fingerprint("BusyBox", "busybox", rb"BusyBox v(\d\.\d{1,2}(?:\.\d{1,2})?)"),
    Fingerprint("OpenSSL", "openssl", rb"OpenSSL (\d\.\d{1,2}\.\d{1,2}[a-z]{0,2})(?:-fips)? {1,3}\d"),
    Fingerprint("OpenSSH", "openssh", rb"OpenSSH_(\d{1,2}\.\d{1,2}(?:p\d)?)"),
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
    Fingerprint("curl", "curl", rb"(?:libcurl|curl)/(\d\.\d{1,3}\.\d{1,2})"),
    Fingerprint("OpenVPN", "openvpn", rb"OpenVPN (\d\.\d{1,2}\.\d{1,2})"),
    Fingerprint("vsftpd", "vsftpd", rb"vsftpd: version (\d\.\d{1,2}\.\d{1,2})"),
    Fingerprint("ProFTPD", "proftpd", rb"ProFTPD (\d\.\d{1,2}\.\d{1,2}[a-z\d]{0,3})"),
    Fingerprint("Pure-FTPd", "pure-ftpd", rb"pure-ftpd v(\d\.\d{1,2}\.\d{1,3})"),
    Fingerprint("Samba", "samba", rb"[Ss]amba[ -](\d\.\d{1,2}\.\d{1,3})"),
    Fingerprint("Portable SDK for UPnP", "libupnp", rb"(?:SDK for UPnP devices/|libupnp-)(\d\.\d{1,2}\.\d{1,3})"),
    Fingerprint("ntpd", "ntp", rb"ntpd (\d\.\d\.\d{1,2}(?:p\d{1,2})?)@"),
    Fingerprint("iptables", "iptables", rb"iptables-(\d\.\d{1,2}\.\d{1,3})"),
    Fingerprint("strongSwan", "strongswan", rb"strongSwan (\d\.\d{1,2}\.\d{1,2})"),
    Fingerprint("VxWorks", "vxworks", rb"VxWorks ?(\d\.\d{1,2}(?:\.\d{1,2}){0,2})", system=True),
    Fingerprint("QNX Neutrino", "qnx", rb"QNX (?:Neutrino )?(\d\.\d{1,2}\.\d{1,2})", system=True),
    Fingerprint("FreeRTOS", "freertos", rb"FreeRTOS (?:Kernel )?V(\d{1,2}\.\d{1,2}\.\d{1,2})", system=True),
    Fingerprint("Zephyr", "zephyr", rb"Zephyr OS (?:build )?v(\d\.\d{1,2}\.\d{1,2})", system=True),
    Fingerprint("Orthanc", "orthanc", rb"Orthanc version: (\d\.\d{1,2}\.\d{1,2})"),
    Fingerprint("DCMTK", "dcmtk", rb"\$dcmtk: [a-z\d]{1,24} v(\d\.\d\.\d{1,2})"),
)
"""As listed in the domain facts, 7.5; each is tested against a line that a real program prints."""

_BY_NAME = {fingerprint.name: fingerprint for fingerprint in FINGERPRINTS}


class VersionsReader:
    """Emits an :class:`OperatingSystem` or a :class:`Component` for each version."""

    info = ReaderInfo("versions", "Software and versions by the strings it carries", (OperatingSystem, Component), ("any file",))
    patterns = tuple(Pattern(item.name, item.expression, before=96, after=24) for item in FINGERPRINTS)

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Only the first place of a version counts; text files are weaker witnesses than programs, and none of a system."""
        program = bytes(source.buffer[:4]).startswith(_PROGRAM)
        is_text = b"\0" not in bytes(source.buffer[:4096])
        seen: set[tuple[str, str]] = set()
        for match in matches:
            fingerprint, version = _BY_NAME[match.pattern], match.groups[0].decode("ascii")
            if (match.pattern, version) in seen:
                continue
            seen.add((match.pattern, version))
            where = source.where(offset=match.start)
            if fingerprint.system and not is_text and not is_documentation(source.where().path):
                emit(OperatingSystem(where, fingerprint.name, version, fingerprint.product))
            elif not fingerprint.system:
                confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.LIKELY if program else Confidence.WEAK
                emit(Component(where, fingerprint.name, version, fingerprint.product, "version string", confidence))
