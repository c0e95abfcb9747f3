"""Interfaces of Red Hat's and SUSE's network scripts: ``ifcfg-…``, ``keys-…``, ``config.wlan0``.

Assignments as a shell reads them. Red Hat (initscripts, and NetworkManager's ifcfg-rh): ``keys-IFACE`` has ``WPA_PSK=`` (passphrase, or 64 hex
digits), ``KEY1=`` … ``KEY_PASSPHRASE1=`` (WEP), ``IEEE_8021X_PASSWORD=``, ``IEEE_8021X_PRIVATE_KEY_PASSWORD=``. SUSE (wicked, ifcfg-wireless(5)):
``WIRELESS_WPA_PSK=``, ``WIRELESS_WPA_PASSWORD=``, ``WIRELESS_KEY_0=``, ``WIRELESS_CLIENT_KEY_PASSWORD=``.

Known ways it lies: ``…_PASSWORD_FLAGS=user`` leaves the password with an agent; WEP keys may begin with ``s:`` for text.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols import shell
from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import FirewallRule, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)(?:network-scripts|sysconfig/network(?:/providers)?)/(?:ifcfg|keys|provider|config)[-.]?[^/]*$")
_PSK = re.compile(r"(?:WIRELESS_)?WPA_PSK(?:_\d)?")
_WEP = re.compile(r"(?:WIRELESS_)?KEY(?:_PASSPHRASE)?_?\d?(?:_\d)?")
_LOGIN = re.compile(r"(?:IEEE_8021X_(?:\w+_)?|WIRELESS_(?:WPA_|CLIENT_KEY_|EAP_)?)PASSWORD(?:_\d)?|(?:PPPOE_|DSL_)?PASSWORD|PASS")
_NAMES = ("ESSID", "WIRELESS_ESSID", "WIRELESS_ESSID_0", "SSID")
_USERS = ("IEEE_8021X_IDENTITY", "WIRELESS_WPA_IDENTITY", "USER", "USERNAME")
_WITH_AN_AGENT = frozenset({"user", "ask"})


class IfcfgReader:
    """Emits one :class:`StoredSecret` for each secret; its subject is the SSID, the identity, or the interface."""

    info = ReaderInfo("ifcfg", "Interfaces of Red Hat and SUSE", (StoredSecret,), ("ifcfg-*", "keys-*"), may_emit=(FirewallRule,))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By folder and name."""
        return Sureness.YES if _PATH.search(path) and b"=" in head and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Assignments only; a flag may stand behind its secret. A zone of firewalld that it chooses is not followed."""
        found = [item for item in shell.script(source) if isinstance(item, shell.Assignment)]
        values = {item.name: item.value for item in found}
        interface = source.path.rsplit("/", 1)[-1].partition("-")[2]
        ssid = next((values[name] for name in _NAMES if values.get(name)), interface)
        user = next((values[name] for name in _USERS if values.get(name)), ssid)
        keeper = Keeper(source, emit, "ifcfg")
        for item in found:
            if item.value and _PSK.fullmatch(item.name):
                keeper.tell(SecretKind.WIFI, item.value, line=item.line, subject=ssid, key=item.name)
            elif item.value and _WEP.fullmatch(item.name):
                keeper.tell(SecretKind.WIFI, item.value.removeprefix("s:"), line=item.line, subject=ssid, key=item.name, form=SecretForm.CLEARTEXT)
            elif item.value and _LOGIN.fullmatch(item.name):
                form = SecretForm.SEALED if values.get(f"{item.name}_FLAGS") in _WITH_AN_AGENT else None
                keeper.tell(SecretKind.NETWORK_LOGIN, item.value, line=item.line, subject=user, key=item.name, form=form)
            elif item.value and item.name == "ZONE":
                emit(FirewallRule(source.where(line=item.line), "unknown", "firewalld"))
