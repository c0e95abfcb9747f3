"""Names of packages of Node.js. No I/O."""

from __future__ import annotations

from asepsis.evidence.protocols.purl import purl


def npm_purl(name: str, version: str) -> str:
    """The package URL of ``name`` or ``@scope/name``."""
    scope, found, bare = name.rpartition("/")
    return purl("npm", bare, version, namespace=scope) if found else purl("npm", name, version)
