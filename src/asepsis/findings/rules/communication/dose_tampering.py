"""Orders or alarms that somebody changed, repeated, invented or silenced.

## What it finds

In recorded traffic: an order to a pump that reached two places with different content; that a pump's reports
contradict; that was sent again after it was accepted; that is older than its sender's clock; that came from somebody
who never programmed that pump; that changes an infusion which the pump does not run; that was carried out before,
without or against the confirmation at the bedside, or was confirmed and never carried out. Numbers of one report that
do not fit one another. And alarms that were switched off, paused without end, lowered, widened or ended from
elsewhere, or in a way that no bedside explains.

## Why it matters for a patient

Then it is no longer a question of what could be done: somebody gets another dose than the one that was ordered, or
nobody is called when it goes wrong.

## How it decides

What two sayings of one order differ in is computed: amounts are compared in whatever units they are written, with
weight and concentration, and rounding to a printed digit or to a step of the pump is no difference. Two captures are
laid side by side by sender, control id and the message's own time; and the orders of one beside the reports of the
same pump in another. Each finding says what was seen and what else could explain it; only an alteration, a
contradiction of a confirmed order and a silencing by a stranger can be sure.

## When it stays silent

Other units, rounding, retries without an acknowledgement, copies at two capture points, clocks that are wrong or were
set, daylight saving, titration, a bolus on a running infusion, the next bag of an order, a stop and a resumption,
reports that come late, several gateways that all take part in the traffic, limits of the next patient.

## When it cannot tell

Where nothing of pumps was said in clear; where no report can be laid beside the orders; whether a first order's
sender may give it; whether a setting that changed without an order was changed by hand; where memory ran out.

## References

CWE-345, CWE-294, CWE-346, CWE-924, CAPEC-94, CAPEC-60, ATT&CK T0831, ATT&CK T0855, ATT&CK T0878, ATT&CK T0830
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby

from asepsis.findings.dose_words import checks, open_question, opposition, title
from asepsis.findings.orders import Opposed, Parted, beside, opposed, parted
from asepsis.findings.rule import Context, Facts, Found, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.witness import shown, surest
from asepsis.findings.words import PROPOSAL, place
from asepsis.model.claim import THIS, Claim, claim
from asepsis.model.dose import Sign
from asepsis.model.facts import Confidence, DoseDoubt, DoseSign, DoseTraffic, Effect, OrderSeen, ReportSeen, Zone
from asepsis.model.finding import Certainty, Weakness
from asepsis.model.where import Where

INFO = RuleInfo(
    id="dose_tampering",
    title="Orders or alarms that were tampered with",
    summary="Traffic shows an order or an alarm that somebody changed, repeated, invented or silenced.",
    weakness=Weakness.DOSE_TAMPERING_OBSERVED,
    cwe=(345,),
    needs=(DoseSign, DoseTraffic),
    fixed_by=("hospital", "maker"),
    since="0.1.0",
    references=(
        "CWE-345",
        "CWE-294",
        "CWE-346",
        "CWE-924",
        "CAPEC-94",
        "CAPEC-60",
        "ATT&CK T0831",
        "ATT&CK T0855",
        "ATT&CK T0878",
        "ATT&CK T0830",
    ),
)

ORDERS, ALARMS = "orders to pumps", "alarms"
MOST_DOUBTS = 20
"""Doubts that are told one by one; the others are counted."""

_CWE = {Sign.ALTERED: (345, 924), Sign.REPLAYED: (294,), Sign.STALE: (294,), Sign.STRANGER: (346,), Sign.ALARM_STRANGER: (346,)}
_WAYS = {Sign.REPLAYED: "replayable", Sign.STRANGER: "believes_strangers", Sign.ALARM_STRANGER: "believes_strangers"}


def check(facts: Facts, context: Context) -> Iterator[Outcome]:
    """Every sign, by kind and subject; orders in two captures; then what could not be told."""
    signs = sorted(facts.of(DoseSign), key=lambda one: (list(Sign).index(one.sign), one.subject))
    for _, group in groupby(signs, key=lambda one: (one.sign, one.subject)):
        yield _told(facts, list(group))
    orders, reports = facts.of(OrderSeen), facts.of(ReportSeen)
    for pair in parted(orders, context.doses.rounding):
        yield _in_two_captures(facts, pair)
    for one in opposed(orders, reports, context.doses):
        yield _opposed(facts, one)
    yield from _doubts(facts, beside(orders, reports))


def _told(facts: Facts, group: list[DoseSign]) -> Found:
    first = group[0]
    confidence = surest(one.confidence for one in group)
    certainty, words = _certainty(facts, first.where, confidence)
    unless = tuple(dict.fromkeys(reason for one in group for reason in one.unless))
    return found(
        INFO,
        subject=first.subject,
        title=title(first),
        certainty=certainty,
        confidence=confidence,
        locations=[place for one in group for place in _places(one)],
        claims=_claims(first.sign),
        shown_by=[words],
        facts=(
            *dict.fromkeys(text for one in group for text in one.shown),
            *dict.fromkeys(f"sent by {one.by}" for one in group if one.by),
            *(f"it could also be: {reason}" for reason in unless),
            checks(first.sign),
        ),
        assumes=_assumes(first.sign),
        cwe=_CWE.get(first.sign, ()),
    )


def _in_two_captures(facts: Facts, pair: Parted) -> Found:
    captures = [facts.name_of(one.where) for one in (pair.first, pair.second)]
    return found(
        INFO,
        subject=pair.second.order or pair.second.control_id,
        title=title(pair.second),
        certainty=Certainty.DEMONSTRATED,
        confidence=Confidence.CONFIRMED,
        locations=[pair.first.where, pair.second.where],
        claims=_claims(Sign.ALTERED),
        shown_by=["the same message in two captures"],
        facts=(*map(str, pair.differs), f"first as in {captures[0]}, then as in {captures[1]}", checks(Sign.ALTERED)),
        cwe=_CWE[Sign.ALTERED],
    )


def _opposed(facts: Facts, one: Opposed) -> Found:
    """An order that only another capture's reports contradict: nothing is certain of what happened between the two."""
    certainty, words = shown(facts, one.report.where)
    return found(
        INFO,
        subject=one.order.order or one.order.control_id,
        title=title(one.order, Sign.CONTRADICTED),
        certainty=certainty,
        confidence=Confidence.LIKELY,
        locations=[one.order.where, one.report.where],
        claims=_claims(Sign.CONTRADICTED),
        shown_by=[words],
        facts=opposition(one, facts.name_of(one.order.where), facts.name_of(one.report.where)),
        assumes=_assumes(Sign.CONTRADICTED),
    )


