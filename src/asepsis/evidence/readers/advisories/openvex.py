"""OpenVEX documents: what a maker says of published flaws and its products.

OpenVEX specification 0.2.0 (openvex/spec, OPENVEX-SPEC.md) and 0.0.1. ``statements`` join one ``vulnerability`` and ``products`` with a ``status``; a
product may have ``subcomponents``, then they are what the flaw lies in. A statement without a time of its own has that of the document. The author
is that of the document. In 0.0.1 flaws and products were plain texts.

Known ways it lies: a product without a version means all of them; ``@id`` may be any address at all, so only a package URL, a CPE name or a digest
names something; the JSON schema calls the CPE names ``@cpe23`` and the text of the standard ``cpe23``; a document may hold several statements about
the same flaw and product, of which the newest counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from asepsis.evidence.protocols.decoded_text import beginning
from asepsis.evidence.protocols.vex import JUSTIFICATIONS, STATUSES, Faults, Faulty, Opened, Thing, first_text, instant, opened, thing
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo, Signs, Sureness, anywhere
from asepsis.guard.source import BoundedSource
from asepsis.knowledge.vulnerabilities.feed import table, tables, text, texts
from asepsis.model.facts import VexClaim
from asepsis.model.where import Where

CONTEXT = "https://openvex.dev/ns"
VERSIONS = ("", "/v0.0.1", "/v0.2.0")
_SIGN = b"openvex.dev/ns"


class OpenvexReader:
    """Emits one :class:`VexClaim` for each flaw and part."""

    info = ReaderInfo("openvex", "OpenVEX documents", (VexClaim,), ("OpenVEX 0.0.1 and 0.2.0 (JSON)",))
    signs = Signs(heads=(anywhere("openvex.dev/ns"),))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - the contract
        """By the context that it names."""
        begun = beginning(head)
        return Sureness.YES if _SIGN in begun and begun.startswith(b"{") else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``Malformed`` if it is no JSON, of a version that is not known, or if statements say nothing that can be used."""
        document = opened(source, "statements", "vulnerability", required=True)
        context = text(document.head.get("@context"))
        if context.removeprefix(CONTEXT) not in VERSIONS:
            raise document.wrong or Malformed(f"OpenVEX of the context {context[:60]!r} is not known, only 0.0.1 and 0.2.0")
        faults = Faults(document.wrong)
        faults.emitting(document, source, lambda statement, where: _claims(statement, document, where), emit)
        for name, times in Counter(text(one.get("@id")) for one, _ in document.statements if one.get("@id")).items():
            if times > 1:
                faults.add(f"the id {name[:60]!r} stands at {times} statements", None)
        faults.tell()


def _claims(statement: Mapping[str, Any], document: Opened, where: Where) -> Iterator[VexClaim]:
    """Every claim of one statement. Raises ``Faulty``."""
    word = text(statement.get("status"))
    status = STATUSES.get(word)
    if status is None:
        raise Faulty(f"a statement has the status {word[:40]!r}")
    reason = text(statement.get("justification"))
    flaw = statement.get("vulnerability")
    name = text(flaw) or text(table(flaw).get("name")) or text(table(flaw).get("@id"))
    about = list(_about(statement.get("products")))
    if not name or not about:
        raise Faulty("a statement names no flaw" if not name else "a statement names no product")
    if document.wrong and status.closes:
        return
    for part, product in about:
        yield VexClaim(
            where,
            name,
            status,
            JUSTIFICATIONS.get(reason),
            part.component,
            part.version,
            part.purl,
            part.cpe,
            text(document.head.get("author")),
            first_text(statement, "impact_statement", "status_notes", "action_statement"),
            texts(table(flaw).get("aliases")),
            part.sha256,
            product.label if product else "",
            product.sha256 if product else (),
            instant(*(box.get(key) for box in (statement, document.head) for key in ("last_updated", "timestamp"))),
        )


def _about(products: object) -> Iterator[tuple[Thing, Thing | None]]:
    """What each flaw lies in, and the product that this lies in if it is another."""
    for product in products if isinstance(products, list) else ():
        whole = _thing(product)
        parts = [_thing(one) for one in tables(table(product).get("subcomponents"))]
        if parts:
            yield from ((part, whole) for part in parts if part.label)
        elif whole.label:
            yield whole, None


def _thing(product: object) -> Thing:
    """By its identifiers; its id counts if it is one itself, and else as a name that nothing in a device has."""
    box = table(product)
    identity = text(box.get("@id")) or text(product)
    identifiers, hashes = table(box.get("identifiers")), table(box.get("hashes"))
    purl = text(identifiers.get("purl")) or (identity if identity.startswith("pkg:") else "")
    cpe = next(filter(None, (text(identifiers.get(key)) for key in ("cpe23", "@cpe23", "cpe22", "@cpe22"))), "")
    found = thing(purl=purl, cpe=cpe or (identity if identity.startswith("cpe:") else ""), sha256=(text(hashes.get("sha-256")),))
    return found if found.label else Thing(component=identity)
