r"""Batch files, PowerShell and VBScript: credentials that somebody wrote into a command.

Batch (``.bat``, ``.cmd``): one command a line, joined by ``&`` and ``|``, ``^`` escapes, ``rem`` and ``::`` are remarks, ``set NAME=value``.
PowerShell (``.ps1``, ``.psm1``): ``ConvertTo-SecureString "…" -AsPlainText``, ``$password = "…"``. VBScript (``.vbs``, ``.wsf``): ``strPassword =
"…"``. ``reg add`` is read as the setting that it makes, ``sc create`` and ``New-Service`` as the service that they install.

Known ways it lies: ``%NAME%`` and ``$name`` stand for a value from elsewhere; labels and ``goto`` may leave a command out that is listed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from asepsis.evidence.protocols.connection_string import in_text
from asepsis.evidence.protocols.credentials import Credential, names_a_secret
from asepsis.evidence.protocols.registry.meanings import EMITS, WANTED
from asepsis.evidence.protocols.registry.text import added
from asepsis.evidence.protocols.secrets import NO_VALUE, is_documentation, placeholder, stored
from asepsis.evidence.protocols.started import service
from asepsis.evidence.protocols.windows_commands import MAX_LINE, command_lines, in_command
from asepsis.evidence.protocols.windows_installs import installed
from asepsis.evidence.protocols.windows_programs import file_name, way_of
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"\.(bat|cmd|ps1|psm1|vbs|wsf)$", re.IGNORECASE)
_BATCH = frozenset({"bat", "cmd"})
_SET = re.compile(r"@?\s*set\s+\"?([A-Za-z_][\w.-]{0,63})=([^\"]*)\"?\s*\Z", re.IGNORECASE)
_LITERAL = re.compile(r"""(?:^|[;,({\s])(?:\[\w+\])?\$?(?:const\s+|dim\s+)?([A-Za-z_][\w:.]{0,63})\s*=\s*(["'])([^"'\r\n]{1,256})\2""", re.IGNORECASE)
_SECURE = re.compile(r"""ConvertTo-SecureString\s+(?:-String\s+)?(["'])([^"']{1,256})\1[^|;]{0,80}?-AsPlainText""", re.IGNORECASE)
_SECURE_LATE = re.compile(r"""ConvertTo-SecureString\s+-AsPlainText\s+(?:-Force\s+)?(?:-String\s+)?(["'])([^"']{1,256})\1""", re.IGNORECASE)
_CREDENTIAL = re.compile(r"""NetworkCredential(?:\]::new)?\s*\(\s*(["'])([^"']{0,128})\1\s*,\s*(["'])([^"']{1,256})\3""", re.IGNORECASE)
_DRIVE = re.compile(
    r'MapNetworkDrive\s{0,8}\(?\s{0,8}"[^"]{0,128}"\s{0,8},\s{0,8}"[^"]{0,256}"\s{0,8},\s{0,8}\w{0,16}\s{0,8},\s{0,8}"([^"]{0,128})"\s{0,8},\s{0,8}"([^"]{1,256})"',
    re.IGNORECASE,
)
_SET_PASSWORD = re.compile(r'\.SetPassword\s*\(?\s*"([^"]{1,256})"', re.IGNORECASE)
_QUOTED = re.compile(r'"([^"]{12,2048})"')
_BATCH_VALUE = re.compile(r"%(?:~?[A-Za-z]{0,8}\d|\*|[^%]+%|%~?\w)|![^!]+!")
"""``%1``, ``%NAME%``, ``%%i``, ``!NAME!``: a value from elsewhere."""
_SHELL_VALUE = re.compile(r"\$[\w:({].*", re.DOTALL)
_COMMENT = re.compile(r"\s*(?:#|')")
_NO_VALUE = NO_VALUE | {"*", "string", "securestring"}


class WindowsScriptsReader:
    """Emits a :class:`StoredSecret` for each credential, what a ``reg add`` sets, and the way in that an installed service opens."""

    info = ReaderInfo("windows_scripts", "Credentials in scripts of Windows", EMITS, ("*.bat", "*.cmd", "*.ps1", "*.vbs"))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name; UTF-16 with its mark is text as well."""
        text = head.startswith(b"\xff\xfe") or b"\0" not in head
        return Sureness.YES if text and _PATH.search(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line."""
        batch = _is_batch(source.path)
        for number, line in source.lines():
            if batch:
                _read_settings(source, number, line, emit)
            _read_service(source, number, line[:MAX_LINE], emit)
            for credential in _batch(line) if batch else _program(line[:MAX_LINE]):
                _emit(source, number, credential, emit)


def _is_batch(path: str) -> bool:
    found = _PATH.search(path)
    return found is None or found.group(1).lower() in _BATCH


def _batch(line: str) -> Iterator[Credential]:
    assigned = _SET.match(line[:MAX_LINE])
    if assigned and names_a_secret(assigned[1]):
        yield Credential(assigned[2].strip(), SecretKind.APPLICATION, assigned[1])
        return
    for words in command_lines(line):
        yield from in_command(words)


def _program(line: str) -> Iterator[Credential]:
    """PowerShell and VBScript."""
    if _COMMENT.match(line):
        return
    for pattern in (_SECURE, _SECURE_LATE):
        yield from (Credential(found[2], SecretKind.APPLICATION, "ConvertTo-SecureString") for found in pattern.finditer(line))
    yield from (Credential(found[4], SecretKind.APPLICATION, "NetworkCredential", found[2]) for found in _CREDENTIAL.finditer(line))
    yield from (Credential(found[2], SecretKind.APPLICATION, "MapNetworkDrive", found[1], "smb") for found in _DRIVE.finditer(line))
    yield from (Credential(found[1], SecretKind.LOGIN, "SetPassword") for found in _SET_PASSWORD.finditer(line))
    yield from (Credential(found[3], SecretKind.APPLICATION, found[1]) for found in _LITERAL.finditer(line) if names_a_secret(found[1]))
    for quoted in _QUOTED.finditer(line):
        yield from in_text(quoted[1])
    for words in command_lines(line) if "=" not in line.split(" ", 1)[0] and not line.lstrip().startswith("$") else ():
        yield from in_command(words)


def _read_settings(source: BoundedSource, number: int, line: str, emit: Emit) -> None:
    for words in command_lines(line) if "add" in line.lower() else ():
        at = next((i for i, word in enumerate(words) if file_name(word) == "reg"), None)
        if at is None:
            continue
        path, key = added(source, number, words[at:])
        if key:
            for meaning in WANTED.at(path):
                meaning(source, key, emit)


def _read_service(source: BoundedSource, number: int, line: str, emit: Emit) -> None:
    """A script that installs a service is likely to have been run, no more."""
    found = installed(line) if "service" in line.lower() or "binpath" in line.lower() else None
    way = way_of(found.words, found.name) if found else None
    if found and way:
        confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.LIKELY
        opened = service(source.where(line=number), way, found.words[0].rsplit("/", 1)[-1], found.enabled)
        emit(replace(opened, confidence=confidence))


def _emit(source: BoundedSource, number: int, found: Credential, emit: Emit) -> None:
    """Variables are dropped; examples stay, marked as such."""
    secret = found.secret.strip()
    elsewhere = _BATCH_VALUE if _is_batch(source.path) else _SHELL_VALUE
    if secret.lower() in _NO_VALUE or placeholder(secret) == "template variable" or elsewhere.fullmatch(secret):
        return
    confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.CONFIRMED
    redacted = stored(source, found.kind, SecretForm.CLEARTEXT, secret)
    emit(StoredSecret(source.where(line=number), redacted, "script", found.subject[:64], found.key_name[:64], found.opens, confidence))
