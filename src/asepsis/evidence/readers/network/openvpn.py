"""OpenVPN: configurations with what they hold inside, files with a log-in, and static keys.

An ``.ovpn`` or ``.conf`` file (openvpn(8), 2.6) may hold blocks: ``<auth-user-pass>`` with user and password on two lines,
``<http-proxy-user-pass>`` alike, ``<secret>`` with the static key that is the whole protection of a tunnel, ``<tls-auth>``, ``<tls-crypt>``,
``<tls-crypt-v2>`` with a key before the handshake; ``<key>`` is a private key, which the reader of private keys finds. ``auth-user-pass FILE``
and ``askpass FILE`` name files beside it: two lines, or one. A static key has the armour ``OpenVPN Static key V1`` around 256 bytes of hex.

Known ways it lies: ``auth-user-pass`` without a file asks somebody; files of log-ins may have any name, and only usual ones below ``openvpn`` are
known.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret
from asepsis.model.secret import SecretKind

_CONFIG = re.compile(r"\.ovpn$|(?:^|/)openvpn[^/]*/(?:.*/)?[^/]+\.conf$")
_LOGIN = re.compile(
    r"(?:^|/)openvpn[^/]*/(?:.*/)?[^/]*(?:auth|pass|login|cred|user|secret)[^/.]*(?:\.(?:txt|conf|cfg|auth|pass|pw))?$", re.IGNORECASE
)
_STATIC = b"-----BEGIN OpenVPN Static key V1-----"
_OPEN = re.compile(r"<(auth-user-pass|http-proxy-user-pass|secret|tls-auth|tls-crypt|tls-crypt-v2|key|ca|cert|extra-certs|pkcs12|dh)>")
_LOGIN_LINES = frozenset({1, 2})
_LONGEST = 256
"""Characters of a line in a file of a log-in."""
_MOST_LINES = 400
"""Lines of one block: a static key has 18."""


class OpenvpnReader:
    """Emits one :class:`StoredSecret` for each log-in and static key; its subject is the user's name, else the file's."""

    info = ReaderInfo("openvpn", "Log-ins and keys of OpenVPN", (StoredSecret,), ("*.ovpn", "openvpn/*.conf", "auth-user-pass files", "ta.key"))
    signs = Signs(paths=(_CONFIG, _LOGIN), heads=(re.compile(_STATIC),), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, or by the armour of a static key."""
        if b"\0" in head:
            return Sureness.NO
        return Sureness.YES if _CONFIG.search(path) or _STATIC in head else Sureness.MAYBE if _LOGIN.search(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Blocks of a configuration, the lines of a log-in. Raises ``Malformed`` if a block does not end."""
        keeper = Keeper(source, emit, "openvpn")
        if _LOGIN.search(source.path) and not _CONFIG.search(source.path) and _read_login(keeper):
            return
        block: tuple[str, int, list[tuple[int, str]]] | None = None
        for number, raw in source.lines():
            line = raw.strip()
            if block is None:
                found = _OPEN.fullmatch(line)
                armour = line.encode("utf-8", "surrogateescape") == _STATIC
                block = (found.group(1), number, []) if found else ("static", number, []) if armour else None
            elif line == f"</{block[0]}>" or (block[0] == "static" and line.startswith("-----END")):
                _tell(keeper, *block)
                block = None
            elif len(block[2]) < _MOST_LINES:
                block[2].append((number, line))
        if block is not None:
            raise Malformed(f"the block <{block[0]}> does not end", line=block[1])


def _read_login(keeper: Keeper) -> bool:
    """A file of one or two short lines is a log-in; whether it was one."""
    rows: list[tuple[int, str]] = []
    for number, line in keeper.source.lines():
        if line.strip():
            rows.append((number, line.strip()))
        if len(rows) > max(_LOGIN_LINES) or len(line) > _LONGEST:
            return False
    if len(rows) not in _LOGIN_LINES or rows[0][1].startswith(("#", ";", "-----", "<", "/")):
        return False
    number, secret = rows[-1]
    subject = rows[0][1] if len(rows) > 1 else ""
    keeper.tell(SecretKind.NETWORK_LOGIN, secret, line=number, subject=subject, key="auth-user-pass", confidence=Confidence.LIKELY)
    return True


def _tell(keeper: Keeper, kind: str, number: int, rows: list[tuple[int, str]]) -> None:
    rows = [(line, text) for line, text in rows if text]
    name = keeper.source.path.rsplit("/", 1)[-1]
    if kind.endswith("user-pass"):
        if len(rows) > 1:
            keeper.tell(SecretKind.NETWORK_LOGIN, rows[1][1], line=rows[1][0], subject=rows[0][1], key=kind)
    elif kind in {"secret", "static", "tls-auth", "tls-crypt", "tls-crypt-v2"}:
        key = "".join(text for _, text in rows if not text.startswith(("-", "#")))
        if re.fullmatch(r"[0-9A-Fa-f]{32,}|[A-Za-z0-9+/=]{64,}", key):
            keeper.tell(SecretKind.NETWORK_LOGIN, key, line=number, subject=name, key=kind)
