"""Settings of pip and npm that make them believe any server.

pip: ``index-url = http://…``, ``trusted-host`` in ``pip.conf`` (pip documentation, "Configuration"); npm: ``registry=http://…``,
``strict-ssl=false`` in ``.npmrc`` (npm documentation, "npmrc"). Neither asks for a signature, so the connection is all that tells who made a package.

Known ways it lies: options of a command line outweigh both; nothing here says that either is ever called.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.text import Entry, key_file, unquote
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import UpdateMechanism, Zone

_PATH = re.compile(r"(?:^|/)(?P<pip>pip\.conf|\.pip/pip\.conf|pip\.ini)$|(?:^|/)(?:\.?npmrc)$")
_LOOPBACK = re.compile(r"https?://(?:localhost|127\.|\[::1\])")


class PackageIndexReader:
    """Emits an :class:`UpdateMechanism` for the first setting that leaves the server unchecked."""

    info = ReaderInfo("package_index", "Where pip and npm take packages from", (UpdateMechanism,), ("pip.conf", ".npmrc"))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"=" in head and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Entry by entry; one fact is enough."""
        name = "pip" if source.path.endswith(("pip.conf", "pip.ini")) else "npm"
        for entry in key_file(source.lines()):
            if _is_open(entry):
                where = source.where(line=entry.line)
                emit(UpdateMechanism(where, name, Zone.DEVICE_NETWORK, signature_checked=False, transport_protected=False))
                return


def _is_open(entry: Entry) -> bool:
    key, value = entry.key.lower().replace("_", "-"), unquote(entry.value).lower()
    if key in {"find-links", "registry"} or key.endswith(("index-url", ":registry")):
        return any(word.startswith("http://") and not _LOOPBACK.match(word) for word in value.split())
    if key == "trusted-host":
        return any(word not in {"localhost", "127.0.0.1"} for word in value.split())
    return key == "strict-ssl" and value == "false"
