"""Shell scripts: credentials that somebody wrote into a command.

Shell and expect scripts. Known: ``sshpass -p``, ``curl -u``, ``mysql -p``, ``wget --password``, ``openssl -pass pass:``, ``echo
NAME:SECRET | chpasswd``, ``echo SECRET | passwd``, ``useradd -p HASH``, ``user NAME SECRET`` in a here-document of ``ftp -n``, ``send
"SECRET"`` after ``expect "assword"``, ``PASSWORD=…``.

Known ways it lies: ``$NAME`` stands for a value from elsewhere and is none of them; documentation and samples are full of made-up ones
(weak confidence).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.accounts import hash_fact
from asepsis.evidence.protocols.command_line import base, option, program
from asepsis.evidence.protocols.credentials import Credential, find, names_a_secret
from asepsis.evidence.protocols.crypt_hash import Budget, scheme_of
from asepsis.evidence.protocols.secrets import NO_VALUE, is_documentation, stored
from asepsis.evidence.protocols.shell import Assignment, Command, script
from asepsis.evidence.protocols.told import told
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness, begins
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, PasswordHash, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(
    r"\.(?:sh|bash|ash|exp|expect|profile)$|(?:^|/)etc/(?:init\.d|rc\d?\.d|profile\.d|cron\.\w+|uci-defaults|hotplug\.d/[^/]+)/[^/]+$|(?:^|/)(?:rc\.local|rcS|rc|profile|\.profile|\.bashrc|\.netrc)$"
)
_SHEBANG = re.compile(rb"#!\s*/\S*(?:sh|expect|env)\b")
_PYTHON = re.compile(rb"#![^\n]*(?:python|perl|ruby|node|lua)")
_SEND = re.compile(r'\s*send\s+(?:--\s+)?"([^"$\[\]]{3,64}?)(?:\\r|\\n)+"')
_ASKED = re.compile(r"\bexpect\b.*(?:assword|assphrase|PIN)")
_TABLE = re.compile(r"(?:^|/)etc/cron\.d/[^/]+$")
"""The reader of cron knows where the command of a line begins."""


class ScriptsReader:
    """Emits a :class:`StoredSecret` for each credential, a :class:`PasswordHash` for each hash that a script sets."""

    info = ReaderInfo("scripts", "Credentials in scripts", (StoredSecret, PasswordHash), ("shell and expect scripts",))
    signs = Signs(paths=(_PATH,), heads=(begins(b"#!"),), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By the first line, else by name."""
        if b"\0" in head or _PYTHON.match(head):
            return Sureness.NO
        return Sureness.YES if _SHEBANG.match(head) or _PATH.search(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Command by command; ``echo … |`` is read with the command that it feeds."""
        fed: Command | None = None
        for item in script(source):
            if isinstance(item, Assignment):
                _emit_assignment(source, item, emit)
                continue
            if _TABLE.search(source.path):
                continue
            for found in (*find(item.words), *_fed(fed, item), *_document(item)):
                _emit(source, item.line, found, emit)
            _emit_set_hash(source, item, emit)
            fed = item if item.end == "|" and base(item.words[0]) in {"echo", "printf"} else None
        _read_expect(source, emit)


def _emit(source: BoundedSource, line: int, found: Credential, emit: Emit) -> None:
    for fact in told(source, line, found):
        emit(fact)


def _emit_assignment(source: BoundedSource, item: Assignment, emit: Emit) -> None:
    """``DB_PASSWORD=…``: the name says so; paths, switches and values computed elsewhere are none."""
    value = item.value
    if not names_a_secret(item.name) or value.lower() in NO_VALUE or "$" in value or "`" in value or value.startswith(("/", "-", "<")):
        return
    confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.LIKELY
    redacted = stored(source, SecretKind.APPLICATION, SecretForm.CLEARTEXT, value, script=True)
    emit(StoredSecret(source.where(line=item.line), redacted, "script", "", item.name[:64], "", confidence))


def _fed(fed: Command | None, item: Command) -> Iterator[Credential]:
    """``echo NAME:SECRET | chpasswd`` and ``echo SECRET | passwd --stdin NAME``."""
    name = base(program(item.words)[0]) if program(item.words) else ""
    if fed is None or name not in {"chpasswd", "passwd", "smbpasswd", "sudo", "su"}:
        return
    said = [word for word in fed.words[1:] if not re.fullmatch(r"-[neE]+", word)]
    text = re.split(r"\\n|\n", " ".join(said))[0]
    user, found, secret = text.partition(":")
    if name == "chpasswd" and found and "-e" not in item.words:
        yield Credential(secret, SecretKind.LOGIN, "chpasswd", user)
    elif name != "chpasswd" and text:
        users = [word for word in item.words[1:] if not word.startswith("-")]
        yield Credential(text, SecretKind.LOGIN, name, users[-1] if users and name == "passwd" else "")


def _document(item: Command) -> Iterator[Credential]:
    """``user NAME SECRET`` of a scripted ftp, ``NAME:SECRET`` fed to chpasswd."""
    for _, row in item.document:
        words = row.split()
        if base(item.words[0]) in {"ftp", "lftp", "tnftp"} and words[:1] in (["user"], ["quote"]) and len(words) > 2:  # noqa: PLR2004
            yield Credential(words[2], SecretKind.APPLICATION, "ftp user", words[1], "ftp")
        elif base(item.words[0]) == "chpasswd" and ":" in row:
            yield Credential(row.partition(":")[2].strip(), SecretKind.LOGIN, "chpasswd", row.partition(":")[0].strip())


def _emit_set_hash(source: BoundedSource, item: Command, emit: Emit) -> None:
    if base(item.words[0]) not in {"useradd", "usermod"}:
        return
    field = option(item.words, "-p", "--password")
    if field and scheme_of(field) not in {"", "locked", "empty"}:
        names = [word for word in item.words[1:] if not word.startswith("-") and word != field]
        emit(hash_fact(source, source.where(line=item.line), names[-1] if names else "", field, "script", Budget()))


def _read_expect(source: BoundedSource, emit: Emit) -> None:
    r"""``send "SECRET\r"`` after a password was asked for."""
    asked = False
    for number, line in source.lines():
        sent = _SEND.match(line)
        if sent and asked:
            _emit(source, number, Credential(sent.group(1), SecretKind.APPLICATION, "expect send"), emit)
        asked = _ASKED.search(line) is not None or (asked and not sent and not line.strip())
