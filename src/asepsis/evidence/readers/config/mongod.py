"""``mongod.conf``: the settings of a MongoDB database.

YAML since version 2.6 (MongoDB Manual, Configuration File Options): ``net.bindIp``, ``net.bindIpAll``, ``net.port``, ``net.tls.mode``,
``security.authorization``, ``security.keyFile``; before that, and still taken, ``bind_ip = …``, ``auth = true``, ``keyFile = …``. Without
authorization whoever reaches the port reads and writes everything. Without an address the server listens everywhere before version 3.6, and only
locally since.

Known ways it lies: options of the command line come last; as long as nobody is registered, somebody on the device itself may do everything.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols import yaml_lines
from asepsis.evidence.protocols.command_line import port_of
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.text import key_file
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Gives, Service

_PATH = re.compile(r"(?:^|/)mongo(?:d|db)?\.conf$|(?:^|/)etc/mongod/[^/]+\.conf$")
_OLD = {
    "bind_ip": "net.bindip",
    "bind_ip_all": "net.bindipall",
    "port": "net.port",
    "auth": "security.authorization",
    "keyfile": "security.keyfile",
    "tlsmode": "net.tls.mode",
    "sslmode": "net.ssl.mode",
    "dbpath": "storage.dbpath",
    "logpath": "systemlog.path",
}
"""Settings of the old form, as those of the new one."""
_ON = frozenset({"true", "enabled", "yes", "on", "1"})
_KEYS_ASK = frozenset({"security.keyfile", "security.clusterauthmode"})
_LOOPBACK = ("127.", "::1", "localhost", "/")
_EVERYWHERE = frozenset({"*", "0.0.0.0", "::"})  # noqa: S104 - compared, not bound


class MongodReader:
    """Emits one :class:`Service` ``mongodb``."""

    info = ReaderInfo("mongod", "Configuration of the database MongoDB", (Service,), ("mongod.conf", "mongodb.conf"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Both forms; the first value of a setting counts."""
        found: dict[str, tuple[int, str]] = {}
        for value in yaml_lines.values(source.lines()):
            found.setdefault(".".join(value.path).lower(), (value.line, value.text))
        for entry in key_file(source.lines(), comments="#"):
            if entry.key.lower() in _OLD:
                found.setdefault(_OLD[entry.key.lower()], (entry.line, entry.value.partition("#")[0].strip()))
        known = {key: entry for key, entry in found.items() if key.partition(".")[0] in {"net", "security", "storage", "systemlog"}}
        if not known:
            raise NotThisFormat
        values = {key: text for key, (_, text) in known.items()}
        asks = values.get("security.authorization", "").lower() in _ON or any(values.get(key) for key in _KEYS_ASK)
        address, said = _address(values)
        place = known["net.bindip"][0] if "net.bindip" in known else min(known.values())[0]
        emit(
            Service(
                source.where(line=place),
                "mongodb",
                "mongod",
                Auth.PASSWORD if asks else Auth.NONE,
                _encrypted(values),
                None,
                port_of(values.get("net.port", "27017")),
                address,
                gives=Gives.RECORD,
                detail=said,
            )
        )


def _address(values: dict[str, str]) -> tuple[str, str]:
    """Where it listens, and what to say of it."""
    if values.get("net.bindipall", "").lower() in _ON:
        return "", ""
    addresses = values.get("net.bindip", "").strip("[] ").replace(",", " ").split()
    outside = [address.strip("[]\"'") for address in addresses if not address.strip("\"'").startswith(_LOOPBACK)]
    if addresses and not outside:
        return "127.0.0.1", ""
    if not addresses:
        return "", "names no address: it listens everywhere before version 3.6, only locally since"
    return ("" if _EVERYWHERE & set(outside) else outside[0][:64]), ""


def _encrypted(values: dict[str, str]) -> bool | None:
    mode = values.get("net.tls.mode") or values.get("net.ssl.mode") or ""
    return mode.lower().startswith("require") if mode else None
