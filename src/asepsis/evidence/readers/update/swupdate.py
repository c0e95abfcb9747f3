"""SWUpdate: the settings of the client (``swupdate.cfg``) and the description of an update (``sw-description``).

libconfig text, the description also as JSON. ``public-key-file`` in the client's ``globals``, or ``-k FILE`` on its command line, names the key that
an update must be signed with; a client built for signed images refuses to start without one. In a signed update every image has a ``sha256``, since
the signature covers only the description (SWUpdate documentation, "Update images from verified source"): a description with an image without one
comes from updates that are not signed. In the client's settings ``nocheckcert`` believes any server; ``authentication`` (user:password),
``targettoken`` and ``gatewaytoken`` are secrets.

Known ways it lies: the signature itself (``sw-description.sig``) lies beside the description and is not looked at; the client's own build decides.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.secrets import stored
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import StoredSecret, UncheckedPeer, UpdateMechanism, Zone
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)(?:swupdate\.cfg|sw-description|swupdate/conf\.d/[^/]+|etc/default/swupdate)$")
_SIGN = re.compile(rb"(?m)^\s*(?:software|globals|\{)|SWUPDATE_ARGS")
_COMMENT = re.compile(r"(\"(?:\\.|[^\"\\\n])*+\"?)|//[^\n]*|#[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)")
_KEY = re.compile(r"(?<![\w-])public-key-file\s*=\s*\"[^\"]+\"|\bSWUPDATE_ARGS\b[^\n]{0,1024}?\s(?:-k|--key)[ =]")
_FILE = re.compile(r"(?<![\w\"-])\"?filename\"?\s*[=:]")
_SHA = re.compile(r"(?<![\w\"-])\"?sha256\"?\s*[=:]")
_UNCHECKED = re.compile(r"(?<![\w-])nocheckcert\s*=\s*true\b", re.IGNORECASE)
_SECRET = re.compile(r"(?<![\w-])(authentication|targettoken|gatewaytoken)\s*=\s*\"([^\"\n]{1,512})\"")
_MOST_SECRETS = 100


class SwupdateReader:
    """Emits the :class:`UpdateMechanism` ``swupdate``, a :class:`StoredSecret` for each secret, an :class:`UncheckedPeer`."""

    info = ReaderInfo(
        "swupdate",
        "Settings and descriptions of SWUpdate",
        (UpdateMechanism, StoredSecret, UncheckedPeer),
        ("swupdate.cfg", "sw-description"),
    )
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, and a word of its own in the head."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and _SIGN.search(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """A description by its images, settings by their key."""
        text = _COMMENT.sub(lambda found: found[1] or "\n" * found[0].count("\n"), source.content().decode("utf-8", "replace"))
        if source.path.endswith("sw-description"):
            _description(source, text, emit)
        else:
            _settings(source, text, emit)


def _description(source: BoundedSource, text: str, emit: Emit) -> None:
    """Every image needs a hash; which of them lacks one is not told."""
    files, hashes = [found.start() for found in _FILE.finditer(text)], sum(1 for _ in _SHA.finditer(text))
    if not files:
        raise NotThisFormat
    emit(UpdateMechanism(source.where(line=_line(text, files[0])), "swupdate", Zone.TOUCH, signature_checked=None if hashes >= len(files) else False))


def _settings(source: BoundedSource, text: str, emit: Emit) -> None:
    key, unchecked = _KEY.search(text), _UNCHECKED.search(text)
    where = source.where(line=_line(text, key.start()) if key else 1)
    emit(UpdateMechanism(where, "swupdate", Zone.TOUCH, signature_checked=True if key else None))
    if unchecked:
        emit(UncheckedPeer(source.where(line=_line(text, unchecked.start())), "nocheckcert = true", "", "https"))
    for found, _ in zip(_SECRET.finditer(text), range(_MOST_SECRETS), strict=False):
        user, _, password = found[2].partition(":") if found[1] == "authentication" else ("", "", found[2])
        if password:
            redacted = stored(source, SecretKind.APPLICATION, SecretForm.CLEARTEXT, password)
            where = source.where(line=_line(text, found.start()))
            emit(StoredSecret(where, redacted, "swupdate", user[:64], found[1], "update server"))


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
