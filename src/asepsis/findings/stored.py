"""Which rule a stored secret belongs to: every usable one to exactly one rule, so that none is missed and none is told twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from asepsis.findings.dismissals import dismissed, of_secret
from asepsis.findings.log_ins import SYSTEM_LOG_INS, WINDOWS_LOG_INS, Entry, cannot_log_in, entry_by, is_of_system
from asepsis.findings.rule import Facts, RuleInfo
from asepsis.findings.ways_in import WayIn, ways_in
from asepsis.findings.words import PROPOSAL, named, place
from asepsis.model.dismissed import Dismissed
from asepsis.model.facts import Account, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

SPOKEN_STORES = frozenset({"script", "url", "binary", "source", "settings", "token", "sshpass", "curl"})
"""Stores where a secret is written into a command, an address or a program, usually to be used against another machine."""
LOG_STORE = "log"
"""The store of a secret that a program wrote down while it worked."""

_KINDS = {
    SecretKind.WIFI: "Wi-Fi password",
    SecretKind.NETWORK_LOGIN: "network log-in",
    SecretKind.LOGIN: "password",
    SecretKind.KEY: "key",
    SecretKind.REMOTE_SUPPORT: "remote-support password",
    SecretKind.APPLICATION: "application password",
}


_WIFI_RULES = {SecretForm.DERIVED: "wifi_secret_derived", SecretForm.EMPTY: "open_wifi_access_point"}
_FORM_RULES = {
    SecretForm.EMPTY: "empty_password",
    SecretForm.RECOVERABLE: "recoverable_secret",
    SecretForm.HASHED: "hard_coded_password",
}
_JDBC = "jdbc:"
_ANY_DATABASE = "database"
_DATABASES: dict[str, tuple[str, ...]] = {
    _ANY_DATABASE: ("postgresql", "mysql", "mongodb", _ANY_DATABASE),
    **dict.fromkeys(("postgresql", "postgres"), ("postgresql",)),
    **dict.fromkeys(("mysql", "mariadb"), ("mysql",)),
    "mongodb": ("mongodb",),
    **dict.fromkeys(("redis", "rediss"), ("redis",)),
}
"""How readers and addresses say what a secret opens → the services of databases."""
_OF_CLIENT = {"pgpass": ("postgresql",), "my.cnf": ("mysql",)}
"""Files of one database's clients → its service."""
_LOG_INS = frozenset({*SYSTEM_LOG_INS, *WINDOWS_LOG_INS})
"""Services that let accounts of the system in."""
_USELESS_HASHED = frozenset({SecretKind.WIFI, SecretKind.NETWORK_LOGIN, SecretKind.KEY})
"""Kinds that cannot be used from a hash; one that can (an NT hash, a WPA key) is read as derived."""


def belongs_to(stored: StoredSecret) -> str:
    """The id of the rule that answers for it, or an empty string if it is no usable secret."""
    if no_secret(stored):
        return ""
    if is_snmp(stored) and stored.secret.known_default:
        return "snmp_community_default"
    if stored.store == LOG_STORE:
        return "secret_in_log"
    kind, form = stored.secret.kind, stored.secret.form
    if kind is SecretKind.WIFI:
        return _WIFI_RULES.get(form, "wifi_secret_in_clear")
    if kind is SecretKind.NETWORK_LOGIN and form is not SecretForm.EMPTY:
        return "stored_network_login"
    by_form = _FORM_RULES.get(form, "")
    return by_form or ("embedded_credential" if _is_embedded(stored) else "hard_coded_password")


def no_secret(stored: StoredSecret) -> str:
    """Why it is no usable secret, or an empty string."""
    if stored.secret.placeholder:
        return f"{said(stored)}: {stored.secret.placeholder} ({place(stored.where)})"
    if stored.secret.form in {SecretForm.LOCKED, SecretForm.SEALED}:
        return f"{said(stored)}: {stored.secret.form.value} ({place(stored.where)})"
    if stored.secret.form is SecretForm.HASHED and stored.secret.kind in _USELESS_HASHED:
        return f"{said(stored)}: only its hash, which nothing accepts ({place(stored.where)})"
    return ""


