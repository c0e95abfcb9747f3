"""What several listeners have in common: lines of text, datagrams that stand alone, deafness once bytes are missing."""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.evidence.protocols.soap import Envelope
from asepsis.evidence.wire.decoder import Complain, Tell
from asepsis.evidence.wire.events import Event, Named, SoapSaid
from asepsis.evidence.wire.packet import Closing, Conversation, Side

LONGEST_LINE = 8192


class Bare:
    """A listener that needs every byte: once some are missing it hears nothing more of that side, which the counts of lost bytes tell."""

    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        """Keep what every listener is given."""
        self.conversation, self.tell, self.complain = conversation, tell, complain
        self.deaf = [False, False]

    def data(self, side: Side, data: bytes, packet: int, time: int) -> None:
        """The next bytes, to :meth:`hear` as long as none were missing."""
        if not self.deaf[side]:
            self.hear(side, data, packet, time)

    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        """The next bytes, none of which are missing so far."""
        raise NotImplementedError

    def gap(self, side: Side, _length: int, _packet: int, _time: int) -> None:
        """Deaf from here on."""
        self.deaf[side] = True

    def close(self, how: Closing, packet: int, time: int) -> None:
        """Nothing is held back."""

    def give_up(self, packet: int, what: str) -> None:
        """Complain once and hear nothing more of this conversation."""
        self.complain(packet, what)
        self.deaf = [True, True]


class Lines:
    """Cuts one side's bytes into lines; the end of a line is LF, CR LF, CR NUL or a lone CR. A line beyond the bound is cut short."""

    def __init__(self) -> None:
        """Nothing is held yet."""
        self._held = b""
        self.cut = False

    @property
    def rest(self) -> bytes:
        """What has no end yet: a prompt, say."""
        return self._held

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The lines that are whole now, without their ends; empty ones too."""
        text = self._held + data
        if b"\n" not in text and b"\r" not in text:
            self._keep(text)
            return
        text = text.replace(b"\r\n", b"\n").replace(b"\r\0", b"\n")
        held_back = text.endswith(b"\r")  # its LF may come next
        if held_back:
            text = text[:-1]
        *whole, last = text.replace(b"\r", b"\n").split(b"\n")
        self._keep(last)
        self._held += b"\r" if held_back else b""
        for line in whole:
            yield line[:LONGEST_LINE]

    def _keep(self, text: bytes) -> None:
        self.cut = self.cut or len(text) > LONGEST_LINE
        self._held = text[:LONGEST_LINE]


def words(text: bytes, most: int = 200) -> str:
    """Text of a device as text of ours: what is not printed is left out, and it ends somewhere."""
    return "".join(letter for letter in text[: most * 4].decode("utf-8", "replace") if letter.isprintable()).strip()[:most]


def soap_events(said: Event, envelope: Envelope) -> Iterator[Event]:
    """What an envelope says, as events of the same speaker and packet as ``said``: itself, and who a device says that it is."""
    place = said.conversation, said.side, said.packet, said.time
    yield SoapSaid(*place, envelope.action, envelope.message_id, envelope.relates_to, envelope.elements)
    keys = {"maker": "Manufacturer", "model": "ModelName", "model number": "ModelNumber", "version": "FirmwareVersion", "serial": "SerialNumber"}
    attributes = {key: words(text.encode()) for key, name in keys.items() if (text := envelope.text(name))}
    if attributes or envelope.text("FriendlyName"):
        yield Named(*place, said.speaker.address, words(envelope.text("FriendlyName").encode()), "dpws", attributes)
