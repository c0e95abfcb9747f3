"""Private keys in any file: PEM, DER, OpenSSH's own format, dropbear's host keys.

PEM armour (RFC 7468; PKCS#1, SEC 1, PKCS#8, and OpenSSH's ``openssh-key-v1``), also quoted in source code and in base64 once more; the base64
of a key without armour, as settings and programs keep it; bare DER of PKCS#8, encrypted or not, PKCS#1 and SEC 1, also as the bags of a PKCS#12
store (RFC 7292); dropbear's files (SSH strings: ``ssh-rsa`` e n d
p q, ``ssh-dss`` p q g y x, ``ecdsa-sha2-…`` curve point d, ``ssh-ed25519`` and 64 bytes). Every candidate is parsed: empty armour, certificates
and public keys stay silent. The digest is taken over the public key, so that one key has one digest in every encoding. A passphrase that
everybody tries first protects nothing: a few are tried, with bounded work.

Known ways it lies: programs carry the armour line as text; libraries carry published test keys.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols import keys, ssh_private
from asepsis.evidence.protocols.key_facts import found_keys
from asepsis.evidence.protocols.passphrases import Tries
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.limits import MIB
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import PrivateKey

MAX_STORE = MIB
"""Bytes of a PKCS#12 store that is tried with an empty password."""
_ARMOUR = rb"-----BEGIN ((?:RSA |DSA |EC |OPENSSH |ENCRYPTED |ANY )?PRIVATE KEY)-----"
_BASE64 = (
    b"BQUklWQVRF",
    b"BSU0EgUFJJVkFURSBL",
    b"BFQyBQUklWQVRF",
    b"BPUEVOU1NIIFBSSVZBVEUg",
    b"BFTkNSWVBURUQgUFJJVkFURSBL",
    b"BEU0EgUFJJVkFURSBL",
)
"""The rest of each armour line after ``-----BEGIN``, in base64."""
_DER_BASE64 = (
    rb"MII[A-P].[AQgw]IBA(A(KC|KB|J[A-F])|DANBgkqhkiG9w0BAQEFAASC)",
    rb"M[GH][A-Za-z]CAQEE[HI]|MI[GH][A-Za-z0-9]AgEBB[DE]",
    rb"MI[GH][A-Za-z0-9]AgEAMB[AMQ]GByqGSM49AgE|MH[a-z]CAQAwE[AQ]YHKoZIzj0CAQY",
    rb"MC4CAQAwBQYDK2V[uw]BCIEI|MEcCAQAwBQYDK2VxBDsEO",
)
"""How PKCS#1 and PKCS#8 of RSA, PKCS#8 and SEC 1 of elliptic curves, and Ed25519 and X25519 (RFC 8410) begin in base64."""
_SQLITE, _NSS_STORE, _NSS_WITHIN = b"SQLite format 3\0", b"nssPrivate", 65_536
"""NSS encrypts each number of a key and each digest by itself, in the form of a key; ``keys/nss_keys.py`` reads its stores."""
_PKCS12 = re.compile(rb"\x30(?:[\x00-\x80]|\x81.|\x82..|\x83...)\x02\x01\x03\x30", re.DOTALL)


class PrivateKeysReader:
    """Emits a :class:`PrivateKey` for each key that parses, or that is encrypted as its header says."""

    info = ReaderInfo("private_keys", "Private keys", (PrivateKey,), ("any file",), ("programs carry the armour line as text",))
    patterns = (
        Pattern("pem", rb"-----BEGIN (RSA |DSA |EC |OPENSSH |ENCRYPTED |ANY )?PRIVATE KEY-----", _ARMOUR, before=64, after=0),
        Pattern("pem-base64", rb"LS0tLS1CRUdJTi(" + rb"|".join(_BASE64) + rb")", before=80, after=0),
        Pattern("der-base64", b"|".join(_DER_BASE64), before=48, after=0),
        Pattern("pkcs8", rb"\x30(\x81.|\x82..|[\x20-\x7f])\x02\x01[\x00\x01]\x30.\x06[\x03-\x09]", before=24, after=0),
        Pattern("pkcs8-sealed", rb"\x30(\x81.|\x82..)\x30[\x10-\x7f]\x06[\x09\x0a]\x2a\x86\x48\x86\xf7\x0d\x01(\x05|\x0c\x01)", before=24, after=0),
        Pattern("pkcs1", rb"\x30\x82..\x02\x01\x00\x02(\x81[\x40-\xff]|\x82[\x01-\x08].|[\x40\x41])", before=16, after=0),
        Pattern("sec1", rb"\x30(\x81.|[\x20-\x7f])\x02\x01\x01\x04[\x14-\x42]", before=16, after=0),
        Pattern("dropbear-rsa", rb"\x00\x00\x00\x07ssh-rsa\x00\x00\x00[\x01-\x08]", before=16, after=0),
        Pattern("dropbear-dss", rb"\x00\x00\x00\x07ssh-dss\x00\x00\x00[\x80\x81]", before=16, after=0),
        Pattern("dropbear-ecdsa", rb"\x00\x00\x00\x13ecdsa-sha2-nistp(256|384|521)\x00\x00\x00\x08nistp", before=32, after=0),
        Pattern("dropbear-ed25519", rb"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x40", before=24, after=0),
    )

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Every candidate is parsed; passphrases are tried while the file's budget lasts."""
        tries, store = Tries(), _PKCS12.match(source.buffer[:32]) is not None
        unlocked = keys.of_store_without_password(bytes(source.buffer[:MAX_STORE]), tries) if store else None

        def parse(pattern: str, data: bytes) -> keys.Key | None:
            key = ssh_private.dropbear(data) if pattern.startswith("dropbear") else keys.parse(pattern, data, tries)
            if key and key.encrypted and not key.opened_by and unlocked:
                return unlocked if unlocked.identity else replace(key, encoding="pkcs12", opened_by=unlocked.opened_by)
            return replace(key, encoding="pkcs12") if key and store and key.encoding == "der" else key

        head = bytes(source.buffer[:_NSS_WITHIN])
        skipped = "pkcs8-sealed" if head.startswith(_SQLITE) and _NSS_STORE in head else ""
        for key in found_keys(source, ((match.pattern, match.start) for match in matches if match.pattern != skipped), parse):
            emit(key)
