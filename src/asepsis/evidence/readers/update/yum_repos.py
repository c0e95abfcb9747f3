"""``*.repo`` files of yum, dnf and zypper: where RPM packages come from, and whether their signature is checked.

INI; one section for each source with ``baseurl`` or ``mirrorlist``, ``enabled``, ``gpgcheck``, ``sslverify`` (yum.conf(5), dnf.conf(5)). Without
``gpgcheck`` the default of ``[main]`` counts, which is not in this file: then it is not known. A source whose packages are signed counts as
protected on the way.

Known ways it lies: ``--nogpgcheck`` of a command line outweighs it; nothing here says that the package manager is ever called.
"""

from __future__ import annotations

import re
from itertools import groupby

from asepsis.evidence.protocols.text import key_file
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import UpdateMechanism, Zone

_PATH = re.compile(r"(?:^|/)etc/(?:yum\.repos\.d|zypp/repos\.d|yum/repos\.d)/[^/]+\.repo$")
_WORDS = {**dict.fromkeys(("1", "yes", "true", "on"), True), **dict.fromkeys(("0", "no", "false", "off"), False)}
_MOST = 256


class YumReposReader:
    """Emits an :class:`UpdateMechanism` for each source that is switched on."""

    info = ReaderInfo("yum_repos", "Sources of yum, dnf and zypper", (UpdateMechanism,), ("etc/yum.repos.d/*.repo",))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, and a section in the head."""
        return Sureness.YES if _PATH.search(path) and b"[" in head and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Section by section."""
        seen = 0
        for name, entries in groupby(key_file(source.lines()), key=lambda entry: entry.section):
            rows = {entry.key.lower(): entry for entry in entries}
            at = next((rows[key] for key in ("baseurl", "mirrorlist", "metalink") if key in rows), None)
            seen += at is not None
            if at is None or seen > _MOST or ("enabled" in rows and _WORDS.get(rows["enabled"].value.lower()) is False):
                continue
            checked = _WORDS.get(rows["gpgcheck"].value.lower()) if "gpgcheck" in rows else None
            secure = at.value.lower().startswith("https:") and not ("sslverify" in rows and _WORDS.get(rows["sslverify"].value.lower()) is False)
            line = rows["gpgcheck"].line if "gpgcheck" in rows else at.line
            zone = Zone.SUPPLY_CHAIN if secure or checked else Zone.DEVICE_NETWORK
            protected = True if secure or checked else False if checked is False else None
            emit(UpdateMechanism(source.where(line=line), f"packages-{name[:48]}", zone, checked, transport_protected=protected))
        if not seen:
            raise NotThisFormat
