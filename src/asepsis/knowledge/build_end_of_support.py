"""Write ``end_of_support.toml`` from a checkout of endoflife.date's product files (MIT).

    python -m asepsis.knowledge.build_end_of_support PRODUCTS_FOLDER DAY OUT.toml

Only release lines and their ends are taken. An end that is said to have passed without a day is bounded by the end of the next newer
line. Lines that cannot be told apart by what a device shows (editions of one Windows build) are left out rather than guessed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from asepsis.knowledge.end_of_support import Product
from asepsis.model.device import Mark

PRODUCTS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("alpine", "alpine-linux", "Alpine Linux", ()),
    ("android", "android", "Android", ()),
    ("angularjs", "angularjs", "AngularJS", ()),
    ("apache", "apache-http-server", "Apache HTTP Server", ("httpd", "apache2")),
    ("bootstrap", "bootstrap", "Bootstrap", ()),
    ("centos", "centos", "CentOS", ()),
    ("debian", "debian", "Debian", ("debian-gnu-linux",)),
    ("django", "django", "Django", ()),
    ("dotnet-framework", "dotnetfx", ".NET Framework", ()),
    ("dovecot", "dovecot", "Dovecot", ()),
    ("electron", "electron", "Electron", ()),
    ("exim", "exim", "Exim", ("exim4",)),
    ("ffmpeg", "ffmpeg", "FFmpeg", ("libavcodec",)),
    ("freebsd", "freebsd", "FreeBSD", ()),
    ("gstreamer", "gstreamer", "GStreamer", ("gstreamer1.0",)),
    ("haproxy", "haproxy", "HAProxy", ()),
    ("isc-dhcp", "isc-dhcp", "ISC DHCP", ("dhcpd", "dhclient")),
    ("jquery", "jquery", "jQuery", ()),
    ("linux", "linux-kernel", "Linux kernel", ("kernel", "linux_kernel")),
    ("log4j", "log4j", "Apache Log4j", ("log4j-core",)),
    ("lua", "lua", "Lua", ()),
    ("mariadb", "mariadb", "MariaDB", ("mariadb-server",)),
    ("mongodb", "mongodb", "MongoDB", ()),
    ("mysql", "mysql", "MySQL", ("mysql-server",)),
    ("netbsd", "netbsd", "NetBSD", ()),
    ("nginx", "nginx", "nginx", ()),
    ("nodejs", "nodejs", "Node.js", ("node",)),
    ("openbsd", "openbsd", "OpenBSD", ()),
    ("openssl", "openssl", "OpenSSL", ("libssl", "libcrypto", "libopenssl")),
    ("openvpn", "openvpn", "OpenVPN", ()),
    ("openwrt", "openwrt", "OpenWrt", ()),
    ("oracle-jdk", "oracle-jdk", "Oracle JDK", ()),
    ("perl", "perl", "Perl", ()),
    ("php", "php", "PHP", ("php5", "php7")),
    ("postfix", "postfix", "Postfix", ()),
    ("postgresql", "postgresql", "PostgreSQL", ("postgres",)),
    ("proftpd", "proftpd", "ProFTPD", ()),
    ("python", "python", "Python", ("cpython", "python2", "python3")),
    ("qt", "qt", "Qt", ("qt4", "qt5", "qt6")),
    ("rabbitmq", "rabbitmq", "RabbitMQ", ()),
    ("redis", "redis", "Redis", ("redis-server",)),
    ("rhel", "rhel", "Red Hat Enterprise Linux", ()),
    ("ruby", "ruby", "Ruby", ()),
    ("spring-boot", "spring-boot", "Spring Boot", ()),
    ("spring-framework", "spring-framework", "Spring Framework", ()),
    ("sql-server", "mssqlserver", "Microsoft SQL Server", ("mssql",)),
    ("sqlite", "sqlite", "SQLite", ("sqlite3",)),
    ("squid", "squid", "Squid", ()),
    ("tls", "tls", "Transport Layer Security", ()),
    ("tomcat", "tomcat", "Apache Tomcat", ()),
    ("ubuntu", "ubuntu", "Ubuntu", ()),
    ("windows", "windows", "Microsoft Windows", ()),
    ("windows-embedded", "windows-embedded", "Windows Embedded", ()),
    ("windows-server", "windows-server", "Windows Server", ()),
    ("yocto", "yocto", "Yocto Project", ("poky",)),
)
"""Id, file, name, other names."""

UNORDERED = frozenset({"windows", "windows-embedded", "windows-server", "sql-server"})
"""Products whose lines are names rather than numbers."""

LINES: dict[str, dict[str, tuple[str, ...]]] = {
    "dotnet-framework": {"4.0": ()},  # every 4.x shows the runtime version 4.0.30319
    "oracle-jdk": {"5": ("5", "1.5"), "6": ("6", "1.6"), "7": ("7", "1.7"), "8": ("8", "1.8")},
    "sql-server": {
        "9.0-sp4": ("9", "2005"),
        "10.0-sp4": ("10.0", "2008"),
        "10.50-sp3": ("10.50", "2008-r2"),
        "11.0-sp4": ("11", "2012"),
        "12.0-sp3": ("12", "2014"),
        "13.0-sp3": ("13", "2016"),
        "14.0": ("14", "2017"),
        "15.0": ("15", "2019"),
        "16.0": ("16", "2022"),
    },
    "windows": {
        "5-sp3": ("xp", "5.1"),
        "6-sp2": ("vista", "6.0"),
        "7-sp1": ("7", "6.1"),
        "8": ("8", "6.2"),
        "8.1": ("8.1", "6.3"),
        "10-22h2": ("10-22h2", "10.0.19045"),
        "10-1507-e-lts": ("10-2015-lts", "10-lts-2015", "10-1507-lts"),
        "10-1607-e-lts": ("10-2016-lts", "10-lts-2016", "10-1607-lts"),
        "10-1809-e-lts": ("10-2019-lts", "10-lts-2019", "10-1809-lts"),
        "10-21h2-e-lts": ("10-2021-lts", "10-lts-2021", "10-21h2-lts"),
        "10-21h2-iot-lts": ("10-2021-iot-lts", "10-iot-lts-2021", "10-21h2-iot-lts"),
        "11-24h2-iot-lts": ("11-2024-iot-lts", "11-iot-lts-2024", "11-24h2-iot-lts"),
        "11-24h2-e-lts": ("11-2024-lts", "11-lts-2024", "11-24h2-lts"),
        **{line: (line,) for line in ("10-2004", "10-1903", "10-1511", "10-1507", "10-21h1")},
        **{
            f"{line}-{kind}": (f"{line}-e",) if kind == "e" else (line,)
            for line in (
                *("11-26h1", "11-25h2", "11-24h2", "11-23h2", "11-22h2", "11-21h2"),
                *("10-21h2", "10-20h2", "10-1909", "10-1809", "10-1803", "10-1709", "10-1703", "10-1607"),
            )
            for kind in ("e", "w")
        },
    },
    "windows-embedded": {"standard-7-sp1": ("standard-7",)},
    "windows-server": {"2003-sp2": ("2003",), "2008-r2-sp1": ("2008-r2",), "2008-sp2": ("2008",)},
}
"""Product → line of the source → what the line is called on a device; the last service pack stands for its whole version.

