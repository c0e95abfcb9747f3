"""RADIUS: what a server shares with its clients, its users, and what a client keeps of its server.

FreeRADIUS 3 (clients.conf(5), users(5)): ``client NAME { ipaddr = … secret = … }``, ``home_server NAME { secret = … }``, ``private_key_password``
of its EAP module, ``password`` of its databases; lines ``NAME Cleartext-Password := "…"`` (``NT-Password``: the NT hash) in ``users`` or
``authorize``. Clients keep lines ``SERVER[:PORT] SECRET`` (pam_radius_auth.conf, radiusclient's ``servers``).

Known ways it lies: the packaged configuration shares ``testing123`` with a client on the device itself and calls the passphrase of a test key
``whatever``; modules below ``mods-available`` are used only if they are linked.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.braces import entries, innermost
from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.protocols.text import Entry, word_lines
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_SERVER = re.compile(r"(?:^|/)(?:freeradius|raddb|radiusd?)/(?:.*/)?[^/]+$")
_USERS = re.compile(r"(?:^|/)(?:freeradius|raddb|radiusd?)/(?:.*/)?(?:users|authorize)(?:\.[^/]*)?$|(?:^|/)radius[_.-]?users[^/]*$")
_CLIENT = re.compile(r"(?:^|/)(?:pam_radius_auth\.conf|(?:radiusclient(?:-ng)?|radcli|freeradius-client)/servers|raddb/server)$")
_CODE = re.compile(r"/(?:dictionary[^/]*|certs/.*|[^/]*\.(?:pl|py|sql|sh|pem|key|crt|der|p12|md))$")
_KEYS = {
    "secret": SecretKind.NETWORK_LOGIN,
    "private_key_password": SecretKind.NETWORK_LOGIN,
    "password": SecretKind.APPLICATION,
}
_USER = re.compile(
    r'("[^"]{1,128}"|[^\s"#,]{1,128})\s.{0,512}?\b(Cleartext-Password|User-Password|NT-Password)\s*:?=\s*("[^"]{1,256}"|[^\s,"]{1,256})'
)
_PACKAGED = frozenset({"testing123", "whatever", "secret", "other-secret", "radpass", "mypass"})
_HERE = re.compile(r"127\.\d+\.\d+\.\d+(?:/\d+)?|::1|localhost(?:[_-]ipv6)?|other-server")


class RadiusReader:
    """Emits one :class:`StoredSecret` for each secret; its subject is the other end, or the user."""

    info = ReaderInfo("radius", "Secrets of RADIUS servers and clients", (StoredSecret,), ("clients.conf", "users", "pam_radius_auth.conf"))
    signs = Signs(paths=(_SERVER, _USERS, _CLIENT), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By folder and name."""
        if b"\0" in head or _CODE.search(path):
            return Sureness.NO
        return Sureness.YES if _SERVER.search(path) or _USERS.search(path) or _CLIENT.search(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """A list of servers, a list of users, or settings in braces, by the file's name."""
        keeper = Keeper(source, emit, "radius")
        if _CLIENT.search(source.path):
            _read_servers(keeper)
        elif _USERS.search(source.path):
            _read_users(keeper)
        else:
            _read_settings(keeper)


def _read_servers(keeper: Keeper) -> None:
    for number, words in word_lines(keeper.source.lines()):
        if len(words) > 1:
            _tell(keeper, words[1], number, words[0], "secret", SecretKind.NETWORK_LOGIN, peer=words[0].split(":")[0])


def _read_users(keeper: Keeper) -> None:
    for number, line in keeper.source.lines():
        found = _USER.match(line[:2048])
        if found and not line.startswith("#"):
            name, attribute, secret = (part.strip('"') for part in found.groups())
            form = SecretForm.DERIVED if attribute == "NT-Password" else None
            keeper.tell(SecretKind.NETWORK_LOGIN, secret, line=number, subject=name, key=attribute, form=form)


def _read_settings(keeper: Keeper) -> None:
    """The address of a client may stand behind its secret."""
    found = list(entries(keeper.source.lines()))
    peers = {entry.section: entry.value for entry in found if entry.key in {"ipaddr", "ipv4addr", "ipv6addr", "ipaddr6"}}
    for entry in found:
        kind = _KEYS.get(entry.key)
        if kind and entry.value and _holds(entry):
            name = innermost(entry).removeprefix("client ").removeprefix("home_server ")
            _tell(keeper, entry.value, entry.line, name, entry.key, kind, peer=peers.get(entry.section, name))


def _holds(entry: Entry) -> bool:
    """``secret`` counts in a client or server only: other modules use the word for something else."""
    block = innermost(entry)
    if entry.key == "secret":
        return block.startswith(("client", "home_server"))
    return entry.key == "private_key_password" or block.startswith(("sql", "ldap", "redis", "rest", "mysql", "postgresql"))


def _tell(keeper: Keeper, secret: str, line: int, subject: str, key: str, kind: SecretKind, *, peer: str) -> None:
    here = secret in _PACKAGED and (key != "secret" or _HERE.fullmatch(peer) is not None)
    keeper.tell(kind, secret, line=line, subject=subject, key=key, placeholder="the packaged example for the device itself" if here else "")
