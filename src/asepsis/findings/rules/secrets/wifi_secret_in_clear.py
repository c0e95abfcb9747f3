"""A Wi-Fi password is stored so that it can be read.

## What it finds

The passphrase of a wireless network, in clear or only obfuscated, in a settings file, an NVRAM dump or any other
store of the device.

## Why it matters for a patient

Whoever takes the password from one discarded, stolen or resold device joins the network that every pump and monitor
of the ward is on. From there the other devices can be spoken to. Two real infusion pumps gave hospitals' Wi-Fi data
away in this way.

## How it decides

A stored secret of kind Wi-Fi in clear or in a recoverable form is a finding. It is *enabled* if the device starts a
program that reads this store. The secret is claimed to open the device network, and to be the same in every unit where
the evidence is the software as shipped; the latter is shown as an assumption. A key under a protection whose own key
lies on the same disk (Windows) can be computed, and the finding says so.

## When it stays silent

Placeholders, templates and example text; secrets that are sealed or kept by another program; derived keys
(`wifi_secret_derived`).

## When it cannot tell

When stored secrets were not looked for, or parts of the evidence could not be opened.

## References

CWE-256, CWE-257, CWE-260, CWE-312, CWE-522, ATT&CK T0860, ICSMA-17-017-02, ICSMA-22-251-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo, found
from asepsis.findings.stored import belongs_to, dismissals
from asepsis.findings.wifi import joining
from asepsis.findings.words import named, secret_words
from asepsis.model.facts import StoredSecret
from asepsis.model.finding import Weakness
from asepsis.model.secret import SecretForm, SecretKind

INFO = RuleInfo(
    id="wifi_secret_in_clear",
    title="Wi-Fi password stored in clear",
    summary="The password of a wireless network can be read from the device.",
    weakness=Weakness.WIFI_SECRET_STORED,
    cwe=(256, 312, 522),
    needs=(StoredSecret,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-256", "CWE-257", "CWE-260", "CWE-312", "CWE-522", "ATT&CK T0860", "ICSMA-17-017-02", "ICSMA-22-251-01"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every readable Wi-Fi password that is no placeholder."""
    yield from dismissals(INFO, facts, SecretKind.WIFI)
    for stored in facts.of(StoredSecret):
        if belongs_to(stored) != INFO.id:
            continue
        entry = joining(facts, stored)
        yield found(
            INFO,
            subject=stored.subject or stored.store,
            title=f"The Wi-Fi password of {named(stored.subject, 'an unnamed network')} is stored {_how(stored)}",
            certainty=entry.certainty,
            confidence=stored.confidence,
            locations=[stored.where],
            claims=entry.claims,
            shown_by=entry.shown_by,
            facts=[secret_words(stored.secret)],
            assumes=entry.assumes,
            cwe=(257, 522) if stored.secret.form is SecretForm.RECOVERABLE else (),
        )


def _how(stored: StoredSecret) -> str:
    return "so that it can be computed from what lies on the device" if stored.secret.form is SecretForm.RECOVERABLE else "in clear"
