"""By what a part is looked up: keys made of CPE names, package URLs, digests and product names.

A key is the same however its source wrote it: lower case, without version, without escapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, unquote

from asepsis.model.cpe import Cpe, parse_cpe
from asepsis.model.vulnerability import Affected


def keys_of(affected: Affected) -> Iterator[str]:
    """Every key under which a statement is kept; none if it names no part."""
    if affected.purl:
        yield purl_key(affected.purl)
    if affected.cpe and (key := cpe_key(affected.cpe)):
        yield key
    if affected.product and not affected.purl and not affected.cpe:
        yield product_key(affected.product)
    yield from dict.fromkeys(product_key(model) for model in affected.models)
    yield from (f"sha256:{digest}" for digest in affected.sha256)


def cpe_key(name: str) -> str:
    """``cpe:2.3:a:openbsd:openssh:7.4:p1:*:…`` → ``cpe:a:openbsd:openssh``; of a 2.2 name too; nothing of what is no CPE name."""
    cpe = parse_cpe(name)
    return cpe.key if cpe else ""


def product_cpe(name: str) -> Cpe | None:
    """The CPE name in ``name`` if it names at least a kind, a vendor and a product."""
    cpe = parse_cpe(name)
    return cpe if cpe and cpe.is_product else None


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
