"""netplan: YAML that Ubuntu's networks, and cloud-init's, are written in.

``network: {wifis: IFACE: {access-points: SSID: {password: …}}}`` or ``auth:`` with ``key-management`` (``psk``, ``sae``, ``eap``, ``802.1x`` …),
``identity``, ``password`` (also ``hash:`` with the NT hash) and ``client-key-password``; ``ethernets: IFACE: auth:`` the same; ``modems:`` with
``password`` and ``pin``; ``tunnels:`` with ``key`` or ``keys: private`` and, of each peer, ``keys: shared`` (netplan.io reference, 1.1). With
``eap`` the password is a log-in, else the network's passphrase, or its derived key in 64 hex digits. An access point with neither password nor
authentication is open.

Known ways it lies: a tunnel's key may be the path of a file that keeps it; anchors and aliases are not followed.
"""

from __future__ import annotations

import re
from collections import defaultdict

from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.protocols.yaml_lines import Value, values
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import KeyReference, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)netplan/[^/]+\.ya?ml$|(?:^|/)network-config$")
_SIGN = re.compile(rb"(?m)^\s+access-points:\s*(?:\{|$|#)")
_TUNNEL_KEY = re.compile(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")
_ACCESS_POINT = 4
"""Keys down to an access point: ``wifis``, its interface, ``access-points``, its SSID."""
_LOGINS = frozenset({"client-key-password", "pin"})


class NetplanReader:
    """Emits one :class:`StoredSecret` for each secret; its subject is the SSID or the identity, else the interface."""

    info = ReaderInfo("netplan", "Networks of netplan", (StoredSecret, KeyReference), ("etc/netplan/*.yaml", "network-config"))
    signs = Signs(paths=(_PATH,), heads=(_SIGN,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By folder, or by a block of access points."""
        if b"\0" in head:
            return Sureness.NO
        return Sureness.YES if _PATH.search(path) else Sureness.MAYBE if b"access-points" in head and _SIGN.search(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Interface by interface, access point by access point: what belongs together stands in one mapping."""
        keeper = Keeper(source, emit, "netplan")
        groups: dict[tuple[str, ...], list[Value]] = defaultdict(list)
        for value in values(source.lines()):
            path = value.path[1:] if value.path[:1] == ("network",) else value.path
            if len(path) > 2 and path[0] in _READ:  # noqa: PLR2004
                depth = _ACCESS_POINT if path[2] == "access-points" else 2
                groups[path[:depth]].append(Value(value.line, path[depth:], value.text, value.quoted))
        for place, group in groups.items():
            _READ[place[0]](keeper, place, group)


def _network(keeper: Keeper, place: tuple[str, ...], group: list[Value]) -> None:
    """An access point, or a wired interface with 802.1X."""
    said, name = {value.path: value.text for value in group}, place[-1]
    management = said.get(("auth", "key-management"), "").lower()
    user = said.get(("auth", "identity"), "")
    for value in group:
        key = value.path[-1] if value.path else ""
        if key == "password":
            login = value.path[0] == "auth" and (management in {"eap", "802.1x", "eap-sha256"} or (not management and bool(user)))
            _tell_password(keeper, value, user if login else name, login=login)
        elif key == "client-key":
            keeper.refer(value.text, value.line, name)
        elif key in _LOGINS:
            keeper.tell(SecretKind.NETWORK_LOGIN, value.text, line=value.line, subject=user or name, key=key)
    if _is_open(place, said):
        keeper.tell(SecretKind.WIFI, "", line=group[0].line, subject=name, key="access-points")


def _is_open(place: tuple[str, ...], said: dict[tuple[str, ...], str]) -> bool:
    """Whether an access point was read, and has neither password nor authentication; a text in its place was not understood."""
    if len(place) != _ACCESS_POINT or place[2] != "access-points" or place[3] == "-" or said.get((), "{}") != "{}":
        return False
    return said.get(("mode",)) != "ap" and not any("password" in path or "auth" in path for path in said)


def _tell_password(keeper: Keeper, value: Value, subject: str, *, login: bool) -> None:
    text = value.text.removeprefix("hash:")
    form = SecretForm.DERIVED if login and text != value.text else None
    if text:
        kind = SecretKind.NETWORK_LOGIN if login else SecretKind.WIFI
        keeper.tell(kind, text, line=value.line, subject=subject, key="password", form=form)


def _modem(keeper: Keeper, place: tuple[str, ...], group: list[Value]) -> None:
    user = next((value.text for value in group if value.path == ("username",)), place[-1])
    for value in group:
        if value.path in {("password",), ("pin",)}:
            keeper.tell(SecretKind.NETWORK_LOGIN, value.text, line=value.line, subject=user, key=value.path[0])


def _tunnel(keeper: Keeper, place: tuple[str, ...], group: list[Value]) -> None:
    """Keys of WireGuard are base64; anything else is the path of a file or the number of a GRE tunnel."""
    for value in group:
        if value.path[-1:] and value.path[-1] in {"key", "private", "shared"} and _TUNNEL_KEY.fullmatch(value.text):
            keeper.tell(SecretKind.NETWORK_LOGIN, value.text, line=value.line, subject=place[-1], key=value.path[-1])


_READ = {"wifis": _network, "ethernets": _network, "modems": _modem, "tunnels": _tunnel}
