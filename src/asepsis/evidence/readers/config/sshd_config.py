"""``sshd_config``: who may log in over SSH, and how.

``Keyword value`` or ``Keyword=value`` lines; the first value of a keyword counts, keywords are case-blind, lines after ``Match`` hold where its
condition does (sshd_config(5), OpenSSH 9): a password that is taken from some is taken. A file of ``sshd_config.d`` says only what stands in it;
:mod:`asepsis.evidence.protocols.settings` puts it before the main file, if that includes it. Defaults: ``PasswordAuthentication yes``,
``PermitEmptyPasswords no``, and ``PermitRootLogin prohibit-password`` (a key, no password) since OpenSSH 7.0, ``yes`` before it. The file as
shipped lists the defaults of its version as comments (``#PermitRootLogin yes``).

Known ways it lies: ``Include`` may bring other files too; the daemon's command line overrides it; being there does not mean that sshd runs.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.command_line import address_of, port_of
from asepsis.evidence.protocols.log_in_rules import ASKS_PAM, NOT_GROUPS, ONLY_GROUPS
from asepsis.evidence.protocols.settings import SSHD_INCLUDES
from asepsis.evidence.protocols.text import word_lines
from asepsis.evidence.reader import Emit, ReaderInfo, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Service

_PATH = re.compile(r"(?:^|/)sshd_config(?:\.d/[^/]+\.conf|[-.][^/]*)?$")
_SHIPPED_DEFAULT = re.compile(r"\s*#\s*PermitRootLogin\s+(yes|no|prohibit-password|without-password|forced-commands-only)\s*$", re.IGNORECASE)
_KNOWN = frozenset(
    {
        "permitrootlogin",
        "passwordauthentication",
        "permitemptypasswords",
        "port",
        "listenaddress",
        "kbdinteractiveauthentication",
        "usepam",
        "pubkeyauthentication",
    }
)

_ACCOUNTS = {
    "allowusers": "lets in only the accounts ",
    "denyusers": "keeps out the accounts ",
    "allowgroups": ONLY_GROUPS,
    "denygroups": NOT_GROUPS,
}
"""Lists of accounts and groups, and how they are said in ``detail``; several lines of one add up."""
_MOST_NAMES = 400
"""Characters: a list that is cut short would keep out the wrong ones."""


class SshdConfigReader:
    """Emits one :class:`Service` ``ssh``; whether it runs is not in this file."""

    info = ReaderInfo("sshd_config", "Configuration of the OpenSSH server", (Service,), ("sshd_config",))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """What holds for everybody first, then what ``Match`` allows to some."""
        settings: dict[str, tuple[int, str]] = {}
        matched: dict[str, str] = {}
        condition = ""
        for number, words in word_lines(source.lines()):
            key, said = _keyword(words)
            if key == "match":
                condition = " ".join(said)[:64]
            elif key == "include" and not settings and not condition:
                settings["include"] = (number, " ".join(said))
            elif key in _ACCOUNTS and not condition:
                at, names = settings.get(key, (number, ""))
                settings[key] = (at, f"{names} {' '.join(said)}".strip())
            elif key in _KNOWN and said and condition:
                matched.setdefault(f"{key} {said[0].lower()}", condition)
            elif key in _KNOWN and said:
                settings.setdefault(key, (number, said[0].lower()))
        values = {key: value for key, (_, value) in settings.items()}
        added = "sshd_config.d/" in source.path
        by_password = _auth(values, added=added)
        let_in = matched.get("passwordauthentication yes", "") if by_password is not Auth.PASSWORD else ""
        root = _root_by_password(source, values, by_password)
        root_in = matched.get("permitrootlogin yes", "") if not root and (let_in or by_password is Auth.PASSWORD) else ""
        emit(
            Service(
                source.where(line=min((number for number, _ in settings.values()), default=1)),
                "ssh",
                program="sshd",
                auth=Auth.PASSWORD if let_in else by_password,
                encrypted=True,
                port=port_of(values.get("port", "" if added else "22")),
                address=_address(values),
                root_log_in=True if root_in else root,
                detail=_detail(values, by_password, let_in, root_in),
            )
        )


def _keyword(words: list[str]) -> tuple[str, list[str]]:
    """The keyword and what is said of it: one equals sign may stand between them, with blanks or without."""
    key, sign, rest = words[0].partition("=")
    said = [rest, *words[1:]]
    if not sign and len(said) > 1:
        said[1] = said[1].removeprefix("=")
    return key.lower(), [word for word in (word.strip('"') for word in said) if word]


def _auth(values: dict[str, str], *, added: bool) -> Auth:
    """What the file says; a file beside the main one says nothing of what it does not name."""
    if added and not {"passwordauthentication", "kbdinteractiveauthentication"} & values.keys():
        return Auth.UNKNOWN
    by_password = values.get("passwordauthentication", "yes") == "yes" or values.get("kbdinteractiveauthentication") == "yes"
    return Auth.PASSWORD if by_password else Auth.KEY


def _root_by_password(source: BoundedSource, values: dict[str, str], auth: Auth) -> bool | None:
    """Whether root's password opens it; None if nothing says which default this version has."""
    said = values.get("permitrootlogin", "")
    if not said:
        shown = [found.group(1).lower() for _, line in source.lines() for found in [_SHIPPED_DEFAULT.match(line)] if found]
        said = shown[0] if shown else ""
    return said == "yes" and auth is not Auth.KEY if said else None


def _address(values: dict[str, str]) -> str:
    text = values.get("listenaddress", "")
    return address_of(text) if ":" in text and port_of(text) and text.count(":") == 1 else text


def _detail(values: dict[str, str], auth: Auth, let_in: str, root_in: str) -> str:
    notes = [SSHD_INCLUDES] if "sshd_config.d" in values.get("include", "") else []
    if values.get("permitrootlogin") == "yes" and auth is not Auth.KEY:
        notes.append("root may log in with a password")
    if values.get("permitemptypasswords") == "yes":
        notes.append("accepts blank passwords")
    if values.get("permitrootlogin") in {"no", "forced-commands-only"} and not root_in:
        notes.append("root may not log in at all")
    if values.get("pubkeyauthentication") == "no":
        notes.append("takes no keys")
    if values.get("usepam") == "yes":
        notes.append(ASKS_PAM)
    names = [(said, values.get(key, "").replace(",", " ")) for key, said in _ACCOUNTS.items()]
    notes += [f"{said}{listed}" for said, listed in names if listed and len(listed) <= _MOST_NAMES]
    if let_in:
        notes.append(f"passwords only for: {let_in}")
    if root_in:
        notes.append(f"root may log in with a password for: {root_in}")
    return ", ".join(notes)
