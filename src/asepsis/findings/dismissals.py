"""Saying what was seen and is no weakness, each with its named exemption and its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from asepsis.findings.rule import RuleInfo
from asepsis.findings.words import place
from asepsis.model.dismissed import Dismissed, Exemption
from asepsis.model.facts import PasswordHash
from asepsis.model.secret import Redacted, SecretForm
from asepsis.model.where import Where

MOST = 100
"""Dismissals of one rule for one reason that a study keeps; the others are counted."""

_OF_PLACEHOLDER = {
    "template variable": Exemption.TEMPLATE_VARIABLE,
    "stands for a value": Exemption.TEMPLATE_VARIABLE,
    "a value kept elsewhere": Exemption.TEMPLATE_VARIABLE,
    "masked text": Exemption.MASKED,
    "example text": Exemption.EXAMPLE,
    "made-up token": Exemption.EXAMPLE,
    "commented out": Exemption.COMMENTED_OUT,
    "encrypted or kept elsewhere": Exemption.SEALED,
    "published in a standard or as a library's test": Exemption.PUBLIC_TEST_KEY,
    "the published key of the storage emulator": Exemption.PUBLIC_TEST_KEY,
}
_OF_FORM = {SecretForm.LOCKED: Exemption.LOCKED, SecretForm.SEALED: Exemption.SEALED, SecretForm.HASHED: Exemption.HASH_ONLY}


def dismissed(info: RuleInfo, exemption: Exemption, what: str, where: Where) -> Dismissed:
    """One dismissal of a rule; words that end in the same place do not say it twice."""
    return Dismissed(info.id, exemption, what.removesuffix(f" ({place(where)})"), where)


def of_secret(secret: Redacted) -> Exemption:
    """The exemption of a secret that is none, or of no use."""
    if secret.placeholder:
        known = _OF_PLACEHOLDER.get(secret.placeholder)
        return known or (Exemption.EXAMPLE if "example" in secret.placeholder else Exemption.PLACEHOLDER)
    return _OF_FORM.get(secret.form, Exemption.NOT_A_SECRET)


def of_hash(entry: PasswordHash) -> Exemption:
    """The exemption of an entry of a password file that no password matches."""
    return Exemption.LOCKED if entry.scheme == "locked" and not entry.secret.placeholder else of_secret(entry.secret)


def in_words(one: Dismissed) -> str:
    """The dismissal in a line, with its place."""
    return f"{one.what} ({place(one.where)})" if one.where else one.what


def bounded(many: Iterable[Dismissed]) -> Iterator[Dismissed]:
    """At most :data:`MOST` for each rule and exemption, in the order of reports; how many more there were is said."""
    for (exemption, rule), group in groupby(sorted(set(many), key=lambda one: one.sort_key), key=lambda one: (one.exemption, one.rule)):
        members = list(group)
        yield from members[:MOST]
        if len(members) > MOST:
            yield Dismissed(rule, exemption, f"and {len(members) - MOST:,} more")
