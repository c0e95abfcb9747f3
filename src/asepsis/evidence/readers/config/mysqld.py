"""The database server MySQL or MariaDB: where it listens, and whether it asks for anything.

Option files (MySQL Reference Manual 8.4, Using Option Files; MariaDB Server Documentation): in the sections ``[mysqld]``, ``[mariadb]``, ``[server]``
and their versions, ``bind-address``, ``port``, ``skip-networking`` (only the local socket) and ``skip-grant-tables`` (no accounts are asked for:
everybody may do everything). ``-`` and ``_`` are the same; an option without a value is switched on. The passwords of clients in the same files are
read by :mod:`asepsis.evidence.readers.network.my_cnf`.

Known ways it lies: options of the command line come last; accounts without a password stand in the database itself; MySQL 8 answers only locally
while it skips its grant tables, MariaDB does not.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.command_line import port_of
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.text import unquote
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Gives, Service

_PATH = re.compile(r"(?:^|/)(?:my\.cnf|my\.ini|(?:mysql|mariadb|my\.cnf)[^/]*\.d?/(?:.*/)?[^/]+\.cnf|etc/mysql/[^/]+\.cnf)$")
_SERVER = re.compile(r"(?:mysqld|mariadbd?|server)(?:-[\d.]+)?$")
_OPTION = re.compile(r"(?:loose[-_])?([A-Za-z][\w-]{0,63})\s*(?:=\s*(.*))?$")
_OFF = frozenset({"0", "off", "false", "no"})
_MATTERS = ("bind-address", "skip-networking", "port")
_LOOPBACK = ("127.", "::1", "localhost")
_EVERYWHERE = frozenset({"*", "0.0.0.0", "::"})  # noqa: S104 - compared, not bound
LOCAL = "127.0.0.1"
"""What a server is said to be bound to that answers on its local socket only."""


class MysqldReader:
    """Emits one :class:`Service` ``mysql`` where a file has options of the server."""

    info = ReaderInfo("mysqld", "Configuration of the database MySQL or MariaDB", (Service,), ("my.cnf", "mysql/conf.d/*.cnf", "my.ini"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The last value of an option counts."""
        section, found = "", dict[str, tuple[int, str]]()
        for number, raw in source.lines():
            line = raw.strip()
            if line.startswith("[") and "]" in line:
                section = line[1 : line.index("]")].strip().lower()
            elif _SERVER.match(section) and (option := _OPTION.match(line[:1024])):
                found[option[1].lower().replace("_", "-")] = (number, _plain(option[2]))
        if not found:
            raise NotThisFormat
        free = _on(found, "skip-grant-tables")
        wanted = ["skip-grant-tables"] if free else [*_MATTERS]
        place = next((found[key][0] for key in wanted if key in found), min(found.values())[0])
        emit(
            Service(
                source.where(line=place),
                "mysql",
                auth=Auth.NONE if free else Auth.PASSWORD,
                port=port_of(found["port"][1]) if "port" in found else 3306,
                address=LOCAL if _on(found, "skip-networking") else _address(found),
                gives=Gives.RECORD,
                detail="skips its accounts (skip-grant-tables)" if free else "",
            )
        )


def _plain(value: str | None) -> str:
    """The value without its quotes and the comment behind it; an option alone is on."""
    return "on" if value is None else unquote(re.split(r"\s#", value, maxsplit=1)[0].strip())


def _on(found: dict[str, tuple[int, str]], option: str) -> bool:
    return option in found and found[option][1].lower() not in _OFF


def _address(found: dict[str, tuple[int, str]]) -> str:
    """The first address that others reach; loopback if there is none; empty for everywhere, or if nothing is said."""
    addresses = found["bind-address"][1].replace(",", " ").split() if "bind-address" in found and "skip-bind-address" not in found else []
    outside = [address for address in addresses if not address.startswith(_LOOPBACK)]
    if addresses and not outside:
        return LOCAL
    return "" if not outside or _EVERYWHERE & set(outside) else outside[0][:64]
