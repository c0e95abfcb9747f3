"""Settings of .NET programs: ``web.config``, ``app.config``, ``NAME.exe.config``, and files that they take their connection strings from.

XML (Microsoft, *.NET Framework configuration file schema*). ``connectionStrings/add``, ``appSettings/add``, ``machineKey``, ``identity`` with a
password, ``network`` of mail settings, ``credentials/user``. A section with ``EncryptedData`` is sealed under a key of the machine.

Known ways it lies: ``web.Debug.config`` and ``web.Release.config`` are patches of the maker's and may never be used; ``Integrated Security`` needs no
password; keys of ``appSettings`` are free text, so only names that say "password" count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.connection_string import in_text
from asepsis.evidence.protocols.credentials import Credential
from asepsis.evidence.protocols.key_names import secret_kind
from asepsis.evidence.protocols.secrets import NO_VALUE, is_documentation, stored
from asepsis.evidence.protocols.xml import Element, parse
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_NAME = re.compile(r"\.config\Z", re.IGNORECASE)
_PATH = re.compile(r"\.(?:exe|dll)\.config$|(?:^|/)(?:web|app|machine|connectionstrings|appsettings)(?:\.\w+)?\.config$", re.IGNORECASE)
_ROOT = re.compile(rb"<(?:configuration|connectionStrings|appSettings)\b")
_STORE = "dotnet"
_APP = SecretKind.APPLICATION


class DotnetConfigReader:
    """Emits a :class:`StoredSecret` for each password and machine key; sealed sections as sealed."""

    info = ReaderInfo("dotnet_config", "Settings of .NET programs", (StoredSecret,), ("web.config", "app.config", "*.exe.config"))
    signs = Signs(paths=(_NAME,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name; any other ``.config`` by its root element."""
        if _PATH.search(path):
            return Sureness.YES
        return Sureness.YES if _NAME.search(path) and _ROOT.search(head.replace(b"\0", b"")) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``Malformed`` where the XML breaks, after what was read before."""
        tree = parse(source.content())
        confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.CONFIRMED
        for element, found, form in _secrets(tree.root) if tree.root else ():
            redacted = stored(source, found.kind, form, found.secret)
            where = source.where(line=element.line)
            emit(StoredSecret(where, redacted, _STORE, found.subject[:64], found.key_name[:64], found.opens, confidence))
        if tree.broken:
            raise Malformed(tree.broken, line=tree.line)


def _secrets(root: Element) -> Iterator[tuple[Element, Credential, SecretForm]]:
    for element in root.walk():
        if element.tag == "EncryptedData":
            yield element, Credential(element.text_of("CipherData", "CipherValue"), _APP, "EncryptedData"), SecretForm.SEALED
            continue
        if element.tag == "credentials":
            yield from _forms_users(element)
        for found in _clear(element):
            yield element, found, SecretForm.CLEARTEXT


def _clear(element: Element) -> Iterator[Credential]:
    """What one element keeps readable."""
    has = element.attributes.get
    if element.tag == "add" and has("connectionString"):
        yield from in_text(has("connectionString", ""))
    elif element.tag == "add" and has("key"):
        yield from _setting(has("key", ""), has("value", ""))
    elif element.tag == "setting" and has("name"):
        yield from _setting(has("name", ""), element.text_of("value"))
    elif element.tag == "machineKey":
        for name in ("validationKey", "decryptionKey"):
            key = has(name, "")
            if key and not key.lower().startswith("autogenerate"):
                yield Credential(key, SecretKind.KEY, name, "machineKey")
    elif element.tag in {"identity", "network", "sessionPageState", "processModel", "virtualDirectory"} and has("password"):
        yield Credential(has("password", ""), _APP, f"{element.tag} password", has("userName", ""), "smtp" if element.tag == "network" else "")


def _setting(name: str, value: str) -> Iterator[Credential]:
    in_string = list(in_text(value))
    kind = secret_kind(name)
    if in_string:
        yield from in_string
    elif kind and value.lower() not in NO_VALUE:
        yield Credential(value, kind, name)


def _forms_users(element: Element) -> Iterator[tuple[Element, Credential, SecretForm]]:
    """``credentials passwordFormat="Clear"``: users of a web page; the default is an unsalted SHA-1."""
    clear = element.attributes.get("passwordFormat", "").lower() == "clear"
    for user in element.children:
        secret = user.attributes.get("password", "")
        if user.tag == "user" and secret:
            form = SecretForm.CLEARTEXT if clear else SecretForm.HASHED
            yield user, Credential(secret, _APP, "credentials", user.attributes.get("name", ""), "http"), form
