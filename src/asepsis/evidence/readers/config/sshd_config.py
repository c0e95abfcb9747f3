"""``sshd_config``: who may log in over SSH, and how.

Taken apart by :mod:`asepsis.evidence.protocols.sshd_settings`: a password that a ``Match`` block takes from some is taken. A file of
``sshd_config.d`` says only what stands in it; :mod:`asepsis.evidence.protocols.settings` puts it before the main file, if that includes it.
Defaults: ``PasswordAuthentication yes``, ``KbdInteractiveAuthentication yes`` (by which PAM asks for a password too), ``PermitEmptyPasswords no``,
and ``PermitRootLogin prohibit-password`` (a key, no password) since OpenSSH 7.0, ``yes`` before it. The file as shipped lists the defaults of
its version as comments (``#PermitRootLogin yes``).

Known ways it lies: ``Include`` may bring other files too; the daemon's command line overrides it; being there does not mean that sshd runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from asepsis.evidence.protocols.log_in_rules import ASKS_PAM, MOST_NAMES, TOO_LONG
from asepsis.evidence.protocols.settings import (
    ACCOUNT_LISTS,
    NO_QUESTIONS,
    OWN_LISTS,
    PASSWORDS_FOR,
    READS_KEYS,
    ROOT_FOR,
    ROOT_FOR_KEYS,
    ROOT_KEPT_OUT,
    SSHD_INCLUDES,
    TAKES_KEYS,
    TAKES_NO_KEYS,
)
from asepsis.evidence.protocols.sshd_settings import USUAL_PORT, Block, blocks, endpoints, names
from asepsis.evidence.protocols.text import word_lines
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Service

_PATH = re.compile(r"(?:^|/)sshd_config(?:\.d/[^/]+\.conf|[-.][^/]*)?$")
_SHIPPED_DEFAULT = re.compile(r"\s*#\s*PermitRootLogin\s+(yes|no|prohibit-password|without-password|forced-commands-only)\s*$", re.IGNORECASE)
_NOT_ROOT = frozenset({"no", "forced-commands-only"})
_BY_PASSWORD = ("passwordauthentication", "kbdinteractiveauthentication")

MOST_ENDPOINTS = 64
"""Ports and addresses; sshd itself takes 256 ports."""


class SshdConfigReader:
    """Emits a :class:`Service` ``ssh`` for each port and address; whether it runs is not in this file."""

    info = ReaderInfo("sshd_config", "Configuration of the OpenSSH server", (Service,), ("sshd_config",))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """What holds for everybody first, then what ``Match`` allows to some. Raises ``LimitReached`` for very many ports and addresses."""
        everybody, some = blocks(word_lines(source.lines()))
        added = "sshd_config.d/" in source.path
        by_password = _auth(everybody, added=added)
        let_in = _condition(some, _BY_PASSWORD, "yes") if by_password is not Auth.PASSWORD else ""
        auth = Auth.PASSWORD if let_in else by_password
        root = _root_by_password(source, everybody, auth)
        root_in = "" if root or auth is Auth.KEY else _condition(some, ("permitrootlogin",), "yes")
        root = True if root_in else root
        notes = [*_notes(everybody, some, auth), *_lists(everybody, some)]
        notes += [f"{PASSWORDS_FOR}{let_in}"] if let_in else []
        notes += [f"{ROOT_FOR}{root_in}"] if root_in else []
        ssh = Service(source.where(line=everybody.line or 1), "ssh", "sshd", auth, encrypted=True, root_log_in=root, detail=", ".join(notes))
        ends = endpoints(everybody, None if added else USUAL_PORT)
        for port, address in ends[:MOST_ENDPOINTS]:
            emit(replace(ssh, port=port, address=address))
        if len(ends) > MOST_ENDPOINTS:
            raise LimitReached("sshd_endpoints", MOST_ENDPOINTS, len(ends))


def _condition(some: Iterable[Block], keys: Iterable[str], value: str) -> str:
    """The condition of the first block that sets one of ``keys`` to ``value``."""
    wanted = tuple(keys)
    return next((block.condition for block in some if any(block.get(key) == value for key in wanted)), "")


def _auth(everybody: Block, *, added: bool) -> Auth:
    """What the file says; a file beside the main one says nothing of what it does not name."""
    if added and not any(key in everybody.values for key in _BY_PASSWORD):
        return Auth.UNKNOWN
    at_the_keyboard = everybody.get("kbdinteractiveauthentication", everybody.get("usepam")) == "yes"
    return Auth.PASSWORD if everybody.get("passwordauthentication", "yes") == "yes" or at_the_keyboard else Auth.KEY


def _root_by_password(source: BoundedSource, everybody: Block, auth: Auth) -> bool | None:
    """Whether root's password opens it; None if nothing says which default this version has."""
    said = everybody.get("permitrootlogin")
    if not said:
        shown = [found.group(1).lower() for _, line in source.lines() for found in [_SHIPPED_DEFAULT.match(line)] if found]
        said = shown[0] if shown else ""
    return said == "yes" and auth is not Auth.KEY if said else None


def _notes(everybody: Block, some: list[Block], auth: Auth) -> Iterator[str]:
    """What the file says beside how people log in, in words."""
    if "sshd_config.d" in " ".join(everybody.values.get("include", ())):
        yield SSHD_INCLUDES
    if everybody.get("permitrootlogin") == "yes" and auth is not Auth.KEY:
        yield "root may log in with a password"
    blank = _condition(some, ("permitemptypasswords",), "yes")
    if everybody.get("permitemptypasswords") == "yes" or blank:
        yield "accepts blank passwords" if everybody.get("permitemptypasswords") == "yes" else f"accepts blank passwords for: {blank}"
    yield from _bans(everybody, some, auth)
    if everybody.get("usepam") == "yes":
        yield ASKS_PAM
    if everybody.get("kbdinteractiveauthentication") == "no":
        yield NO_QUESTIONS


def _bans(everybody: Block, some: list[Block], auth: Auth) -> Iterator[str]:
    """Whom it refuses, or refuses but for a ``Match`` block."""
    root_for = next((block.condition for block in some if block.get("permitrootlogin", "no") not in _NOT_ROOT), "")
    if everybody.get("permitrootlogin") in _NOT_ROOT and not root_for:
        yield ROOT_KEPT_OUT
    elif everybody.get("permitrootlogin") in _NOT_ROOT and (auth is Auth.KEY or not _condition(some, ("permitrootlogin",), "yes")):
        yield f"{ROOT_FOR_KEYS}{root_for}"
    if everybody.get("pubkeyauthentication") == "no":
        yield TAKES_KEYS if _condition(some, ("pubkeyauthentication",), "yes") else TAKES_NO_KEYS


def _lists(everybody: Block, some: list[Block]) -> Iterator[str]:
    """Accounts and groups that are let in or kept out, and where the lists of keys are."""
    for key, said in ACCOUNT_LISTS.items():
        listed = " ".join(names(everybody, some, key))
        if listed:
            yield f"{said}{listed}" if len(listed) <= MOST_NAMES else TOO_LONG
    own = next((block.condition for block in some if not ACCOUNT_LISTS.keys().isdisjoint(block.values)), "")
    if own:
        yield f"{OWN_LISTS}{own}"
    files = dict.fromkeys(word for block in (everybody, *some) for word in block.values.get("authorizedkeysfile", ()) if word != "none")
    if files:
        yield f"{READS_KEYS}{' '.join(files)[:MOST_NAMES]}"
