r"""Who is let in: log-on at start, remote desktop, SNMP, and accounts' secrets, as the registry keeps them. No I/O.

Sources: Microsoft's documentation of Winlogon, Terminal Services (``fDenyTSConnections``, ``UserAuthentication``), SNMP and the structure of the
accounts database as published by free tools [K].
"""

from __future__ import annotations

import re
import struct

from asepsis.evidence.protocols.registry.key import Key, Value
from asepsis.evidence.protocols.secrets import stored
from asepsis.evidence.reader import Emit
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Account, Auth, Confidence, Gives, PasswordHash, Service, StoredSecret, Zone
from asepsis.model.secret import SecretForm, SecretKind

STORE = "registry"


def winlogon(source: BoundedSource, key: Key, emit: Emit) -> None:
    """``DefaultPassword`` in clear; with ``AutoAdminLogon`` the device logs itself in."""
    user = key.text("defaultusername") or key.text("altdefaultusername")
    for name in ("defaultpassword", "altdefaultpassword"):
        secret = key.text(name)
        if secret:
            redacted = stored(source, SecretKind.LOGIN, SecretForm.CLEARTEXT, secret)
            emit(StoredSecret(key.place(name), redacted, STORE, user[:64], key.values[name].name[:64], "rdp"))
    if key.number("autoadminlogon"):
        detail = f"Windows logs '{user[:64]}' in at start and asks nobody" if user else "Windows logs an account in at start and asks nobody"
        emit(auto_log_on(source, key, detail))


def auto_log_on(_source: BoundedSource, key: Key, detail: str) -> Service:
    """A log-on that asks nobody."""
    return Service(key.place("autoadminlogon"), "auto-logon", "winlogon", Auth.NONE, enabled=True, zone=Zone.TOUCH, detail=detail)


def remote_desktop(_source: BoundedSource, key: Key, emit: Emit) -> None:
    r"""``Control\Terminal Server``, or the policy that outweighs it: 0 lets connections in."""
    denied = key.number("fdenytsconnections")
    if denied is not None:
        emit(_rdp(key, "fdenytsconnections", enabled=not denied))


def remote_desktop_listener(_source: BoundedSource, key: Key, emit: Emit) -> None:
    r"""``WinStations\RDP-Tcp``: port, and whether a log-in is asked for before a session is built up."""
    level = key.number("userauthentication")
    if level is None and key.number("portnumber") is None:
        return
    notes = {0: "no network level authentication: the log-in screen is open to everybody who reaches it", 1: "network level authentication"}
    emit(_rdp(key, "userauthentication", port=key.number("portnumber"), detail=notes.get(-1 if level is None else level, "")))


def _rdp(key: Key, name: str, *, enabled: bool | None = None, port: int | None = None, detail: str = "") -> Service:
    port = port if port and port < 65536 else None  # noqa: PLR2004
    return Service(key.place(name), "rdp", "TermService", Auth.PASSWORD, encrypted=True, enabled=enabled, port=port, detail=detail)


_WRITES = 8


def snmp_communities(source: BoundedSource, key: Key, emit: Emit) -> None:
    """``ValidCommunities``: the names of the values are the communities, their numbers the rights (1 none, 2 notify, 4 read, 8 and 16 write)."""
    rights = []
    for value in _named(key):
        right = value.number
        if right is None:
            continue
        redacted = stored(source, SecretKind.APPLICATION, SecretForm.CLEARTEXT, value.name)
        emit(StoredSecret(value.where, redacted, "snmpd", "", "ValidCommunities", "snmp"))
        rights.append((right, value.where))
    if not rights:
        return
    most, where = max(rights, key=lambda entry: entry[0])
    writes = most >= _WRITES
    detail = f"{'settings can be written' if writes else 'values can be read'} with a community name sent in clear"
    gives = Gives.CONTROL if writes else Gives.READING
    emit(Service(where, "snmp", "snmp.exe", Auth.PASSWORD, encrypted=False, port=161, gives=gives, detail=detail))


