"""Show a command line without its secrets. No I/O.

What is shown leaves the device's owner in a report, so the doubt goes the other way than in :mod:`credentials`: there a value must be a secret to be
told of, here it must be none to be shown. Hidden are the values of names of secrets (``NAME=``, ``NAME:``, ``--name VALUE``, inside quotes too), what
follows ``Bearer`` and ``Basic``, log-ins in addresses, the options of known programs, and what is piped into a program that takes a password.

Options as in curl 8, net-snmp 5.9, ipmitool 1.8, Samba 4, redis-cli 7, FreeRDP 3, lftp 4.9, wpa_supplicant 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

HIDDEN = "<secret>"
MAX_COMMAND = 512
"""Characters of a command line that a fact shows."""
_MOST = 8 * MAX_COMMAND

_STRONG = (
    r"(?:passw|pass[_-]?phrase|pass[_-]?code|secret|token|credential|(?:api|auth|access|account|shared|private|master|wep|wpa|crypt|encryption|license)"
    r"[_.-]?key)[\w.\[\]-]{0,24}?"
)
_WEAK = r"(?<![A-Za-z])(?:pass|pwd|pw|psk|pin|key|community|cred|authorization|cookie)(?:[_-]?\d{1,2})?|(?:user|db|admin|root|my|sql)(?:pass|pwd|pw)"
_NAME = rf"(?:{_STRONG}|{_WEAK})"
_LEADS = re.compile(r".*(?:file|path|dir|env|prompt|fd|ask|stdin)\Z", re.IGNORECASE)
"""Names of where a secret lies, not of the secret."""
_BEGINS = re.compile(rf"([-/+'\"]{{0,3}}[\w.-]{{0,48}}?{_NAME}['\"]?[=:]\s*)(.+)\Z", re.IGNORECASE | re.DOTALL)
_INSIDE = re.compile(
    rf"({_NAME})(\\?[\"']?\s{{0,3}}[=:]\s{{0,3}})((?:(?:bearer|basic|digest|token)\s+)?(?:\"[^\"]*\"?\S*|'[^']*'?\S*|\{{[^}}]*\}}?\S*|\S+))",
    re.IGNORECASE,
)
_CONNECTION = re.compile(r"(;\s{0,3}(?:password|pwd)\s{0,3}=)[^;\"']+", re.IGNORECASE)
_SCHEME = re.compile(r"\b((?:bearer|basic)\s+)([^\s\"'-][^\s\"']*)", re.IGNORECASE)
_ADDRESS = re.compile(r"(://[^\s/:@]{0,64}:)[^\s]{1,256}@|(://)[^\s/:@]{20,256}@")
_USER_INFO = re.compile(r"(//|\A)(?:[^\s/]{1,256}@|[^\s/@:]{0,64}:(?!\d{1,5}/|//)[^\s@]{1,256}@)")
_SLASH_P = re.compile(r"((?:^|\s)/p(?:w|wd)?:)\S+", re.IGNORECASE)
_PIPED = re.compile(
    r"(\b(?:echo|printf)\s+(?:-[neE]+\s+)?)([^|]{1,512}?)(\s*\|\s*(?:[\w/.-]{0,64}/)?(?:sudo\s+)?(?:chpasswd|passwd|smbpasswd|sudo|su|cryptsetup|vncpasswd|openssl)\b)"
)
_OPTION = re.compile(rf"[-/+]{{0,2}}[\w.-]{{0,48}}?{_NAME}\Z", re.IGNORECASE)
_BARE = re.compile(r"(?:[\w-]{0,24}[-_])?(?:auth)?(?:pass(?:word|wd|phrase)?|secret|psk|token|pin|key|community)\Z", re.IGNORECASE)
_OPEN = re.compile(
    r"\$\{?\w+\}?|(?:file|env|fd):\S*|stdin|(?:[\d.]{7,15}:)?\d{2,5}:\d{2,5}|/(?:etc|usr|var|opt|run|tmp|home|root|mnt|data|dev|proc|lib|srv)/[\w./-]+",
    re.IGNORECASE,
)
"""Values that only say where the secret lies, and pairs of ports."""
_NESTED = re.compile(r"\s+|(?:\"[^\"]*\"|'[^']*'|[^\s\"'])+|[\"']")

_SNMP = (
    "snmpget",
    "snmpwalk",
    "snmpset",
    "snmpgetnext",
    "snmpbulkget",
    "snmpbulkwalk",
    "snmptrap",
    "snmpinform",
    "snmptable",
    "snmpstatus",
    "snmpdf",
)
_SECRET_LETTERS: dict[str, str] = {
    "curl": "b",
    "sshpass": "p",
    "redis-cli": "a",
    **dict.fromkeys(_SNMP, "cAX"),
    **dict.fromkeys(("ipmitool", "ipmiutil"), "Pky"),
    **dict.fromkeys(("mysql", "mysqldump", "mysqladmin", "mariadb", "mongo", "mongosh", "mongodump", "rdesktop", "7z", "unrar"), "p"),
    **dict.fromkeys(("ftpget", "ftpput", "ncftpget", "ncftpput"), "p"),
    **dict.fromkeys(("mosquitto_pub", "mosquitto_sub", "zip", "unzip", "sqlcmd", "osql", "isql", "bcp", "tsql", "etherwake"), "P"),
    **dict.fromkeys(("ldapsearch", "ldapmodify", "ldapadd", "ldapwhoami", "ldappasswd"), "w"),
    "openssl": "kK",
    "dropbear": "Y",
    "frpc": "t",
    **dict.fromkeys(("docker", "podman"), "p"),
    **dict.fromkeys(("psexec", "psexec64", "paexec"), "p"),
}
"""Program → its one-letter options that are secrets."""
_USER_LETTERS: dict[str, str] = {
    "curl": "uUE",
    "lftp": "u",
    "ftp": "u",
    **dict.fromkeys(("smbclient", "smbget", "rpcclient", "net", "smbmap", "smbcacls"), "U"),
}
"""Program → its one-letter options that are a user and, behind one of ``: % ,``, the secret."""
_OPERANDS = {"wpa_passphrase": 1, "autologon": 2, "autologon64": 2, "htpasswd": 2}
"""Program → how many of its operands may be shown."""
_USERS = re.compile(r"--(?:proxy-)?user\Z")
_LOG_INS = re.compile(r"--?(?:login|auth|creds?|credentials?)\Z", re.IGNORECASE)


def shown(words: Sequence[str], secrets: Iterable[str] = ()) -> str:
    """The words as they may be shown: ``secrets`` that are known, and everything that may be one, replaced; over-long ones cut."""
    known = sorted(set(secrets), key=lambda secret: (-len(secret), secret))
    text = " ".join(_masked([_without(word[:_MOST], known) for word in words[:_MOST]], _State()))[:_MOST]
    text = _PIPED.sub(rf"\1{HIDDEN}\3", text)
    text = _inside(text)
    text = _SCHEME.sub(rf"\1{HIDDEN}", text)
    return _SLASH_P.sub(rf"\1{HIDDEN}", without_log_in(text))[:MAX_COMMAND]


def without_log_in(text: str) -> str:
    """Addresses in ``text`` without the secret of their log-in."""
    return _ADDRESS.sub(lambda found: f"{found[1] or found[2]}{HIDDEN}@", text)


def without_user(text: str) -> str:
    """Addresses in ``text`` without their log-in: only the host is to be named."""
    return _USER_INFO.sub(r"\1", text)


class _State:
    """What the words before say of the next: whose options they are, whether a value follows."""

    def __init__(self) -> None:
        self.secret = self.user = ""
        self.operands: int | None = None
        self.next = ""


def _without(word: str, known: Sequence[str]) -> str:
    """A short secret is hidden only where it stands alone: it would be found in every other word."""
    for secret in known:
        if len(secret) > 3:  # noqa: PLR2004
            word = word.replace(secret, HIDDEN)
        elif secret:
            word = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", HIDDEN, word)
    return word


def _masked(words: Sequence[str], state: _State) -> Iterator[str]:
    for i, word in enumerate(words):
        if state.next and word.strip("'\"") not in {":", "=", "=>"}:
            kind, state.next = state.next, ""
            if not word.startswith("-"):
                yield _value(word, kind)
                continue
        begins = _BEGINS.match(word)
        if begins and not _LEADS.match(begins[1].rstrip("=: '\"")):
            yield begins[1] + _value(begins[2], "secret")
        elif re.search(r"\s", word):
            yield "".join(_nested(word))
        else:
            yield _word(word, state, first=i == 0)


def _nested(text: str) -> Iterator[str]:
    """A command line inside a word: ``sh -c "…"``."""
    state = _State()
    for token in _NESTED.findall(text):
        yield token if token.isspace() else next(_masked([token.replace(" ", "\0").replace("\t", "\0")], state)).replace("\0", " ")


def _value(word: str, kind: str) -> str:
    if kind == "secret":
        return word if _OPEN.fullmatch(word) else HIDDEN
    cut = re.search(r"[:%,]", word)
    return word[: cut.end()] + HIDDEN if cut else word


def _word(word: str, state: _State, *, first: bool) -> str:
    """One word without blanks; sets what follows it."""
    plain = word.strip("'\"")
    name = re.split(r"[\\/]", plain)[-1].lower().removesuffix(".exe")
    if name in _SECRET_LETTERS or name in _USER_LETTERS or name in _OPERANDS:
        state.secret, state.user, state.operands = _SECRET_LETTERS.get(name, ""), _USER_LETTERS.get(name, ""), _OPERANDS.get(name)
        return word
    if len(plain) > 1 and (plain[0] == "-" or (plain[0] == "/" and plain.count("/") == 1)):
        return _short(word, plain, state)
    if not first and _BARE.match(plain):
        state.next = "secret"
    elif state.operands is not None:
        state.operands -= 1
        return word if state.operands >= 0 else HIDDEN
    return word


def _short(word: str, plain: str, state: _State) -> str:
    """An option: ``-p S``, ``-pS``, ``-xyp S``, ``--name S``."""
    if plain[1] in state.secret + state.user and plain[0] == "-":
        kind = "secret" if plain[1] in state.secret else "user"
        if len(plain) > 2:  # noqa: PLR2004
            return plain[:2] + _value(plain[2:], kind)
        state.next = kind
    elif re.fullmatch(r"-[A-Za-z0-9]{1,8}", plain) and plain[-1] in state.secret + state.user:
        state.next = "secret" if plain[-1] in state.secret else "user"
    elif (_USERS.match(plain) and state.user) or _LOG_INS.match(plain):
        state.next = "user"
    elif _OPTION.match(plain) and not _LEADS.match(plain):
        state.next = "secret"
    return word


def _inside(text: str) -> str:
    """Names of secrets with their values anywhere, in quotes too."""

    def hide(found: re.Match[str]) -> str:
        value = found[3].strip("'\"")
        return found[0] if _LEADS.match(found[1]) or _OPEN.fullmatch(value) else f"{found[1]}{found[2]}{HIDDEN}"

    return _INSIDE.sub(hide, _CONNECTION.sub(rf"\1{HIDDEN}", text))