def _certainty(facts: Facts, where: Where, confidence: Confidence) -> tuple[Certainty, str]:
    certainty, words = shown(facts, where)
    return (Certainty.DEMONSTRATED, "it happened in recorded traffic") if confidence is Confidence.CONFIRMED else (certainty, words)


def _places(sign: DoseSign) -> Iterator[Where]:
    yield sign.where
    for packet in sign.other_packets:
        if packet.isdecimal():
            yield Where(sign.where.evidence, sign.where.path, packet=int(packet))


def _claims(sign: Sign) -> tuple[Claim, ...]:
    of_alarm = sign.value.startswith("alarm")
    name, effect = (ALARMS, Effect.READING) if of_alarm else (ORDERS, Effect.COMMAND)
    return claim("flow", THIS, name, Zone.DEVICE_NETWORK, effect), claim(_WAYS.get(sign, "alterable"), THIS, name)


def _assumes(sign: Sign) -> tuple[str, ...]:
    """Only of an altered, a repeated and a stranger's order is the way known."""
    known = (Sign.ALTERED, Sign.REPLAYED, Sign.STRANGER, Sign.ALARM_STRANGER)
    return () if sign in known else (f"What was seen is taken to come from traffic that was changed on its way {PROPOSAL}",)


def _doubts(facts: Facts, laid: Collection[str]) -> Iterator[Outcome]:
    doubts = facts.of(DoseDoubt)
    for one in doubts[:MOST_DOUBTS]:
        yield NotAssessed(INFO.id, f"{open_question(one)} ({place(one.where)})")
    if len(doubts) > MOST_DOUBTS:
        yield NotAssessed(INFO.id, f"{len(doubts) - MOST_DOUBTS} more things about doses that the traffic does not decide")
    traffic = facts.of(DoseTraffic)
    if not traffic:
        yield NotAssessed(INFO.id, "no order, report or alarm of a device was seen in clear")
    for seen in traffic:
        if seen.orders and not seen.compared and seen.where.evidence not in laid:
            yield NotAssessed(INFO.id, f"no report of a pump can be laid beside the {_orders(seen.orders)} ({place(seen.where)})")
        if seen.forgotten:
            yield NotAssessed(INFO.id, f"{seen.forgotten} orders, pumps or signs were dropped: there were more than are kept ({place(seen.where)})")


def _orders(number: int) -> str:
    return "one order" if number == 1 else f"{number} orders"
