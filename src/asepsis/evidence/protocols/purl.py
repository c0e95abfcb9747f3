"""Package URLs: how an ecosystem names a package with its version. No I/O.

``pkg:TYPE/NAMESPACE/NAME@VERSION?QUALIFIERS`` (ECMA-427, *Package-URL*). Which distribution a package is of stands in no list of packages but in
``os-release`` beside it: :func:`with_distribution` adds that.
"""

from __future__ import annotations

from packageurl import PackageURL

from asepsis.model.facts import OperatingSystem

LONGEST = 256
"""Characters of a name or a version; no ecosystem allows longer ones."""
OF_DISTRIBUTIONS = ("pkg:deb/", "pkg:rpm/", "pkg:apk/", "pkg:alpm/", "pkg:opkg/")
_DISTRIBUTIONS = {
    "debian": "debian",
    "ubuntu": "ubuntu",
    "alpine-linux": "alpine",
    "openwrt": "openwrt",
    "yocto": "yocto",
    "fedora": "fedora",
    "centos": "centos",
    "rhel": "redhat",
    "amazon-linux": "amazon",
    "rocky-linux": "rocky-linux",
    "almalinux": "almalinux",
    "opensuse": "opensuse",
    "sles": "suse",
}
"""Product of the end-of-support table → namespace of its packages."""


def purl(kind: str, name: str, version: str = "", *, namespace: str = "", **qualifiers: str) -> str:
    """The package URL; empty if the name is none."""
    name = _plain(name).strip("/")  # of slashes alone no name is left
    if not name or len(name) > LONGEST or len(version) > LONGEST:
        return ""
    given = {key: _plain(value[:LONGEST]) for key, value in qualifiers.items() if value}
    try:
        return PackageURL(kind, _plain(namespace) or None, name, _plain(version) or None, given or None).to_string()
    except ValueError:
        return ""


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8").strip()


def distribution(system: OperatingSystem) -> str:
    """The namespace and the ``distro`` of a system's packages, with a hyphen between them; empty if it is no known distribution."""
    vendor = "raspbian" if system.name.startswith("Raspbian") else _DISTRIBUTIONS.get(system.product, "")
    # Debian's minor numbers are a state of its updates, not a release.
    version = system.version.partition(".")[0] if vendor in {"debian", "raspbian"} else system.version
    return f"{vendor}-{version}" if vendor else ""


def with_distribution(text: str, distro: str) -> str:
    """The package URL of a distribution's package, with the distribution as its namespace and qualifier; unchanged if it has a namespace."""
    read = PackageURL.from_string(text)
    if read.namespace:
        return text
    qualifiers = {**read.qualifiers, "distro": distro}
    return PackageURL(read.type, distro.rpartition("-")[0], read.name, read.version, qualifiers, read.subpath).to_string()
