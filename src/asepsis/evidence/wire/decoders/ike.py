"""IKE: that two ends agree on keys for IPsec, and nothing of what is in the tunnel (RFC 7296, 3.1; RFC 2408, 3.1; RFC 3948, 2.2)."""

from __future__ import annotations

import struct

from asepsis.evidence.wire.decoder import FIRST_BYTES, Complain, DecoderInfo, Listener, Match, Tell
from asepsis.evidence.wire.listeners import Bare
from asepsis.evidence.wire.packet import Conversation, Side

_HEADER = struct.Struct(">8s8sBBBBII")
_NO_ESP = bytes(4)
"""Before a message of IKE on the port that it shares with the tunnel's packets."""
_VERSIONS = frozenset({0x10, 0x20})
_EXCHANGES = frozenset({2, 4, 5, 6, 32, 34, 35, 36, 37, 38, 43, 44})
"""Identity protection, aggressive, informational, transaction, quick mode; IKE_SA_INIT, IKE_AUTH, CREATE_CHILD_SA, INFORMATIONAL,
IKE_SESSION_RESUME (RFC 5723), IKE_INTERMEDIATE (RFC 9242), IKE_FOLLOWUP_KE (RFC 9370)."""
_LONGEST = 65_535


class IkeDecoder:
    """Recognises the header of a message that is as long as it says."""

    info = DecoderInfo("ike", "IKE (IPsec)", "RFC 7296", ("udp",), (500, 4500))

    def recognises(self, client: bytes, server: bytes) -> Match:
        """With or without the four bytes that tell it from the tunnel's packets."""
        return (
            Match.YES if any(_is_message(said) or (said.startswith(_NO_ESP) and _is_message(said[4:], 4)) for said in (client, server)) else Match.NO
        )

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """There is nothing to be heard."""
        return _Sealed(conversation, tell, complain)


def _is_message(data: bytes, before: int = 0) -> bool:
    if len(data) < _HEADER.size:
        return False
    initiator, _, _, version, exchange, _, _, length = _HEADER.unpack_from(data)
    whole = length == len(data) if len(data) + before < FIRST_BYTES else FIRST_BYTES <= length + before <= _LONGEST
    return whole and any(initiator) and version in _VERSIONS and exchange in _EXCHANGES


class _Sealed(Bare):
    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        """Nothing."""
