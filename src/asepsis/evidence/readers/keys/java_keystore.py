"""Java's key stores: JKS and JCEKS (``.jks``, ``.keystore``), Bouncy Castle's BKS.

```
JKS    FE ED FE ED | version 2 | entries | (1 name date sealed-key chain | 2 name date certificate)… | SHA-1(password, "Mighty Aphrodite", all)
JCEKS  CE CE CE CE | the same, keys under PBEWithMD5AndTripleDES, and 3 name date secret-key-object
BKS    00 00 00 01|02 | salt | iterations | (kind name date chain …)… | 00 | HMAC-SHA1 under the password
```

Numbers are big-endian, texts and blocks have their length before them (OpenJDK's and Bouncy Castle's sources; no standard). Certificates stand
in clear, so that a sealed key still shows whose it is. Stores whose password is one that everybody tries first count as open. A store of
certificates only (``cacerts``) says nothing.

Bouncy Castle's UBER and BCFKS are encrypted as a whole: a file that is named as one and begins like one is said not to be read.

Known ways it lies: a key may have a password other than its store's; the secret keys of JCEKS are objects whose end shows only by what comes next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.java_keystore import CutShort, bouncy, java
from asepsis.evidence.protocols.key_facts import fact
from asepsis.evidence.protocols.keys import Key
from asepsis.evidence.protocols.passphrases import Tries
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo, Sealed
from asepsis.guard.limits import MIB
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import PrivateKey

MAX_STORE, MAX_STORES = 4 * MIB, 20
"""Bytes of one store, and stores in one file."""
_STORE = re.compile(r"\.(?:bks|ubr|uber|bcfks|fks|keystore|jks|ks|store)$", re.IGNORECASE)


class JavaKeystoreReader:
    """Emits a :class:`PrivateKey` for each private key of a store."""

    info = ReaderInfo("java_keystore", "Java key stores", (PrivateKey,), ("any file",), ("a key may have a password of its own",))
    patterns = (
        Pattern("java", rb"(\xfe\xed\xfe\xed|\xce\xce\xce\xce)\x00\x00\x00\x02\x00\x00[\x00-\x07].\x00\x00\x00[\x01-\x03]", before=16, after=0),
        Pattern(
            "sealed",
            rb"^(\x00\x00\x00[\x01\x02]\x00\x00\x00\x14.{20}\x00\x00..[\x05-\xff]|\x30\x82..\x30\x82..\x30(.|\x81.)\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d)",
            before=40,
            after=0,
        ),
        Pattern("bks", rb"^\x00\x00\x00[\x01\x02]\x00\x00\x00\x14.{20}\x00\x00[\x00-\xff].[\x00-\x04]", before=40, after=0),
    )

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Store by store; one that ends early is told after the others."""
        tries, broken = Tries(), None
        if (matches[0].pattern, matches[0].start) == ("sealed", 0) and _STORE.search(source.path):
            raise Sealed("this key store of Bouncy Castle (UBER or BCFKS) is encrypted as a whole", offset=0)
        for match in [match for match in matches if match.pattern != "sealed"][:MAX_STORES]:
            data = bytes(source.window(match.start, min(MAX_STORE, source.size - match.start)).buffer)
            try:
                for key in _keys(match.pattern, data, tries):
                    found = fact(source, key, match.start)
                    if found:
                        emit(found)
            except CutShort:
                broken = match.start if broken is None and match.start == 0 else broken
        if broken is not None:
            raise Malformed("the key store cannot be read to its end", offset=broken)


def _keys(pattern: str, data: bytes, tries: Tries) -> Iterator[Key]:
    return java(data) if pattern == "java" else bouncy(data, tries)
