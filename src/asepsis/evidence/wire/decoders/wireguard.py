"""WireGuard: that a tunnel is there, and nothing of what is in it (Donenfeld, "WireGuard: Next Generation Kernel Network Tunnel", 5.4)."""

from __future__ import annotations

from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Listener, Match, Tell
from asepsis.evidence.wire.listeners import Bare
from asepsis.evidence.wire.packet import Conversation, Side

_LENGTHS = {b"\1\0\0\0": 148, b"\2\0\0\0": 92, b"\3\0\0\0": 64}
"""Initiation, response and cookie reply by their first four bytes; each has one length."""


class WireguardDecoder:
    """Recognises a message of the handshake: a kind, three bytes that are nought, and its only length."""

    info = DecoderInfo("wireguard", "WireGuard", "WireGuard, 5.4", ("udp",), (51820,))

    def recognises(self, client: bytes, server: bytes) -> Match:
        """What is sent later is random but for its first four bytes."""
        return Match.YES if any(_LENGTHS.get(said[:4]) == len(said) for said in (client, server)) else Match.NO

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """There is nothing to be heard."""
        return _Sealed(conversation, tell, complain)


class _Sealed(Bare):
    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        """Nothing."""
