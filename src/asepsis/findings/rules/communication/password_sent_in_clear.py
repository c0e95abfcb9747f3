"""A password crosses the network in clear.

## What it finds

Log-ins that were recorded as they were sent: Telnet, FTP, HTTP, SNMP communities, MQTT, DICOM user identities and
their like, without encryption.

## Why it matters for a patient

Whoever is on the network and listens once has the password. With it he changes settings of a pump, reads records, or
opens the service menu, and looks like the engineer whose password it is.

## How it decides

A secret that a recorded message holds in clear is a finding, unless the server was seen to refuse it. What it opens is
the service that it was sent to; where the answer was not recorded, that it was accepted is an assumption. The same
secret in the software of the device, told by its keyed digest, is shown beside it.

## When it stays silent

Log-ins that were refused, challenges and hashes, anonymous log-ins, and everything inside TLS or SSH.

## When it cannot tell

When no traffic was given: settings alone do not show what is sent.

## References

CWE-319, CWE-523, CAPEC-94, CAPEC-158, ATT&CK T0842, ATT&CK T0859, ICSMA-19-113-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.log_ins import Entry, entry_by
from asepsis.findings.rule import Context, Facts, Found, Outcome, RuleInfo, found
from asepsis.findings.ways_in import ways_in
from asepsis.findings.witness import shown
from asepsis.findings.words import PROPOSAL, named, place, secret_words, short
from asepsis.model.claim import THIS, claim
from asepsis.model.facts import Confidence, OverheardSecret, StoredSecret, Zone
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="password_sent_in_clear",
    title="Password sent in clear",
    summary="A log-in crosses the network so that whoever listens has the password.",
    weakness=Weakness.INTERCEPTABLE_COMMUNICATION,
    cwe=(319, 523),
    needs=(OverheardSecret,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-319", "CWE-523", "CAPEC-94", "CAPEC-158", "ATT&CK T0842", "ATT&CK T0859", "ICSMA-19-113-01"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every secret that was overheard and not refused."""
    for heard in facts.of(OverheardSecret):
        if heard.accepted is not False:
            yield _overheard(facts, heard)


def _overheard(facts: Facts, heard: OverheardSecret) -> Found:
    entry = entry_by(ways_in(facts, heard.service), heard.subject, heard.secret.digest)
    certainty, words = shown(facts, heard.where)
    return found(
        INFO,
        subject=f"{heard.service} {heard.server} {heard.subject}".rstrip(),
        title=f"The password of {named(heard.subject, 'a log-in')} for {short(heard.service)} at {short(heard.server)} is sent in clear",
        certainty=certainty,
        confidence=Confidence.CONFIRMED,
        locations=[heard.where],
        claims=(claim("overheard", THIS, heard.secret.digest, Zone.DEVICE_NETWORK), *entry.claims),
        shown_by=[words, *entry.shown_by],
        facts=_said(facts, heard),
        assumes=_assumes(heard, entry),
    )


def _said(facts: Facts, heard: OverheardSecret) -> list[str]:
    """What was seen of it, and whether the software holds it too."""
    times = f"sent {heard.times} times" if heard.times > 1 else "sent once"
    answer = "the server accepted it" if heard.accepted else "no answer was seen"
    stored = [one for one in facts.of(StoredSecret) if one.secret.digest == heard.secret.digest]
    same = [f"it is the secret that the software keeps: {place(one.where)}" for one in stored[:1]]
    return [f"{times}, {answer}", secret_words(heard.secret), *same]


def _assumes(heard: OverheardSecret, entry: Entry) -> tuple[str, ...]:
    """A log-in that was seen to succeed needs no assumption."""
    if heard.accepted or not entry.claims:
        return ()
    whose = named(heard.subject, "the log-in")
    right = f"The password of {whose} at {short(heard.server)} is taken to be right: no answer to it was seen {PROPOSAL}"
    return (*entry.assumes, right)