def is_snmp(stored: StoredSecret) -> bool:
    """An SNMP community name."""
    return "snmp" in {stored.store, stored.opens}


def kind_words(stored: StoredSecret) -> str:
    """What it is: ``Wi-Fi password``."""
    return _KINDS[stored.secret.kind]


def said(stored: StoredSecret) -> str:
    """What it is called: ``Wi-Fi password of 'ward7'``."""
    return f"{_KINDS[stored.secret.kind]} of {named(stored.subject, 'an unnamed user')}"


def opens(facts: Facts, stored: StoredSecret) -> Entry:
    """What a stored log-in opens on this device.

    A secret in a script or an address is meant for another machine; it opens a service here only if it names an account of this device.
    """
    if is_of_database(stored):
        return own_database(facts, stored, stored.secret.digest)
    is_account = any(account.name == stored.subject for account in facts.of(Account))
    if stored.store in SPOKEN_STORES and not is_account:
        return Entry()
    barred = cannot_log_in(facts, stored.subject) if is_account and _is_of_account(stored) else ""
    if barred:
        return Entry(refused=(barred,))
    return entry_by(_doors(facts, stored, is_account=is_account), stored.subject, stored.secret.digest)


def is_of_database(stored: StoredSecret) -> bool:
    """It opens a database, which has users of its own and does not ask for accounts of the system."""
    return stored.opens.removeprefix(_JDBC) in _DATABASES


def own_database(facts: Facts, stored: StoredSecret, secret: str, *, empty: bool = False) -> Entry:
    """The device's own databases of this kind, if it has one. Which machine is meant is not read, so that it is this one is an assumption."""
    kind = stored.opens.removeprefix(_JDBC)
    services = _OF_CLIENT.get(stored.store, _DATABASES[kind]) if kind == _ANY_DATABASE else _DATABASES[kind]
    entry = entry_by(ways_in(facts, *services), stored.subject, secret, empty=empty)
    own = f"The {said(stored)} is taken to be for the device's own database: which machine it is meant for was not read {PROPOSAL}"
    return replace(entry, assumes=(*entry.assumes, own)) if entry.claims else entry


def dismissal(info: RuleInfo, stored: StoredSecret) -> Dismissed:
    """That a stored secret is none, or of no use."""
    return dismissed(info, of_secret(stored.secret), no_secret(stored), stored.where)


def dismissals(info: RuleInfo, facts: Facts, *kinds: SecretKind) -> Iterator[Dismissed]:
    """Stored secrets of ``kinds`` that are none, and why."""
    return (dismissal(info, stored) for stored in facts.of(StoredSecret) if stored.secret.kind in kinds and no_secret(stored))


def _doors(facts: Facts, stored: StoredSecret, *, is_account: bool) -> tuple[WayIn, ...]:
    if stored.opens:
        return ways_in(facts, stored.opens)
    if stored.store == "vnc":
        return ways_in(facts, "vnc")
    return ways_in(facts, "telnet", "ssh", "ftp", "serial-console", "rlogin", "rdp") if is_account else ()


def _is_of_account(stored: StoredSecret) -> bool:
    """Whether it counts as the password of an account of the system: other services have users of their own, who may be called alike."""
    if stored.store in SPOKEN_STORES:
        return True
    return is_of_system(stored.store) and (stored.opens in _LOG_INS or not (stored.opens or stored.store == "vnc"))


def _is_embedded(stored: StoredSecret) -> bool:
    if stored.secret.kind is SecretKind.REMOTE_SUPPORT:
        return False
    return stored.secret.kind in {SecretKind.APPLICATION, SecretKind.KEY} or stored.store in SPOKEN_STORES
