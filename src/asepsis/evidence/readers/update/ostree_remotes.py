"""OSTree: the remotes that a system takes its files from.

``[remote "NAME"]`` with ``url``, ``gpg-verify`` (on unless switched off), ``sign-verify``, ``tls-permissive`` (ostree.repo-config(5)); in
``remotes.d/*.conf`` or in the repository's ``config``.

Known ways it lies: an update may be pulled by hand from elsewhere; ``gpg-verify-summary`` is another check.
"""

from __future__ import annotations

import re
from itertools import groupby

from asepsis.evidence.protocols.text import key_file
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import UpdateMechanism, Zone

_PATH = re.compile(r"(?:^|/)(?:ostree/remotes\.d/[^/]+\.conf|ostree/repo/config|flatpak/repo/config)$")
_REMOTE = re.compile(r"remote \"([^\"]{1,64})\"\Z")


class OstreeRemotesReader:
    """Emits an :class:`UpdateMechanism` for each remote."""

    info = ReaderInfo("ostree_remotes", "Remotes of OSTree", (UpdateMechanism,), ("etc/ostree/remotes.d/*.conf", "ostree/repo/config"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, and a section in the head."""
        return Sureness.YES if _PATH.search(path) and b"[" in head and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Section by section."""
        seen = 0
        for section, entries in groupby(key_file(source.lines()), key=lambda entry: entry.section):
            rows = {entry.key: entry for entry in entries}
            found = _REMOTE.match(section)
            if not found or "url" not in rows:
                continue
            seen += 1
            checked = _on(rows["gpg-verify"].value) if "gpg-verify" in rows else True
            checked = checked or ("sign-verify" in rows and rows["sign-verify"].value.lower() not in {"false", "0"})
            secure = rows["url"].value.lower().startswith("https:") and not ("tls-permissive" in rows and _on(rows["tls-permissive"].value))
            line = rows["gpg-verify"].line if "gpg-verify" in rows else rows["url"].line
            zone = Zone.SUPPLY_CHAIN if secure else Zone.DEVICE_NETWORK
            emit(UpdateMechanism(source.where(line=line), f"ostree-{found.group(1)}", zone, checked, transport_protected=secure))
        if not seen:
            raise NotThisFormat


def _on(value: str) -> bool:
    return value.lower() in {"true", "1", "yes"}
