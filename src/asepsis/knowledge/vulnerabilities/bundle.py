"""One file with a whole store, to be carried to a machine without a network: documents, a manifest of their digests, and its signature.

The file is a zip archive: ``records-NNN.jsonl``, ``manifest.json`` and, if a key was given, ``manifest.sig`` (Ed25519, RFC 8032, over the bytes of
the manifest). It is imported as documents, one by one, never as a database: a store that somebody else made is not opened.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from asepsis.guard.limits import KIB
from asepsis.guard.sandbox import run
from asepsis.guard.zip_file import ZipWriter, writing
from asepsis.knowledge.toml_file import KnowledgeError
from asepsis.knowledge.vulnerabilities.limits import import_bounds
from asepsis.knowledge.vulnerabilities.store import Store
from asepsis.knowledge.vulnerabilities.unbundling import MANIFEST, SIGNATURE, Stock
from asepsis.model.vulnerability import Feed

FORMAT = "asepsis-bundle-1"
_RECORDS = 50_000
"""Documents in one member."""
_LONGEST_KEY = 64 * KIB
_CHILD = "asepsis.knowledge.vulnerabilities.unbundling"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle says of itself: its feeds, and name, SHA-256 and bytes of each member."""

    format: str
    feeds: tuple[Feed, ...]
    members: tuple[tuple[str, str, int], ...]


def write_bundle(store: Store, out: Path, key: Path | None) -> Manifest:
    """Write all of ``store`` to ``out``, signed if ``key`` (PEM, Ed25519) is given. The same store and key give the same bytes.

    Raises ``KnowledgeError`` if the key is none, or the file cannot be written.
    """
    signing = _private(key) if key else None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)
        os.close(handle)
        try:
            with writing(Path(name)) as archive:
                manifest = _fill(archive, store)
                told = msgspec.json.encode(manifest)
                archive.member(MANIFEST, [told])
                if signing:
                    archive.member(SIGNATURE, [signing.sign(told)])
            Path(name).chmod(0o644)
            Path(name).replace(out)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise KnowledgeError(f"{out}: cannot be written: {error.strerror}") from error
    return manifest


def _fill(archive: ZipWriter, store: Store) -> Manifest:
    documents = (msgspec.json.encode(document) + b"\n" for document in store.documents())
    members = []
    for number, first in enumerate(documents):
        name = f"records-{number:03}.jsonl"
        members.append((name, *archive.member(name, chain([first], islice(documents, _RECORDS - 1)))))
    return Manifest(FORMAT, store.feeds(), tuple(members))


def check_bundle(path: Path, key: Path | None) -> str:
    """Check the file if it is a bundle; what can be said of its origin, or nothing if it is none.

    With ``key`` (PEM, Ed25519) it must be a bundle that was signed with it. Raises ``KnowledgeError``: not signed, signed by somebody else, or a
    member that is not as the manifest says.
    """
    stock = _stock(path)
    if stock.wrong:
        raise KnowledgeError(f"{path}: {stock.wrong}")
    if not stock.manifest:
        if key:
            raise KnowledgeError(f"{path}: no bundle, so nothing of it is signed; import it without --key")
        return ""
    if key:
        _verify(path, stock, _public(key))
    _compare(path, stock)
    if key:
        return f"signed with the key of {key}"
    return "its signature was not checked (--key)" if stock.signature else "it is not signed"


def _stock(path: Path) -> Stock:
    if path.is_dir() or not _is_zip(path):
        return Stock()
    found: list[Stock] = []
    ended = run(
        _CHILD, os.fsencode(path.resolve()), bounds=import_bounds(), on_message=lambda said: found.append(msgspec.msgpack.decode(said, type=Stock))
    )
    return found[0] if ended.ok and found else Stock(wrong=f"cannot be looked through ({ended.error or ended.how})")


def _is_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(2) == b"PK"
    except OSError as error:
        raise KnowledgeError(f"{path}: cannot be read: {error.strerror}") from error


def _verify(path: Path, stock: Stock, key: Ed25519PublicKey) -> None:
    if not stock.signature:
        raise KnowledgeError(f"{path}: the bundle is not signed")
    try:
        key.verify(stock.signature, stock.manifest)
    except InvalidSignature as error:
        raise KnowledgeError(f"{path}: the signature does not fit the key: made by somebody else, or altered on the way") from error


def _compare(path: Path, stock: Stock) -> None:
    try:
        manifest = msgspec.json.decode(stock.manifest, type=Manifest)
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError) as error:
        raise KnowledgeError(f"{path}: the manifest of the bundle cannot be read") from error
    if manifest.format != FORMAT:
        raise KnowledgeError(f"{path}: a bundle of another version of Asepsis")
    if sorted(stock.members) != sorted(manifest.members):
        names = sorted({name for name, *_ in set(stock.members) ^ set(manifest.members)}) or ["a member that is there twice"]
        raise KnowledgeError(f"{path}: not as its manifest says: {', '.join(names[:3])}")


def _private(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(_pem(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KnowledgeError(f"{path}: no private key in PEM without a password") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KnowledgeError(f"{path}: a key of another kind; `openssl genpkey -algorithm ed25519` makes one")
    return key


def _public(path: Path) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(_pem(path))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KnowledgeError(f"{path}: no public key in PEM") from error
    if not isinstance(key, Ed25519PublicKey):
        raise KnowledgeError(f"{path}: a key of another kind than Ed25519")
    return key


def _pem(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST_KEY)
    except OSError as error:
        raise KnowledgeError(f"{path}: cannot be read: {error.strerror}") from error