A Windows release without a letter is that of the home and professional editions, with ``-e`` that of enterprise and education.
"""

ONLY_LISTED = frozenset({"sql-server", "windows"})
"""Products of which only the lines above are taken."""

DROPPED = {"windows-server": ("2003", "2003-sp1")}

_LINE = re.compile(r'^  - releaseCycle: +"?([^"#\n]+?)"? *(?:#.*)?\n((?:(?!  - releaseCycle).*\n)*)', re.MULTILINE)
_END = re.compile(r"^    eol: +(\S+)", re.MULTILINE)


def lines_of(text: str) -> Iterator[tuple[str, str]]:
    """Release line and end as the source has them (a day, ``true`` or ``false``), newest first. Raises ``ValueError`` for a line without end."""
    for match in _LINE.finditer(text):
        end = _END.search(match[2])
        if end is None:
            raise ValueError(f"no eol for {match[1]}")
        yield match[1], end[1]


def product_of(product: tuple[str, str, str, tuple[str, ...]], lines: Iterable[tuple[str, str]], day: str) -> Product:
    """The entry of the table for a product of :data:`PRODUCTS`, from its release lines and ends, newest first. ``day`` is that of the source."""
    product_id, file, name, other = product
    names = sorted({file, *other} - {product_id})
    ends, ended_by, supported, newer = {}, {}, [], ""
    for source_line, end in lines:
        for line in _called(product_id, source_line):
            if end == "false":
                supported.append(line)
            elif end == "true":
                ended_by[line] = date.fromisoformat(newer or day)
            else:
                newer = end
                ends[line] = date.fromisoformat(end)
    source, ordered = f"endoflife.date, {day}", product_id not in UNORDERED
    return Product(product_id, name, source, Mark("V"), tuple(names), ends, ended_by, tuple(supported), ordered=ordered)


def entry(product: tuple[str, str, str, tuple[str, ...]], text: str, day: str) -> str:
    """One ``[[product]]`` table as TOML text."""
    made = product_of(product, lines_of(text), day)
    head = f'[[product]]\nid = "{made.id}"\nname = "{made.name}"\nnames = {_list(made.names)}\nsource = "{made.source}"\nmark = "{made.mark}"\n'
    order = f"ordered = {'true' if made.ordered else 'false'}\nsupported = {_list(made.supported)}\n"
    return head + order + _table("ends", made.ends) + _table("ended_by", made.ended_by)


def _called(product_id: str, line: str) -> tuple[str, ...]:
    if line in DROPPED.get(product_id, ()):
        return ()
    return LINES.get(product_id, {}).get(line, () if product_id in ONLY_LISTED else (line,))


def _list(words: tuple[str, ...] | list[str]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def _table(name: str, days: dict[str, date]) -> str:
    return "".join(["", f"\n[product.{name}]\n", *(f'"{line}" = {end}\n' for line, end in days.items())]) if days else ""


def main(folder: str, day: str, out: str) -> None:
    """Write the table to ``out``."""
    head = "# Ends of support from endoflife.date (MIT, see licences/endoflife.date.txt). Written by build_end_of_support.py; do not edit.\n"
    entries = [entry(product, (Path(folder) / f"{product[1]}.md").read_text("utf-8"), day) for product in PRODUCTS]
    Path(out).write_text(head + "\n" + "\n".join(entries), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:4])
