"""SMB: the old version that worms used, whether messages are signed, who logs in ([MS-SMB2] 2.2.3, 2.2.4; [MS-SMB] 2.2.4.52; [MS-NLMP] 2.2.1.3)."""

from __future__ import annotations

import struct

from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Listener, Match, Tell
from asepsis.evidence.wire.events import Asked, LogIn
from asepsis.evidence.wire.listeners import Bare
from asepsis.evidence.wire.packet import Conversation, Side

_SMB1, _SMB2, _SMB3_SEALED = b"\xffSMB", b"\xfeSMB", b"\xfdSMB"
_NEGOTIATE_1, _NEGOTIATE_2, _SESSION_SETUP_2 = 0x72, 0, 1
_SESSION_SETUP_1, _SUCCESS, _IS_GUEST, _NO_DIALECT = 0x73, bytes(4), 1, b"\xff\xff"
_KEPT = 4096
"""Bytes of one message that are looked at."""
_LOG_IN = b"NTLMSSP\0\x03\0\0\0"
_UNICODE = 1
_MOST_TOLD = 64
"""Versions and users of one conversation."""
_DIALECTS = {0x0202: "2.0.2", 0x0210: "2.1", 0x0300: "3.0", 0x0302: "3.0.2", 0x0311: "3.1.1", 0x02FF: "2.?"}


class SmbDecoder:
    """Recognises a message of NetBIOS' session service that holds one of SMB."""

    info = DecoderInfo("smb", "SMB", "[MS-SMB2]", ("tcp",), (445, 139), understands_middle=True)

    def recognises(self, client: bytes, server: bytes) -> Match:
        """On port 139 a session request (0x81) may come first."""
        for said in (client, server):
            if said[4:8] in {_SMB1, _SMB2, _SMB3_SEALED} and said[:1] == b"\0":
                return Match.YES
        if client[:2] == b"\x81\0" and len(client) >= 4:  # noqa: PLR2004
            following = client[4 + int.from_bytes(client[2:4]) :]
            return Match.YES if following[4:8] in {_SMB1, _SMB2} else Match.MORE if len(following) < 8 else Match.NO  # noqa: PLR2004
        return Match.MORE if len(client) < 8 and client[:1] in {b"", b"\0", b"\x81"} else Match.NO  # noqa: PLR2004

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Listen until both agree on a version and somebody has logged in."""
        return _Messages(conversation, tell, complain)


class _Messages(Bare):
    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        super().__init__(conversation, tell, complain)
        self._held, self._skip = [b"", b""], [0, 0]
        self._told: set[str] = set()

    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        while data:
            if self._skip[side]:
                taken = min(self._skip[side], len(data))
                self._skip[side] -= taken
                data = data[taken:]
                continue
            self._held[side] += data
            if len(self._held[side]) < 4:  # noqa: PLR2004 - kind and length (RFC 1002, 4.3.1)
                return
            whole = 4 + int.from_bytes(self._held[side][1:4])
            wanted = min(whole, _KEPT)
            if len(self._held[side]) < wanted:
                return
            message, data = self._held[side][4:wanted], self._held[side][wanted:]
            self._held[side], self._skip[side] = b"", whole - wanted
            self._message(message, side, packet, time)

    def _message(self, message: bytes, side: Side, packet: int, time: int) -> None:
        if message.startswith(_SMB1) and side is Side.SERVER and len(message) > 4:  # noqa: PLR2004
            self._version_1(message, packet, time)
        elif message.startswith(_SMB2) and len(message) >= 70:  # noqa: PLR2004 - a header of 64 bytes, size, mode, dialect
            (command,) = struct.unpack_from("<H", message, 12)
            if side is Side.SERVER and command == _NEGOTIATE_2:
                mode, dialect = struct.unpack_from("<HH", message, 66)
                self._once(_DIALECTS.get(dialect, f"{dialect:#06x}"), "" if mode & 2 else "signing not required", packet, time)
            elif side is Side.SERVER and command == _SESSION_SETUP_2 and message[8:12] == _SUCCESS and message[66] & _IS_GUEST:
                self._guest(packet, time)
        if side is Side.CLIENT and (at := message.find(_LOG_IN)) >= 0:
            self._user(message[at:], packet, time)

    def _version_1(self, message: bytes, packet: int, time: int) -> None:
        """A server that knows none of the offered versions answers in the old one, with no choice ([MS-CIFS] 2.2.4.52.2)."""
        if message[4] == _NEGOTIATE_1:
            unsigned = "unsigned" if len(message) > 35 and not message[35] & 8 else ""  # noqa: PLR2004
            self._once("1", unsigned, packet, time, accepted=message[33:35] != _NO_DIALECT)
        else:
            self._once("1", "", packet, time, accepted=True)
        if message[4] == _SESSION_SETUP_1 and message[5:9] == _SUCCESS and len(message) > 38 and message[37] & _IS_GUEST:  # noqa: PLR2004
            self._guest(packet, time)

    def _guest(self, packet: int, time: int) -> None:
        """Somebody whom the server does not know is let in all the same ([MS-SMB2] 2.2.6; [MS-CIFS] 2.2.4.53.2)."""
        if self._is_new("guest", packet):
            self.tell(Asked(self.conversation, Side.SERVER, packet, time, "smb", "session", "guest", accepted=True))

    def _once(self, version: str, signing: str, packet: int, time: int, *, accepted: bool | None = None) -> None:
        if self._is_new(f"{version} {accepted}", packet):
            subject = f"SMB {version}, {signing}" if signing else f"SMB {version}"
            self.tell(Asked(self.conversation, Side.SERVER, packet, time, "smb", "negotiate", subject, accepted=accepted))

    def _user(self, message: bytes, packet: int, time: int) -> None:
        """The name stands in clear; what proves it is a hash ([MS-NLMP] 2.2.1.3)."""
        if len(message) < 64:  # noqa: PLR2004
            return
        length, _, offset = struct.unpack_from("<HHI", message, 36)
        (flags,) = struct.unpack_from("<I", message, 60)
        raw = message[offset : offset + min(length, 256)]
        user = raw.decode("utf-16-le" if flags & _UNICODE else "latin-1", "replace")[:64]
        if self._is_new(f"user {user}", packet):
            self.tell(LogIn(self.conversation, Side.CLIENT, packet, time, how="ntlm", user=user))

    def _is_new(self, what: str, packet: int) -> bool:
        if what in self._told:
            return False
        if len(self._told) == _MOST_TOLD:
            self.complain(packet, f"SMB: more than {_MOST_TOLD} versions and users: the rest is not told")
            return False
        self._told.add(what)
        return True
