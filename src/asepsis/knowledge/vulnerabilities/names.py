"""By what a part is looked up: keys made of CPE names, package URLs, digests and product names; and CPE 2.3 names taken apart.

A key is the same however its source wrote it: lower case, without version, without escapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, unquote

from asepsis.model.vulnerability import Affected

_COLON = re.compile(r"(?<!\\):")
_PARTS = 13
PART, VENDOR, PRODUCT, VERSION, UPDATE = 2, 3, 4, 5, 6
"""Where the attributes of a CPE 2.3 name stand (NIST IR 7695, 6.2)."""


def keys_of(affected: Affected) -> Iterator[str]:
    """Every key under which a statement is kept; none if it names no part."""
    if affected.purl:
        yield purl_key(affected.purl)
    if affected.cpe:
        yield cpe_key(affected.cpe)
    if affected.product and not affected.purl and not affected.cpe:
        yield product_key(affected.product)
    yield from (f"sha256:{digest}" for digest in affected.sha256)


def cpe_key(name: str) -> str:
    """``cpe:2.3:a:openbsd:openssh:7.4:p1:*:…`` → ``cpe:a:openbsd:openssh``; of a 2.2 name too (``cpe:/a:openbsd:openssh:7.4``)."""
    parts = cpe_parts(name)
    return "cpe:" + ":".join(re.sub(r"\\(.)", r"\1", part).lower() for part in parts[PART : PRODUCT + 1])


def cpe_parts(name: str) -> list[str]:
    """The thirteen parts of a CPE name, those that are missing as ``*``."""
    if name.lower().startswith("cpe:/"):
        words = [_escaped(unquote(word)) or "*" for word in name[5:].split(":")]
        parts = ["cpe", "2.3", *words]
    else:
        parts = _COLON.split(name)
    return [*parts, *["*"] * (_PARTS - len(parts))][:_PARTS]


def _escaped(word: str) -> str:
    return re.sub(r"([^A-Za-z0-9_.*?-])", r"\\\1", word)


def is_cpe(name: str) -> bool:
    """Whether it names at least a part, a vendor and a product."""
    parts = cpe_parts(name)
    return parts[0].lower() == "cpe" and parts[PART] in {"a", "o", "h"} and all(parts[at] not in {"", "*", "-"} for at in (VENDOR, PRODUCT))


def cpe_name(part: str, vendor: str, product: str) -> str:
    """The CPE 2.3 name of a product in any version."""
    return ":".join(["cpe", "2.3", part, vendor, product, *["*"] * 8])


def without_version(parts: list[str]) -> str:
    """The CPE name with wildcards for version and update."""
    return ":".join([*parts[:VERSION], "*", "*", *parts[UPDATE + 1 :]])


def version_of(parts: list[str]) -> str:
    """Version and update as software shows them: 7.4 and p1 as ``7.4p1``, 1.2.0 and rc2 as ``1.2.0-rc2``; ``*`` and ``-`` as they are."""
    version, update = (re.sub(r"\\(.)", r"\1", parts[at]) for at in (VERSION, UPDATE))
    if update in {"", "*", "-"} or version in {"*", "-"}:
        return version
    return f"{version}{update}" if re.fullmatch(r"p\d+", update) else f"{version}-{update}"


def purl_key(purl: str) -> str:
    """``pkg:deb/debian/openssl@1.1.1n?distro=debian-11`` → ``pkg:deb/debian/openssl``."""
    bare = re.split(r"[?#]", purl, maxsplit=1)[0]
    head, _, name = bare.rpartition("/")
    bare = unquote(f"{head}/{name.partition('@')[0]}").lower()
    return re.sub(r"[-_.]+", "-", bare) if bare.startswith("pkg:pypi/") else bare


def purl_version(purl: str) -> str:
    """``pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u3?…`` → ``1.1.1n-0+deb11u3``, or nothing."""
    return unquote(re.split(r"[?#]", purl, maxsplit=1)[0].rpartition("/")[2].partition("@")[2])


def purl(kind: str, name: str) -> str:
    """The package URL without version of a name, whose slashes divide the namespace."""
    return f"pkg:{kind}/" + "/".join(quote(part, safe="") for part in name.split("/"))


def product_key(name: str) -> str:
    """A product by its name in words: ``Infusomat Space`` → ``product:infusomat space``."""
    return "product:" + " ".join(re.findall(r"[^\W_]+", name.lower()))
