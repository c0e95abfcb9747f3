"""RSA private keys of Windows programs: CryptoAPI's ``PRIVATEKEYBLOB`` (also in ``.snk`` and ``.pvk``), .NET's ``<RSAKeyValue>``.

```
blob  07 02 00 00 | A4 00 00 (exchange) or 24 00 00 (signature) 00 | "RSA2" | bits | exponent | n p q dp dq q' d, least significant byte first
xml   <RSAKeyValue><Modulus>…<Exponent>…<P>…<Q>…<DP>…<DQ>…<InverseQ>…<D>…</RSAKeyValue>, each in base64, most significant byte first
```

wincrypt.h, [MS-MQQB] 2.2.1; XML Signature 4.5.2.2 with the private parts that .NET adds. The numbers must belong together.

Known ways it lies: a public key has the same XML without the private parts; a key that signs programs of the maker lets nobody in.
"""

from __future__ import annotations

from collections.abc import Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.key_facts import found_keys
from asepsis.evidence.protocols.keys import Key
from asepsis.evidence.protocols.windows_keys import blob, xml
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import PrivateKey


class WindowsKeysReader:
    """Emits a :class:`PrivateKey` for each key whose numbers belong together."""

    info = ReaderInfo("windows_keys", "RSA keys of Windows programs", (PrivateKey,), ("any file",), ("a signing key lets nobody in",))
    patterns = (
        Pattern("blob", rb"\x07\x02\x00\x00\x00[\xa4\x24]\x00\x00RSA2", before=16, after=0),
        Pattern("xml", rb"<RSAKeyValue>", before=16, after=0),
    )

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Every candidate is parsed."""
        for key in found_keys(source, ((match.pattern, match.start) for match in matches), _parse):
            emit(key)


def _parse(pattern: str, data: bytes) -> Key | None:
    return blob(data) if pattern == "blob" else xml(data)