def _named(key: Key) -> list[Value]:
    return [value for name, value in sorted(key.values.items()) if name]


_DISABLED, _NO_PASSWORD_NEEDED = 0x1, 0x4
_TABLE_END = 0xCC
_NAME, _LM, _NT = 0x0C, 0x9C, 0xA8
_EMPTY_SIZES = frozenset({0, 4, 24})
"""A hash that is not there: nothing, or only a head (RC4 and AES form)."""
_RID = re.compile(r"[0-9A-Fa-f]{8}")


def account(source: BoundedSource, key: Key, emit: Emit) -> None:
    """One local account of the SAM: ``V`` has its name and hashes, ``F`` its flags. The hashes stay under the boot key of the SYSTEM hive."""
    table, flags = key.values.get("v"), key.values.get("f")
    if not table or len(table.data) < _TABLE_END:
        return
    name = _piece(table.data, _NAME).decode("utf-16-le", "replace")[:64]
    bits = int.from_bytes(flags.data[0x38:0x3A], "little") if flags and len(flags.data) >= 0x3A else None  # noqa: PLR2004
    rid = int(key.name, 16) if _RID.fullmatch(key.name) else None
    emit(Account(key.where, name, rid, source="sam", can_log_in=None if bits is None else not bits & _DISABLED))
    hashes = {scheme: _piece(table.data, at) for scheme, at in (("nt", _NT), ("lm", _LM))}
    kept = {scheme: data for scheme, data in hashes.items() if len(data) not in _EMPTY_SIZES}
    for scheme, data in kept.items():
        emit(PasswordHash(table.where, name, scheme, source.redact(SecretKind.LOGIN, SecretForm.HASHED, data), "sam"))
    if not kept and bits is not None and not bits & _DISABLED:
        emit(PasswordHash(table.where, name, "empty", source.redact(SecretKind.LOGIN, SecretForm.EMPTY, ""), "sam"))


def _piece(table: bytes, at: int) -> bytes:
    offset, length = struct.unpack_from("<II", table, at)
    return table[_TABLE_END + offset : _TABLE_END + offset + length]


_SECRETS = {"defaultpassword": "password of the log-on at start", "aspnet_wp_password": "password of ASP.NET's account"}


def lsa_secret(source: BoundedSource, key: Key, emit: Emit) -> None:
    r"""A secret of the security authority (``Policy\Secrets\NAME\CurrVal``), encrypted under a key that lies in the SYSTEM hive beside it."""
    name = key.path.split("\\")[-2]
    service = name.removeprefix("_sc_") if name.startswith("_sc_") else ""
    value = key.values.get("")
    if value is None or len(value.data) <= 8 or not (service or name in _SECRETS):  # noqa: PLR2004 - an empty secret is only its head
        return
    redacted = source.redact(SecretKind.LOGIN, SecretForm.RECOVERABLE, value.data)
    what = f"password of the account of service {service[:48]}" if service else _SECRETS[name]
    emit(StoredSecret(value.where, redacted, "lsa-secret", what, name[:64], "", Confidence.LIKELY))


MEANINGS = (
    ("software\\microsoft\\windows nt\\currentversion\\winlogon", winlogon),
    ("system\\current\\control\\terminal server", remote_desktop),
    ("software\\policies\\microsoft\\windows nt\\terminal services", remote_desktop),
    ("system\\current\\control\\terminal server\\winstations\\rdp-tcp", remote_desktop_listener),
    ("software\\policies\\microsoft\\windows nt\\terminal services", remote_desktop_listener),
    ("system\\current\\services\\snmp\\parameters\\validcommunities", snmp_communities),
    ("software\\policies\\snmp\\parameters\\validcommunities", snmp_communities),
    ("sam\\domains\\account\\users\\*", account),
    ("security\\policy\\secrets\\*\\currval", lsa_secret),
)
