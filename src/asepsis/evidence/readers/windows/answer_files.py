r"""Answer files of Windows set-up: ``Unattend.xml``, ``sysprep.xml``; before Vista ``sysprep.inf``, ``winnt.sif``, ``unattend.txt``.

XML: ``AutoLogon`` and ``UserAccounts`` of the shell set-up, ``Identification/Credentials`` of the domain join (Microsoft, *Unattended Windows Setup
Reference*). A password is ``<Value>`` in clear, or with ``<PlainText>false</PlainText>`` Base64 of UTF-16 of the password and the name of its
element: anybody undoes that. INI: ``[GuiUnattended] AdminPassword``, ``AutoLogon``; ``[Identification] DomainAdminPassword``;
``EncryptedAdminPassword=Yes`` means hex of two hashes.

Known ways it lies: Windows puts ``*SENSITIVE*DATA*DELETED*`` over passwords once it has used them; a file in a folder of a maker's tools may never
have been used; the password may have been changed after set-up.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from asepsis.evidence.protocols.secrets import is_documentation, stored
from asepsis.evidence.protocols.text import key_file, unquote
from asepsis.evidence.protocols.windows_commands import command_lines, in_command
from asepsis.evidence.protocols.xml import Element, parse
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Confidence, Service, StoredSecret, Zone
from asepsis.model.secret import Redacted, SecretForm, SecretKind
from asepsis.model.where import Where

_XML = re.compile(rb"<(?:\w+:)?unattend\b|u\0n\0a\0t\0t\0e\0n\0d\0", re.IGNORECASE)
_INI = re.compile(r"(?:^|/)(?:sysprep\.inf|winnt\.sif|unattend\.txt|remboot\.sif|sysprep\.sif)$", re.IGNORECASE)
_PASSWORDS = {"Password": "Password", "AdministratorPassword": "AdministratorPassword", "DomainAccountPassword": "", "MachinePassword": ""}
"""Name of an element → what is written behind its password before it is turned into Base64."""
_NAMES = ("Username", "Name")
_DELETED = "*SENSITIVE*DATA*DELETED*"
_USED = "deleted by Windows after set-up"
_STORE = "answer-file"


@dataclass(frozen=True, slots=True)
class _Password:
    element: Element
    owner: str
    secret: str
    form: SecretForm


class AnswerFilesReader:
    """Emits a :class:`StoredSecret` for each password, and the :class:`Service` ``auto-logon``."""

    info = ReaderInfo("answer_files", "Answer files of Windows set-up", (StoredSecret, Service), ("Unattend.xml", "sysprep.inf", "winnt.sif"))
    signs = Signs(paths=(_INI,), heads=(_XML,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """XML by its root element, the older kind by name."""
        if _INI.search(path):
            return Sureness.YES
        return Sureness.YES if path.lower().endswith(".xml") and _XML.search(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``Malformed`` where the XML breaks, after what was read before."""
        if _INI.search(source.path):
            _read_ini(source, emit)
            return
        tree = parse(source.content())
        if tree.root:
            for found in _passwords(tree.root):
                _emit(source, source.where(line=found.element.line), found.secret, found.form, found.owner, found.element.tag, emit)
            _emit_log_on(source, tree.root, emit)
            _emit_commands(source, tree.root, emit)
        if tree.broken:
            raise Malformed(tree.broken, line=tree.line)


def _passwords(root: Element) -> Iterator[_Password]:
    for parent in root.walk():
        owner = next((text for name in _NAMES if (text := parent.text_of(name))), "")
        for element in parent.children:
            if element.tag not in _PASSWORDS:
                continue
            text = element.text_of("Value") or element.text
            hidden = element.text_of("PlainText").lower() == "false"
            secret, form = _plain(text, _PASSWORDS[element.tag]) if hidden else (text, SecretForm.CLEARTEXT)
            yield _Password(element, "Administrator" if element.tag == "AdministratorPassword" else owner, secret, form)


def _plain(text: str, suffix: str) -> tuple[str, SecretForm]:
    """The password behind Base64; what cannot be undone is kept as it stands."""
    try:
        secret = base64.b64decode(text, validate=True).decode("utf-16-le")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return text, SecretForm.RECOVERABLE
    return secret.removesuffix(suffix), SecretForm.RECOVERABLE


def _emit(source: BoundedSource, where: Where, secret: str, form: SecretForm, owner: str, key: str, emit: Emit) -> None:
    """An empty password is one too: it lets everybody in."""
    confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.CONFIRMED
    emit(StoredSecret(where, _redacted(source, secret, form if secret else SecretForm.EMPTY), _STORE, owner[:64], key[:64], "rdp", confidence))


def _redacted(source: BoundedSource, secret: str, form: SecretForm) -> Redacted:
    if secret == _DELETED:
        return source.redact(SecretKind.LOGIN, form, secret, placeholder=_USED)
    return stored(source, SecretKind.LOGIN, form, secret)


def _emit_log_on(source: BoundedSource, root: Element, emit: Emit) -> None:
    for element in root.walk():
        if element.tag == "AutoLogon" and element.text_of("Enabled").lower() == "true":
            emit(_log_on(source.where(line=element.line), element.text_of("Username")))


def _log_on(where: Where, user: str) -> Service:
    detail = f"Windows is set up to log '{user[:64]}' in at start and ask nobody"
    return Service(where, "auto-logon", "winlogon", Auth.NONE, enabled=True, zone=Zone.TOUCH, detail=detail)


def _emit_commands(source: BoundedSource, root: Element, emit: Emit) -> None:
    for element in root.walk():
        if element.tag not in {"CommandLine", "Path"}:
            continue
        for words in command_lines(element.text):
            for found in in_command(words):
                redacted = stored(source, found.kind, SecretForm.CLEARTEXT, found.secret)
                where = source.where(line=element.line)
                emit(StoredSecret(where, redacted, "script", found.subject[:64], found.key_name[:64], found.opens))


_HASHES = re.compile(r"[0-9A-Fa-f]{64}\Z")
_OWNERS = {"adminpassword": "Administrator", "domainadminpassword": "", "joinpassword": ""}


def _read_ini(source: BoundedSource, emit: Emit) -> None:
    entries = {entry.key.lower(): entry for entry in key_file(source.lines())}
    for key, fallback in _OWNERS.items():
        entry = entries.get(key)
        if entry is None:
            continue
        value = unquote(entry.value)
        owner = unquote(entries["domainadmin"].value) if key == "domainadminpassword" and "domainadmin" in entries else fallback
        secret, form = ("", SecretForm.EMPTY) if value == "*" else (value, SecretForm.HASHED if _HASHES.match(value) else SecretForm.CLEARTEXT)
        _emit(source, source.where(line=entry.line), secret, form, owner, entry.key, emit)
    switch = entries.get("autologon")
    if switch and unquote(switch.value).lower() == "yes":
        emit(_log_on(source.where(line=switch.line), "Administrator"))
