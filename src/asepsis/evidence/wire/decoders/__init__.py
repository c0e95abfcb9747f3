"""Every decoder, in the order in which they are asked."""

from __future__ import annotations

from asepsis.evidence.wire.decoder import Decoder

DECODERS: tuple[Decoder, ...] = ()
"""One file each; the more a protocol says of itself at once, the earlier it stands."""
