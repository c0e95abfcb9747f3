"""Which secrets lie in more than one place: in two units, in two pieces of evidence, or twice in one.

Digests of one study are made with one key, so equal digests are equal secrets; those of private keys are taken over the public half, so that one
key counts as one in every encoding. What everybody knows (a default, a published test key, an empty password) and what is no secret (a placeholder)
is shared by nature and not told, and neither is what only a pattern saw.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from asepsis.findings.documentation import is_library_test
from asepsis.findings.log_ins import is_backup, is_empty, no_password
from asepsis.findings.stored import kind_words, no_secret
from asepsis.findings.words import listed, named, place, short
from asepsis.model.evidence import Evidence, EvidenceKind, evidence_names
from asepsis.model.facts import AuthorizedKey, Certificate, Confidence, Fact, OverheardSecret, PasswordHash, PrivateKey, ShownKey, StoredSecret
from asepsis.model.finding import Finding
from asepsis.model.secret import Redacted, SecretForm, SecretKind
from asepsis.model.shared import PublicHalf, Sent, SharedSecret, Sharing
from asepsis.model.where import Where

MOST_PLACES = 40
_UNIT_KINDS = (EvidenceKind.FIRMWARE, EvidenceKind.DIR)
_PUBLIC_FORMS = frozenset({SecretForm.EMPTY, SecretForm.PUBLIC, SecretForm.LOCKED, SecretForm.SEALED})


@dataclass(frozen=True, slots=True)
class _Held:
    """One secret at one place."""

    secret: Redacted
    what: str
    where: Where


def shared_secrets(facts: Iterable[Fact], evidence: Sequence[Evidence]) -> dict[str, SharedSecret]:
    """Every secret that lies in more than one place, by its digest. Of pieces of evidence with equal content only the first counts."""
    originals = _originals(evidence)
    counted = [fact for fact in facts if fact.where.evidence in originals]
    held: dict[str, list[_Held]] = defaultdict(list)
    for one in _held(counted):
        held[one.secret.digest].append(one)
    halves: dict[str, list[PublicHalf]] = defaultdict(list)
    for digest, half in _public_halves(counted):
        halves[digest].append(half)
    sent: dict[str, list[Sent]] = defaultdict(list)
    for fact in counted:
        if isinstance(fact, OverheardSecret) and fact.accepted is not False:
            sent[fact.secret.digest].append(Sent(f"{short(fact.service)} at {short(fact.server)}", fact.where))
    found = (_shared(holders, halves.get(digest, []), sent.get(digest, []), originals) for digest, holders in sorted(held.items()))
    return {one.digest: one for one in found if one}


def about(finding: Finding, shared: Mapping[str, SharedSecret]) -> tuple[SharedSecret, ...]:
    """Those of ``shared`` (by digest) that a finding is about: it names their digest. One that rests on weak evidence counts for nothing."""
    if finding.confidence is Confidence.WEAK:
        return ()
    said = {word for claim in finding.claims for word in claim.args} | {word.strip(",;.") for text in finding.facts for word in text.split()}
    return tuple(shared[digest] for digest in sorted(said & shared.keys()))


def told(finding: Finding, shared: Mapping[str, SharedSecret], evidence: Sequence[Evidence]) -> Finding:
    """The finding with what is known of the secrets it shares."""
    own = about(finding, shared)
    if not own:
        return finding
    said = [line for one in own for line in sentences(one, evidence)]
    shown = [f"equal keyed digests show {line}" for one in own if one.sharing is Sharing.UNITS for line in sentences(one, evidence)[:1]]
    return replace(finding, facts=(*finding.facts, *said), shown_by=(*finding.shown_by, *shown))


def with_findings(shared: Mapping[str, SharedSecret], findings: Iterable[Finding]) -> tuple[SharedSecret, ...]:
    """``shared`` with the ids of the findings about each."""
    ids: dict[str, list[str]] = defaultdict(list)
    for finding in findings:
        for one in about(finding, shared):
            ids[one.digest].append(finding.id)
    return tuple(replace(one, findings=tuple(sorted(ids[one.digest]))) for one in shared.values())


def sentences(one: SharedSecret, evidence: Sequence[Evidence]) -> list[str]:
    """What is known of a shared secret, as it stands in a finding."""
    names = evidence_names(evidence)
    holders = list(dict.fromkeys(where.evidence for where in one.places))
    lines = []
    if one.sharing is Sharing.ONE:
        lines.append(f"the same {one.what} lies in {len(one.places) + one.more} places of {names[holders[0]]}: {listed(map(place, one.places))}")
    elif one.sharing not in {Sharing.HALVES, Sharing.WIRE}:
        pieces = "unit" if one.sharing is Sharing.UNITS else "piece of evidence"
        lines.append(f"the same {one.what} lies in {_both(len(one.evidence), pieces)} ({listed((names[name] for name in one.evidence), most=8)})")
    lines += [f"it is sent in clear to {heard.to} in {names[heard.where.evidence]} ({place(heard.where)})" for heard in one.sent]
    return lines + [f"its public half is {_half_words(half)} in {names[half.where.evidence]} ({place(half.where)})" for half in one.public]


def _both(number: int, one: str) -> str:
    many = one.replace("piece", "pieces") if "piece" in one else f"{one}s"
    return f"both {many}" if number == 2 else f"{number} {many}"  # noqa: PLR2004


def _half_words(half: PublicHalf) -> str:
    if half.what == "shown key":
        return f"the key that {named(half.whose, 'a server')} shows"
    if half.what == "certificate":
        return f"in the certificate of {named(half.whose, 'nobody named')}"
    return f"authorised for {named(half.whose, 'an account that its place does not name')}"


def _originals(evidence: Sequence[Evidence]) -> dict[str, EvidenceKind]:
    """The pieces of evidence that are no copy of another, with their kinds: the same file given twice is no second unit."""
    first = {(entry.sha256 or entry.id): entry for entry in reversed(evidence)}
    return {entry.id: entry.kind for entry in evidence if first[entry.sha256 or entry.id] is entry}


def _held(facts: Iterable[Fact]) -> Iterator[_Held]:
    for fact in facts:
        secret = _usable(fact)
        if secret and secret.known_default is not True and secret.form not in _PUBLIC_FORMS and secret.digest:
            yield _Held(secret, _what(fact), fact.where)


def _usable(fact: Fact) -> Redacted | None:
    """The secret of a fact, if it is one that not everybody has."""
    if isinstance(fact, PrivateKey):
        useless = fact.public_test_key or fact.secret.placeholder or (fact.encrypted and not fact.opened_by) or is_library_test(fact.where)
    elif isinstance(fact, StoredSecret):
        useless = no_secret(fact)
    elif isinstance(fact, PasswordHash):
        useless = no_password(fact) or is_empty(fact) or is_backup(fact.where)
    else:
        return None
    return None if useless or fact.confidence is Confidence.WEAK else fact.secret


def _what(fact: Fact) -> str:
    if isinstance(fact, StoredSecret):
        return kind_words(fact)
    return "private key" if isinstance(fact, PrivateKey) else "password hash"


def _public_halves(facts: Iterable[Fact]) -> Iterator[tuple[str, PublicHalf]]:
    for fact in facts:
        if isinstance(fact, AuthorizedKey) and not fact.public_test_key and fact.confidence is not Confidence.WEAK:
            yield fact.digest, PublicHalf("authorised key", fact.account, fact.where)
        elif isinstance(fact, ShownKey):
            yield fact.digest, PublicHalf("shown key", fact.server, fact.where)
        elif isinstance(fact, Certificate) and not fact.server:
            yield fact.digest, PublicHalf("certificate", fact.subject, fact.where)


def _shared(holders: Sequence[_Held], halves: Iterable[PublicHalf], sent: Sequence[Sent], originals: dict[str, EvidenceKind]) -> SharedSecret | None:
    places = _places(one.where for one in holders)
    pieces = sorted({where.evidence for where in places}, key=list(originals).index)
    is_key = holders[0].secret.kind is SecretKind.KEY
    elsewhere = {half for half in halves if is_key and half.where.evidence not in pieces}
    public = tuple(sorted(elsewhere, key=lambda half: (half.where.sort_key, half.what, half.whose)))
    sharing, of = _sharing(pieces, originals, public, len(places))
    if sent and sharing in {None, Sharing.ONE}:
        sharing, of = Sharing.WIRE, tuple(name for name in originals if name in {*pieces, *(one.where.evidence for one in sent)})
    if sharing is None:
        return None
    first = min(holders, key=lambda one: one.where.sort_key)
    more = max(0, len(places) - MOST_PLACES)
    return SharedSecret(
        first.secret.digest, first.secret.kind, first.what, sharing, of, places[:MOST_PLACES], more, public[:MOST_PLACES], tuple(sent[:MOST_PLACES])
    )


def _sharing(
    pieces: list[str], originals: dict[str, EvidenceKind], public: Sequence[PublicHalf], places: int
) -> tuple[Sharing | None, tuple[str, ...]]:
    """How far it is shared, and the pieces of evidence that share it. Units are pieces of one kind: an image and a tree may be of one unit."""
    for kind in _UNIT_KINDS:
        units = tuple(name for name in pieces if originals[name] is kind)
        if len(units) > 1:
            return Sharing.UNITS, units
    if len(pieces) > 1:
        return Sharing.PIECES, tuple(pieces)
    if public:
        others = {half.where.evidence for half in public}
        return Sharing.HALVES, tuple(name for name in originals if name in others or name in pieces)
    return (Sharing.ONE, tuple(pieces)) if places > 1 else (None, ())


def _places(wheres: Iterable[Where]) -> tuple[Where, ...]:
    """The places, once each. Where a file is told by lines, an offset in it is the same place read by another reader."""
    everything = sorted(set(wheres), key=lambda where: where.sort_key)
    lined = {(where.evidence, where.path) for where in everything if where.line is not None}
    return tuple(where for where in everything if where.line is not None or (where.evidence, where.path) not in lined)
