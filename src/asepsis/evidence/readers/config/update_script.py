"""Scripts that put software onto the device: they fetch a file, or find it on something plugged in, and unpack, run or flash it.

A package manager that is told to check no signature is one by itself. Known fetchers: wget, curl, tftp, ftpget, scp, rsync. Known installers:
tar, unzip, cpio, dpkg, rpm, opkg, dd, flashcp, mtd, sysupgrade, and a shell that runs the file. Known signature checks: ``openssl
dgst|cms|smime|pkeyutl -verify``, gpg, gpgv, signify, usign, minisign, ucert; a checksum that comes with the file is none (CWE-494, CWE-347). A
check counts if it comes first and the script acts on its answer.

Known ways it lies: the program that is fetched may check itself; a check may stand in another script; a branch that is never taken is
read all the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from asepsis.evidence.protocols.command_line import SHELLS, base, has, option, program
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.shell import Command, script_commands
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness, begins
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import UpdateMechanism, Zone
from asepsis.model.where import Where

_SHELL = re.compile(r"\.sh\Z")
_FETCHERS = frozenset({"wget", "curl", "tftp", "ftpget", "scp", "rsync", "uclient-fetch"})
_INSTALLERS = (
    frozenset({"tar", "unzip", "cpio", "dpkg", "rpm", "opkg", "dd", "flashcp", "flash_eraseall", "nandwrite", "mtd", "sysupgrade", "fwupdate", "."})
    | SHELLS
)
_CHECKERS = frozenset({"gpg", "gpgv", "gpg2", "signify", "usign", "minisign", "ucert"})
_OPENSSL = frozenset({"dgst", "cms", "smime", "pkeyutl"})
_LOOSE = {
    "apk": ("--allow-untrusted",),
    **dict.fromkeys(("apt", "apt-get"), ("--allow-unauthenticated", "--force-yes")),
    **dict.fromkeys(("yum", "dnf", "microdnf"), ("--nogpgcheck", "--nogpg")),
    "zypper": ("--no-gpg-checks",),
}
"""Package managers, and how they are told to check no signature."""
_EXTRACT = re.compile(r"-?[A-Za-z]*x[A-Za-z]*|--(?:extract|get)")
_SHEBANG = re.compile(rb"#!\s*/\S*sh\b")
_WORDS = re.compile(rb"\b(?:wget|curl|tftp|ftpget|scp|rsync|uclient-fetch|mount|apk|apt|apt-get|yum|dnf|zypper)\b")
_URL = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_OPEN = frozenset({"http", "ftp", "tftp"})
_ACTED_ON = re.compile(r"\s*(?:if|elif|while|until)\b")
_STRICT = re.compile(r"^\s*set\s+-\w*e|^#!\S+\s+-\w*e")
_NEWER = re.compile(r"-(?:gt|lt|ge|le)\b|\bsort\s+-V\b|--compare-versions")


@dataclass(slots=True)
class _Script:
    """What a script was seen to do, in its order."""

    files: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    fetched_at: int = 0
    protected: bool | None = None
    installed_at: int = 0
    by_touch: bool = False
    checked: bool | None = False
    newer: bool = False


class UpdateScriptReader:
    """Emits one :class:`UpdateMechanism` for a script that installs what it fetched or found."""

    info = ReaderInfo(
        "update_script", "Scripts that install software", (UpdateMechanism,), ("shell scripts that fetch and unpack, run or flash a file",)
    )
    signs = Signs(paths=(_SHELL,), heads=(begins(b"#!"),), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """A shell script that fetches or mounts something, as far as its first bytes show."""
        if b"\0" in head or is_documentation(path) or not (_SHEBANG.match(head) or _SHELL.search(path)):
            return Sureness.NO
        return Sureness.YES if _WORDS.search(head) else Sureness.MAYBE

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Command by command; nothing is said of a script that only fetches, or only unpacks."""
        rows = dict(source.lines())
        script, piped = _Script(), False
        strict = any(_STRICT.search(row) for row in rows.values())
        line, acted_on = 0, False
        for command in script_commands(source):
            words = program(command.words)
            if command.line != line:  # a line may hold thousands of commands
                line, row = command.line, rows.get(command.line, "")
                acted_on = strict or bool(_ACTED_ON.match(row))
                script.newer = True if _NEWER.search(row) and "version" in row.lower() else script.newer
            if words:
                _follow(script, command, words, piped=piped, acted_on=acted_on or command.end in {"||", "&&"})
            piped = command.end == "|" and bool(words) and (piped or base(words[0]) in _FETCHERS)
        if script.installed_at:
            emit(_mechanism(source.where(line=script.installed_at), source.path, script))


def _follow(script: _Script, command: Command, words: Sequence[str], *, piped: bool, acted_on: bool) -> None:
    """Take one command into account."""
    name = base(words[0])
    if name in _FETCHERS and not has(words, "T", "upload-file", "post-file"):
        _fetch(script, command.line, words)
    elif name == "mount" and len(words) > 2 and "/dev/" in " ".join(words[1:-1]):  # noqa: PLR2004
        script.folders.add(words[-1].rstrip("/"))
    elif script.installed_at:
        return
    elif any(flag in words for flag in _LOOSE.get(name, ())):
        script.installed_at = command.line
    elif _checks(name, words):
        script.checked = True if acted_on else script.checked or None
    elif _installs(name, words):
        # A fetched file that is called by its path runs by itself.
        handed = words[1:] if name in _INSTALLERS else words[:1]
        from_folder = any(word.startswith(folder + "/") for word in handed for folder in script.folders if folder)
        if (piped and name in _INSTALLERS) or from_folder or any(base(word.partition("=")[2] or word) in script.files for word in handed):
            script.installed_at, script.by_touch = command.line, from_folder and not piped


def _installs(name: str, words: Sequence[str]) -> bool:
    """A command that unpacks, flashes or runs what it is handed."""
    if name == "tar":
        return any(_EXTRACT.fullmatch(word) for word in words[1:])
    return name in _INSTALLERS or words[0].startswith(("/", "./"))


def _fetch(script: _Script, line: int, words: Sequence[str]) -> None:
    """Remember what was fetched and over what: one open transport is enough for whoever stands between."""
    script.fetched_at = script.fetched_at or line
    schemes = {found.group(1).lower() for word in words for found in [_URL.match(word)] if found}
    loose = has(words, "insecure", "k", "no-check-certificate") or "-k" in words
    secure = None if not schemes and base(words[0]) in {"wget", "curl"} else not (schemes & _OPEN or base(words[0]) in {"tftp", "ftpget"} or loose)
    script.protected = secure if script.protected is None else script.protected and secure is not False
    targets = [option(words, "-O", "-o", "--output-document", "--output", "-l", "-r"), *(word for word in words[1:] if "/" in word)]
    script.files |= {base(target) for target in targets} - {"", "-"}


def _checks(name: str, words: Sequence[str]) -> bool:
    """A command that checks a signature."""
    if name == "openssl":
        return len(words) > 1 and words[1] in _OPENSSL and has(words, "verify")
    return name in _CHECKERS and (name == "gpgv" or has(words, "verify", "V"))


def _mechanism(where: Where, path: str, script: _Script) -> UpdateMechanism:
    """Who can hand something in: whoever plugs it in; whoever stands in the network if the way is open; else only who holds the server."""
    from_network = Zone.SUPPLY_CHAIN if script.protected else Zone.DEVICE_NETWORK
    zone = Zone.TOUCH if script.by_touch else from_network
    return UpdateMechanism(where, f"script-{base(path)}", zone, script.checked, script.newer, None if script.by_touch else script.protected)
