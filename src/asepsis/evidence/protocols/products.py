"""Names of software: which product of the end-of-support table a package is, and what part of its version is the maker's. No I/O."""

from __future__ import annotations

import re

_BY_NAME: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), product)
    for pattern, product in (
        (r"kernel|linux-image.*|linux", "linux"),
        (r"(?:lib)?openssl.*|libssl.*|libcrypto.*", "openssl"),
        (r"python2.*|libpython2.*", "python"),
        (r"python3(?:\.\d+)?(?:-minimal|-base|-light)?|libpython3.*", "python"),
        (r"php\d?(?:\.\d+)?|php\d(?:\.\d+)?-.*|php-(?:cgi|cli|common|fpm)", "php"),
        (r"nginx.*", "nginx"),
        (r"apache2?(?:-bin)?|httpd", "apache-http-server"),
        (r"postgresql-\d+.*", "postgresql"),
        (r"mysql-server.*", "mysql"),
        (r"mariadb-server.*", "mariadb"),
        (r"sqlite3?|libsqlite3.*", "sqlite"),
        (r"openvpn.*", "openvpn"),
        (r"clamav.*", "clamav"),
        (r"busybox.*", "busybox"),
        (r"dropbear.*", "dropbear"),
        (r"openssh.*", "openssh"),
        (r"(?:lib)?mbedtls.*|libpolarssl.*", "mbedtls"),
        (r"uclibc.*", "uclibc"),
        (r"dnsmasq.*", "dnsmasq"),
        (r"lighttpd.*", "lighttpd"),
        (r"hostapd.*|wpad.*|wpa-?supplicant.*", "wpa-supplicant"),
        (r"samba.*", "samba"),
        (r"nodejs|node", "nodejs"),
        (r"qt5-.*|libqt5core.*", "qt"),
    )
)
_OF_PROGRAMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), product)
    for pattern, product in (
        (r"(?:the )?openssl(?: toolkit| shared library)?", "openssl"),
        (r"python(?: [23][\d.]* .*)?", "python"),
        (r"php(?: script interpreter)?", "php"),
        (r"sqlite(?:3)?", "sqlite"),
        (r"qt[456]?", "qt"),
        (r"node\.js", "nodejs"),
        (r"nginx", "nginx"),
        (r"apache http server.*", "apache-http-server"),
        (r"postgresql(?: server)?(?: \d.*)?", "postgresql"),
        (r"mysql server(?: \d.*)?", "mysql"),
        (r"mariadb(?: server)?(?: \d.*)?", "mariadb"),
        (r"openvpn(?: \d.*)?", "openvpn"),
    )
)
"""As programs of Windows call themselves."""
_OF_LANGUAGES = {
    ("npm", "angular"): "angularjs",
    ("npm", "bootstrap"): "bootstrap",
    ("npm", "electron"): "electron",
    ("npm", "jquery"): "jquery",
    ("pypi", "django"): "django",
    ("maven", "log4j:log4j"): "log4j",
    ("maven", "org.apache.logging.log4j:log4j-core"): "log4j",
    ("maven", "org.apache.tomcat.embed:tomcat-embed-core"): "tomcat",
    ("maven", "org.apache.tomcat:tomcat-catalina"): "tomcat",
    ("maven", "org.springframework.boot:spring-boot"): "spring-boot",
    ("maven", "org.springframework:spring-core"): "spring-framework",
}
"""Packages of languages that are the product themselves: ``redis`` of Node.js only speaks to a Redis."""
_REVISION = re.compile(r"-(?:r?\d[\w.+~]*|[0-9a-f]{32})$")

_REPACKED = re.compile(r"[.+~](?:dfsg|ds|repack)[\d.]*$")
"""Debian's marks of a source without its parts that are not free, or with others."""


def product_of(name: str) -> str:
    """The product that a package called ``name`` is part of, or an empty string."""
    lowered = name.lower()
    return next((product for pattern, product in _BY_NAME if pattern.fullmatch(lowered)), "")


def product_of_program(name: str) -> str:
    """The product that a program of Windows is by its own or its installer's name, or an empty string."""
    lowered = name.lower()
    return next((product for pattern, product in _OF_PROGRAMS if pattern.fullmatch(lowered)), "")


def product_of_package(kind: str, name: str) -> str:
    """The product that a package of a language is, by the type of its package URL and its name (``GROUP:ARTIFACT`` of Maven), or an empty string."""
    return _OF_LANGUAGES.get((kind, name.lower()), "")


def upstream_version(version: str) -> str:
    """Without the packager's epoch, revision and mark of a source packed anew: ``1:1.2.13.dfsg-1`` is ``1.2.13``."""
    version = re.sub(r"^\d+:", "", version)
    version = re.sub(_REVISION, "", re.sub(r"-[0-9a-f]{32}$", "", version))
    return _REPACKED.sub("", version)
