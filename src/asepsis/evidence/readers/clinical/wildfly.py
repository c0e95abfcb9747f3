"""WildFly and JBoss, under dcm4chee and other archives: ``mgmt-users.properties``, ``application-users.properties``, ``standalone*.xml``.

A line ``USER=HEX`` of a users file is MD5 of ``USER:REALM:PASSWORD`` (WildFly documentation, "add-user"): it is all that the digest log-in asks
for, so it works as well as the password itself. In ``standalone.xml`` passwords stand as elements ``<password>``, and as attributes ``password``,
``keystore-password``, ``key-password`` and ``clear-text``; ``${VAULT::…}`` and ``${ENC::…}`` are kept elsewhere.

Known ways it lies: ``$local`` and disabled accounts stand in the same file; ``${env.NAME:default}`` takes the default only if nothing else is set.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols import xml
from asepsis.evidence.protocols.secrets import is_documentation, stored
from asepsis.evidence.protocols.text import key_file
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)(?:(?P<users>(?:mgmt|application)-users\.properties)|(?:standalone|domain|host)[\w-]*\.xml)$")
_SIGN = b"urn:jboss:domain"
_HASH = re.compile(r"[0-9a-f]{32}\Z")
_ATTRIBUTES = frozenset({"password", "keystore-password", "key-password", "clear-text", "bind-credential"})
_DEFAULT = re.compile(r"\$\{[\w.,-]+:([^{}]+)\}\Z")


class WildflyReader:
    """Emits a :class:`StoredSecret` for each log-in of a users file and each password of the server's settings."""

    info = ReaderInfo("wildfly", "Users and settings of WildFly", (StoredSecret,), ("mgmt-users.properties", "standalone.xml"))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name; the settings also by their namespace."""
        found = _PATH.search(path)
        return Sureness.YES if found and (found["users"] or _SIGN in head) and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """One of the two files. Raises ``Malformed`` if XML breaks, after what was read."""
        if source.path.endswith(".properties"):
            for entry in key_file(source.lines()):
                if _HASH.match(entry.value):
                    redacted = source.redact(SecretKind.APPLICATION, SecretForm.DERIVED, entry.value)
                    where = source.where(line=entry.line)
                    emit(StoredSecret(where, redacted, "wildfly", entry.key[:64], "digest of user, realm and password", "http"))
            return
        tree = xml.parse(source.content())
        for line, key, value, subject in _secrets(tree.root) if tree.root else ():
            given = _DEFAULT.match(value)
            redacted = stored(source, SecretKind.APPLICATION, SecretForm.CLEARTEXT, given.group(1) if given else value)
            confidence = Confidence.LIKELY if given else Confidence.CONFIRMED
            emit(StoredSecret(source.where(line=line), redacted, "wildfly", subject[:64], key, "", confidence))
        if tree.broken or tree.root is None:
            raise Malformed(tree.broken or "no XML", line=tree.line or None)


def _secrets(root: xml.Element) -> Iterator[tuple[int, str, str, str]]:
    """Line, key, value and user of each password; a reference to a vault is none."""
    for element in root.walk():
        subject = element.attributes.get("user-name", element.attributes.get("alias", ""))
        pairs = [(key, value) for key, value in sorted(element.attributes.items()) if key in _ATTRIBUTES]
        for child in element.children:
            if child.tag == "password" and child.text:
                yield child.line, "password", child.text, element.text_of("user-name")
        yield from ((element.line, key, value, subject) for key, value in pairs if value and not value.startswith(("${VAULT", "${ENC")))
