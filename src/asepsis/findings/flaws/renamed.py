"""Products that the NVD keeps under several names, because their maker changed or was named twice: a flaw under either concerns the part [K].

Only names that certainly mean the same software stand together; a fork under a new name is another product.
"""

from __future__ import annotations

from asepsis.model.cpe import Cpe

_GROUPS = (
    ("igor_sysoev:nginx", "nginx:nginx", "f5:nginx"),
    ("matt_johnston:dropbear_ssh_server", "dropbear_ssh_project:dropbear_ssh"),
    ("polarssl:polarssl", "arm:mbed_tls", "trustedfirmware:mbed_tls"),
    ("yassl:cyassl", "wolfssl:cyassl", "wolfssl:wolfssl"),
    ("redislabs:redis", "redis:redis"),
    ("mysql:mysql", "oracle:mysql"),
    ("haxx:libcurl", "haxx:curl"),
    ("gnome:libxml2", "xmlsoft:libxml2"),
    ("jouni_malinen:wpa_supplicant", "w1.fi:wpa_supplicant"),
    ("jouni_malinen:hostapd", "w1.fi:hostapd"),
    ("libexpat:expat", "libexpat_project:libexpat"),
    ("gnu:zlib", "zlib:zlib"),
    ("samba:ppp", "point-to-point_protocol_project:point-to-point_protocol"),
    ("embedthis:goahead", "embedthis:goahead_webserver"),
    ("acme:mini_httpd", "acme:mini-httpd"),
    ("portable_sdk_for_upnp_project:portable_sdk_for_upnp", "libupnp_project:libupnp", "pupnp_project:pupnp"),
    ("nodejs:nodejs", "nodejs:node.js"),
    ("python_software_foundation:python", "python:python"),
    ("microsoft:defender", "microsoft:windows_defender"),
)
_OTHERS = {name: tuple(other for other in group if other != name) for group in _GROUPS for name in group}


def names_of(name: Cpe) -> tuple[Cpe, ...]:
    """The name, and the same under every other vendor and product that it was ever kept under."""
    others = (other.partition(":") for other in _OTHERS.get(f"{name.vendor}:{name.product}", ()))
    return (name, *(name._replace(vendor=vendor, product=product) for vendor, _, product in others))
