"""OpenWrt's other settings: log-ins of interfaces, tunnels and services in ``/etc/config``.

UCI sections (OpenWrt wiki, network/configuration): an ``interface`` with ``proto`` ``pppoe``, ``l2tp``, ``pptp``, ``3g``, ``qmi`` … has
``username`` and ``password``, one with ``wireguard`` a ``private_key``, and ``wireguard_NAME`` sections a ``preshared_key``; ``ipsec`` has
``pre_shared_key``; ``rpcd`` has ``login`` sections whose ``password`` is a hash, or ``$p$NAME`` for the password of an account of the system;
``snmpd`` has ``com2sec`` with ``community``; ``ddns`` and others have options whose names say that they are secrets.

Known ways it lies: a section may be ``disabled`` and keeps its secret; ``wireless`` and ``dropbear`` have readers of their own.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.accounts import hash_fact
from asepsis.evidence.protocols.credentials import names_a_secret
from asepsis.evidence.protocols.crypt_hash import Budget, scheme_of
from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.protocols.text import Entry, Section, uci
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import PasswordHash, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)etc/config/([\w-]+)$")
_OTHERS = frozenset({"wireless", "dropbear"})
_NETWORK = frozenset(
    {"network", "openvpn", "ipsec", "strongswan", "swanctl", "xl2tpd", "wireguard", "travelmate", "vpnc", "openconnect", "radius", "freeradius"}
)
_NETWORK_KEYS = frozenset({"private_key", "preshared_key", "pre_shared_key", "pincode", "password", "psk", "secret", "ipsec_secret", "auth_secret"})
_ELSEWHERE = re.compile(r"\$p\$\S+")
_FILE = re.compile(r"/[\w./-]+")


class UciSecretsReader:
    """Emits a :class:`StoredSecret` for each secret in clear, a :class:`PasswordHash` for each hash; the subject is the user, else the section."""

    info = ReaderInfo(
        "uci_secrets", "Secrets in OpenWrt's settings", (StoredSecret, PasswordHash), ("etc/config/network", "etc/config/rpcd", "etc/config/*")
    )
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """Every file of the folder that has no reader of its own."""
        found = _PATH.search(path)
        return Sureness.YES if found and found.group(1) not in _OTHERS and b"\0" not in head and b"config" in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Section by section."""
        found = _PATH.search(source.path)
        package = found.group(1) if found else ""
        keeper, budget = Keeper(source, emit, "uci"), Budget()
        for section in uci(source.lines()):
            for entry in section.options.values():
                if entry.value and _is_secret(package, entry):
                    _tell(keeper, package, section, entry, budget)


def _is_secret(package: str, entry: Entry) -> bool:
    if package == "snmpd" and entry.key == "community":
        return True
    if _FILE.fullmatch(entry.value):
        return False
    return (package in _NETWORK and entry.key in _NETWORK_KEYS) or names_a_secret(entry.key)


def _tell(keeper: Keeper, package: str, section: Section, entry: Entry, budget: Budget) -> None:
    user = section.get("username") or section.get("user") or section.get("identifier") or section.name
    scheme = scheme_of(entry.value)
    if package == "rpcd" and scheme not in {"", "des"}:
        keeper.emit(hash_fact(keeper.source, keeper.source.where(line=entry.line), user, entry.value, "uci", budget))
        return
    kind = SecretKind.NETWORK_LOGIN if package in _NETWORK else SecretKind.LOGIN if package == "rpcd" else SecretKind.APPLICATION
    form = SecretForm.SEALED if _ELSEWHERE.fullmatch(entry.value) else None
    opens = {"snmpd": "snmp", "rpcd": "http"}.get(package, "")
    keeper.tell(kind, entry.value, line=entry.line, subject=user, key=entry.key, opens=opens, form=form)
