"""Channels of NextGen (Mirth) Connect as it exports them: where clinical messages come in, and the log-ins for where they go.

XML with ``<channel>`` elements (or ``<channelBackup>``, ``<list>``); each connector's ``<properties class="…">`` says of which kind it is:
``tcp.TcpReceiverProperties`` and ``mllp`` listen for HL7 over MLLP, ``dimse.DICOMReceiverProperties`` for DICOM, ``http.HttpReceiverProperties``
for HTTP, with host and port in ``<listenerConnectorProperties>``. Passwords stand in ``<password>`` and its like (Mirth Connect 4). MLLP asks for
nothing.

Known ways it lies: a channel that is exported need not be deployed, or may be disabled; ``${…}`` is a variable of the configuration map.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols import xml
from asepsis.evidence.protocols.command_line import port_of
from asepsis.evidence.protocols.secrets import is_documentation, stored
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Gives, Service, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_SIGN = re.compile(rb"<(?:channel|channelBackup|list|serverConfiguration)\b[^>]*>")
_OWN = b"com.mirth.connect"
_RECEIVERS = (
    ("tcp.TcpReceiver", "hl7", Gives.COMMAND),
    ("mllp", "hl7", Gives.COMMAND),
    ("DICOMReceiver", "dicom", Gives.RECORD),
    ("http.HttpReceiver", "http", Gives.COMMAND),
    ("ws.WebServiceReceiver", "http", Gives.COMMAND),
)
_SECRETS = frozenset({"password", "keystorePassword", "trustStorePassword", "passPhrase", "keyStorePassword", "secretAccessKey"})
_USERS = ("username", "user", "keyFile")


class MirthChannelReader:
    """Emits a :class:`Service` for each connector that listens, and a :class:`StoredSecret` for each password."""

    info = ReaderInfo("mirth_channel", "Channels of Mirth Connect", (Service, StoredSecret), ("exported channels (XML)",))
    signs = Signs(heads=(_SIGN,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """XML with one of the root elements, and the product's own names in the head."""
        own = path.lower().endswith(".xml") and _SIGN.search(head) and (_OWN in head or b"<sourceConnector" in head or b"<nextMetaDataId>" in head)
        return Sureness.YES if own and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Element by element. Raises ``Malformed`` if the document breaks, after what was read."""
        tree = xml.parse(source.content())
        if tree.root is None:
            raise Malformed(tree.broken or "no XML", line=tree.line or None)
        seen = 0
        for connector in _properties(tree.root):
            seen += 1
            _emit_listener(source, connector, emit)
            _emit_secrets(source, connector, emit)
        if tree.broken:
            raise Malformed(tree.broken, line=tree.line)
        if not seen:
            raise NotThisFormat


def _properties(root: xml.Element) -> Iterator[xml.Element]:
    """The properties of connectors: they name their class."""
    return (element for element in root.walk() if element.tag == "properties" and "com.mirth" in element.attributes.get("class", ""))


def _emit_listener(source: BoundedSource, connector: xml.Element, emit: Emit) -> None:
    kind = connector.attributes["class"]
    found = next(((name, gives) for sign, name, gives in _RECEIVERS if sign in kind), None)
    listens = connector.get("listenerConnectorProperties")
    port = port_of(listens.text_of("port")) if listens else None
    if not found or listens is None or not port:
        return
    name, gives = found
    host = listens.text_of("host")
    address = "" if host in {"", "0.0.0.0", "::"} else host[:64]  # noqa: S104 - compared, not bound
    auth = Auth.UNKNOWN if name == "http" else Auth.NONE
    detail = "takes clinical messages from whoever connects" if auth is Auth.NONE else "takes clinical messages"
    where = source.where(line=listens.line)
    emit(Service(where, name, "Mirth Connect", auth, None if name == "http" else False, None, port, address, gives=gives, detail=detail))


def _emit_secrets(source: BoundedSource, connector: xml.Element, emit: Emit) -> None:
    subject = next((connector.text_of(name) for name in _USERS if connector.text_of(name)), "")
    for element in connector.walk():
        if element.tag in _SECRETS and element.text and not element.children:
            redacted = stored(source, SecretKind.APPLICATION, SecretForm.CLEARTEXT, element.text)
            emit(StoredSecret(source.where(line=element.line), redacted, "mirth", subject[:64], element.tag))
