"""Show a command line without its secrets. No I/O.

What is shown leaves the device's owner in a report, so the doubt goes the other way than in :mod:`credentials`: there a value must be a secret to be
told of, here it must be none to be shown. Hidden are the values of names of secrets (``NAME=``, ``NAME:``, ``--name VALUE``, inside quotes too), what
follows ``Bearer`` and ``Basic``, log-ins in addresses, the options of known programs (:mod:`asepsis.evidence.protocols.secret_options`), what
looks like a secret behind ``-p``, ``-P`` and ``-a`` of any other, and what is piped into a program that takes a password.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from asepsis.evidence.protocols.secret_options import BY_PROGRAM, SecretOptions

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


_MAY_BE = "pPa"
"""Options that are a secret in some programs, and a port, a path or an address in others."""
_NO_SECRET = re.compile(
    r"[\d.,:\-]+|0x[\da-fA-F]+|\d+[A-Za-z]{1,2}|[\da-fA-F:]*:[\da-fA-F:]*:[\da-fA-F:]*|[\w.-]+:\d{1,5}|[\w-]+\.(?:[A-Za-z]\w{0,4}|7z)|\.{0,2}/[\w./+-]*"
    r"|(?:eth|wlan|can|usb|br|ppp|lo|ra|ath|tun|tap|wwan|en[opsx]|wl|tty|hvc)\w{0,8}",
)
"""Ports, addresses, sizes, file names, paths and interfaces."""
_ASKS = re.compile(r"--(?:ask|no|prompt)-")


def _may_be_secret(text: str) -> bool:
    """Letters with digits or signs between them."""
    plain = text.strip("'\"")
    mixed = re.search(r"[A-Za-z]", plain) and re.search(r"[\d!@#%^&*+=?~]", plain)
    return len(plain) > 3 and mixed is not None and not _NO_SECRET.fullmatch(plain) and not _OPEN.fullmatch(plain)  # noqa: PLR2004


class _State:
    """What the words before say of the next: whose options they are, whether a value follows."""

    def __init__(self) -> None:
        self.row: SecretOptions | None = None
        self.secret = self.user = ""
        self.operands: int | None = None
        self.next = ""

    def program(self, row: SecretOptions) -> None:
        """From here on the words are those of another program."""
        self.row, self.operands = row, row.operand - 1 if row.operand else None
        self.secret = self.user = ""
        if not row.only_in:
            self.sub_command(row)

    def sub_command(self, row: SecretOptions) -> None:
        """From here on its options count."""
        self.secret = row.hidden + "".join(name[1] for name in row.secret if _is_letter(name))
        self.user = "".join(name[1] for name in row.log_in if _is_letter(name))


def _is_letter(name: str) -> bool:
    return len(name) == 2 and name[0] == "-"  # noqa: PLR2004


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
    if kind == "maybe":
        return HIDDEN if _may_be_secret(word) else word
    cut = re.search(r"[:%,]", word)
    return word[: cut.end()] + HIDDEN if cut else word


def _word(word: str, state: _State, *, first: bool) -> str:
    """One word without blanks; sets what follows it."""
    plain = word.strip("'\"")
    name = re.split(r"[\\/]", plain)[-1].lower().removesuffix(".exe")
    row = BY_PROGRAM.get(name)
    if row:
        state.program(row)
        return word
    if state.row and name in state.row.ends:
        state.row, state.secret = None, ""
    elif state.row and plain == state.row.only_in:
        state.sub_command(state.row)
    if len(plain) > 1 and (plain[0] == "-" or (plain[0] == "/" and plain.count("/") == 1)):
        return _short(word, plain, state)
    if not first and (_BARE.match(plain) or (state.row and plain in state.row.secret)):
        state.next = "secret"
    elif state.operands is not None:
        state.operands -= 1
        return word if state.operands >= 0 else HIDDEN
    return word


def _short(word: str, plain: str, state: _State) -> str:
    """An option: ``-p S``, ``-pS``, ``-xyp S``, ``--name S``."""
    if state.operands is not None and state.row and state.row.fewer and re.fullmatch(rf"-[A-Za-z]*{state.row.fewer}[A-Za-z]*", plain):
        state.operands -= 1
    if state.row and state.row.apart and plain[2:]:
        return _named(word, plain, state)
    if plain[1] in state.secret + state.user and plain[0] == "-":
        kind = "secret" if plain[1] in state.secret else "user"
        if len(plain) > 2:  # noqa: PLR2004
            return plain[:2] + _value(plain[2:], kind)
        state.next = "maybe" if state.row and state.row.joined else kind
    elif re.fullmatch(r"-[A-Za-z0-9]{1,8}", plain) and plain[-1] in state.secret + state.user:
        state.next = "secret" if plain[-1] in state.secret else "user"
    else:
        return _named(word, plain, state)
    return word


def _named(word: str, plain: str, state: _State) -> str:
    """An option of more than a letter, or of a program that is not known."""
    apart = state.row is not None and state.row.apart
    if (_USERS.match(plain) and state.user) or _LOG_INS.match(plain) or (state.row and plain in state.row.log_in):
        state.next = "user"
    elif _OPTION.match(plain) and not _LEADS.match(plain) and not _ASKS.match(plain):
        state.next = "secret"
    elif plain[0] == "-" and plain[1] in _MAY_BE and not (apart and plain[2:]):
        if len(plain) > 2:  # noqa: PLR2004
            return plain[:2] + _value(plain[2:], "maybe")
        state.next = "maybe"
    return word


def _inside(text: str) -> str:
    """Names of secrets with their values anywhere, in quotes too."""

    def hide(found: re.Match[str]) -> str:
        value = found[3].strip("'\"")
        return found[0] if _LEADS.match(found[1]) or _OPEN.fullmatch(value) else f"{found[1]}{found[2]}{HIDDEN}"

    return _INSIDE.sub(hide, _CONNECTION.sub(rf"\1{HIDDEN}", text))
