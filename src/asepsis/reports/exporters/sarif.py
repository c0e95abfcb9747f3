"""SARIF 2.1.0 (OASIS, errata 01), for code-scanning pages, editors and vulnerability managers.

=====================  ==========================================================================================
our noun               their field
=====================  ==========================================================================================
Finding                ``result``; its id is ``partialFingerprints["asepsisFinding/v1"]``
accepted finding       ``suppressions`` of the result: kind external, status accepted
rule, CWE              ``reportingDescriptor`` with a relationship into the CWE taxonomy
harm of the paths      ``level``: S4 and S5 error, S3 warning, below or on no path note
Where                  ``physicalLocation``; the chain with ``!`` stands percent-encoded in ``uri``, readable in ``logicalLocations``
Path                   ``codeFlow`` with one ``threadFlow``, on every finding it rests on; the technique in ``taxa``
Problem, NotAssessed   ``toolExecutionNotifications``; ``executionSuccessful`` is false while a Problem exists
Match                  a result if it is a finding; how many are open, undecided and closed: ``run.properties.publishedFlaws``
SharedSecret           ``relatedLocations`` with a message, on every finding about it
Evidence               ``artifact`` with its hash
=====================  ==========================================================================================

Lost on the way: ratings' answers, the proof of the plan, the device profile, and what was dismissed: a viewer shows a ``suppression`` as a
weakness that somebody accepted, and a result of the kind ``notApplicable`` as one of the list. They stand in the study file.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import msgspec

from asepsis.model.attack import Path, PathStep
from asepsis.model.evidence import Cause, Evidence, Problem
from asepsis.model.finding import Finding, NotAssessed
from asepsis.model.plan import Plan
from asepsis.model.study import Study
from asepsis.model.triage import AcceptedHarm, Triaged
from asepsis.model.where import CHAIN, Where
from asepsis.reports.exporter import ExporterInfo
from asepsis.reports.flaws import flaws, looked_for, sentence
from asepsis.reports.text import visible
from asepsis.reports.triage import accepted, entry_words, state_words
from asepsis.reports.words import CAUSES, WEAKNESSES, as_words, harm_level, zone

SCHEMA_URI = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "asepsisFinding/v1"
_LINK = re.compile(r"\[(?=[^\]]*\]\()")
"""What a viewer would turn into a link: device text must not make links."""
_CWE, _ATTACK = "CWE", "ATT&CK for ICS"
Json = dict[str, Any]


class SarifExporter:
    """The study as one SARIF run."""

    info = ExporterInfo("sarif", "SARIF 2.1.0", "application/sarif+json", "code-scanning pages, editors, vulnerability managers")

    def write(self, study: Study) -> bytes:
        """The whole log."""
        log = {"$schema": SCHEMA_URI, "version": "2.1.0", "runs": [_run(study)]}
        return msgspec.json.format(msgspec.json.encode(log), indent=2) + b"\n"


def _run(study: Study) -> Json:
    rules = _rules(study)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    taxonomies = _taxonomies(study)
    return {
        "tool": {"driver": _driver(study, rules, taxonomies)},
        "invocations": [_invocation(study, index)],
        "artifacts": [_artifact(evidence) for evidence in study.evidence],
        "taxonomies": taxonomies,
        "columnKind": "unicodeCodePoints",
        "results": [_result(study, finding, index[_id(finding.rule)]) for finding in study.findings],
        "properties": _run_properties(study),
    }


def _driver(study: Study, rules: list[Json], taxonomies: list[Json]) -> Json:
    return {
        "name": study.tool.name,
        "version": study.tool.version,
        "semanticVersion": study.tool.version,
        "rules": rules,
        "notifications": [{"id": name, "shortDescription": _message(text)} for name, text in _NOTIFICATIONS.items()],
        "supportedTaxonomies": [{"name": taxonomy["name"], "index": number} for number, taxonomy in enumerate(taxonomies)],
    }


_NOTIFICATIONS = {
    **{f"problem/{cause}": f"Something could not be looked at: {words}" for cause, words in CAUSES.items()},
    "not-assessed": "A rule could not tell",
    "not-opened": "A part of the evidence stayed shut",
    "not-given": "A kind of evidence was not given",
}


def _rules(study: Study) -> list[Json]:
    """The rules that found something, with what their findings say of them, then those that found nothing or could not tell."""
    found: dict[str, list[Finding]] = {}
    for finding in study.findings:
        found.setdefault(_id(finding.rule), []).append(finding)
    silent = {_id(name) for name in (*(one.rule for one in study.not_found), *(one.rule for one in study.not_assessed))} - set(found)
    return [_rule(name, found[name]) for name in sorted(found)] + [
        {"id": name, "shortDescription": _message(as_words(name))} for name in sorted(silent)
    ]


def _rule(name: str, findings: list[Finding]) -> Json:
    cwes = sorted({cwe for finding in findings for cwe in finding.cwe})
    return {
        "id": name,
        "shortDescription": _message(as_words(name)),
        "fullDescription": _message(f"{WEAKNESSES[findings[0].weakness]}: {as_words(name)}"),
        "help": _message(f"Run “asepsis explain” on the study with {name}, or with the id of a result."),
        "relationships": [{"target": _taxon(f"CWE-{cwe}", _CWE), "kinds": ["relevant"]} for cwe in cwes],
        "properties": {"tags": ["security", "patient-safety", *(f"external/cwe/cwe-{cwe}" for cwe in cwes)], "weakness": findings[0].weakness.value},
    }


def _taxonomies(study: Study) -> list[Json]:
    cwes = sorted({cwe for finding in study.findings for cwe in finding.cwe})
    techniques = sorted({step.technique for path in study.paths for step in path.steps if step.technique})
    return [
        {"name": _CWE, "organization": "MITRE", "isComprehensive": False, "taxa": [{"id": f"CWE-{cwe}"} for cwe in cwes]},
        {"name": _ATTACK, "organization": "MITRE", "isComprehensive": False, "taxa": [{"id": _id(technique)} for technique in techniques]},
    ]


def _taxon(name: str, taxonomy: str) -> Json:
    return {"id": name, "toolComponent": {"name": taxonomy, "index": (_CWE, _ATTACK).index(taxonomy)}}


def _invocation(study: Study, index: dict[str, int]) -> Json:
    notifications = [_problem(problem) for problem in study.problems]
    notifications += [_not_assessed(outcome, index[_id(outcome.rule)]) for outcome in study.not_assessed]
    notifications += [_notification("not-opened", "warning", f"Could not be opened: {name}") for name in study.coverage.unopened]
    notifications += [_notification("not-given", "note", f"Not given: {kind.value}") for kind in study.coverage.kinds_not_given]
    return {"executionSuccessful": not study.problems, "toolExecutionNotifications": notifications}


def _problem(problem: Problem) -> Json:
    level = "error" if problem.cause is Cause.OUR_BUG else "warning"
    text = f"{visible(problem.what.rstrip('.'))}. What is missing now: {visible(problem.consequence)}"
    notification = _notification(f"problem/{problem.cause.value}", level, text)
    return {**notification, "locations": [_location(problem.where)]} if problem.where else notification


def _not_assessed(outcome: NotAssessed, rule: int) -> Json:
    notification = _notification("not-assessed", "warning", f"{visible(outcome.rule)} could not tell: {visible(outcome.reason)}")
    return {**notification, "associatedRule": {"id": _id(outcome.rule), "index": rule}}


def _notification(name: str, level: str, text: str) -> Json:
    return {"descriptor": {"id": name, "index": list(_NOTIFICATIONS).index(name)}, "level": level, "message": _message(text)}


def _artifact(evidence: Evidence) -> Json:
    return {
        "location": {"uri": _uri(evidence.name)},
        "length": evidence.bytes,
        "hashes": {"sha-256": evidence.sha256},
        "properties": {"id": evidence.id, "kind": evidence.kind.value},
    }


def _result(study: Study, finding: Finding, rule: int) -> Json:
    paths = [path for path in study.paths if finding.id in path.findings]
    worst = max((path.harm.level for path in paths), default=0)
    result = {
        "ruleId": _id(finding.rule),
        "ruleIndex": rule,
        "kind": "fail",
        "level": _level(worst),
        "message": _message(". ".join(visible(text.rstrip(".")) for text in (finding.title, *finding.facts))),
        "locations": [_location(where) for where in finding.locations[:1]],
        "relatedLocations": [{"id": number, **location} for number, location in enumerate(_related(study, finding), 1)],
        "partialFingerprints": {FINGERPRINT: finding.id},
        "taxa": [_taxon(f"CWE-{cwe}", _CWE) for cwe in finding.cwe],
        "properties": _result_properties(finding, paths, worst),
    }
    entry = accepted(study).get(finding.id)
    result |= {"suppressions": [_suppression(entry)]} if entry else {}
    return {**result, "codeFlows": [_code_flow(study, path) for path in paths]} if paths else result


def _related(study: Study, finding: Finding) -> list[Json]:
    """The further places of the finding, then those of the secrets it shares and of their public halves."""
    own = [_location(where) for where in finding.locations[1:]]
    others: list[Json] = []
    for one in (one for one in study.shared if finding.id in one.findings):
        others += [_told(where, f"The same {one.what}") for where in one.places if where not in finding.locations]
        others += [_told(half.where, f"The public half of the {one.what}: {half.what}") for half in one.public if half.where not in finding.locations]
    return own + others


def _told(where: Where, text: str) -> Json:
    return {**_location(where), "message": _message(text)}


def _suppression(one: Triaged) -> Json:
    entry = one.entry
    properties = {"owner": visible(entry.owner), "expires": entry.expires.isoformat(), "because": entry.because.value}
    properties |= {"decided": entry.decided.isoformat()} if entry.decided else {}
    return {"kind": "external", "status": "accepted", "justification": visible(entry_words(entry)), "properties": properties}


def _level(harm: int) -> str:
    return {5: "error", 4: "error", 3: "warning"}.get(harm, "note")


def _result_properties(finding: Finding, paths: list[Path], worst: int) -> Json:
    return {
        "id": finding.id,
        "certainty": finding.certainty.value,
        "confidence": finding.confidence.value,
        "harmLevel": worst,
        "manyPatients": any(path.harm.many_patients for path in paths),
        "paths": [path.id for path in paths],
        "fixedBy": list(finding.fixed_by),
        "shownBy": [visible(text) for text in finding.shown_by],
        "assumes": [visible(text) for text in finding.assumes],
    }


def _code_flow(study: Study, path: Path) -> Json:
    texts = [(f"Starts: {zone(path.start)}", None), *((step.sentence, step) for step in path.steps)]
    harm = f"{harm_level(path.harm.level)}: {path.harm.name}"
    locations = [_flow_location(study, number, text, step) for number, (text, step) in enumerate([*texts, (harm, None)], 1)]
    return {"message": _message(harm), "threadFlows": [{"id": path.id, "locations": locations}]}


def _flow_location(study: Study, number: int, text: str, step: PathStep | None) -> Json:
    place = next((finding.locations[0] for finding in study.findings if step and finding.id in step.findings), None)
    flow = {"location": {**(_location(place) if place else {}), "message": _message(text)}, "executionOrder": number, "importance": "essential"}
    return {**flow, "taxa": [_taxon(_id(step.technique), _ATTACK)]} if step and step.technique else flow


def _location(where: Where) -> Json:
    physical: Json = {"artifactLocation": {"uri": _uri(where.path)}}
    region = {"startLine": where.line, "byteOffset": where.offset}
    if where.line is not None or where.offset is not None:
        physical["region"] = {name: number for name, number in region.items() if number is not None}
    properties = {"evidence": where.evidence} | ({"packet": where.packet} if where.packet is not None else {})
    named = {"fullyQualifiedName": visible(str(where)), "kind": "resource"}
    return {"physicalLocation": physical, "logicalLocations": [named], "properties": properties}


def _uri(path: str) -> str:
    """A relative URI that cannot climb, name a scheme or a host, whatever the archive called its members."""
    members = path.split(CHAIN)
    return "%21".join("/".join(_segment(segment, first=not number) for number, segment in enumerate(member.split("/"))) for member in members)


def _segment(segment: str, *, first: bool) -> str:
    # An empty first segment would make the path absolute, and `..` is resolved even when its dots are encoded.
    if segment in {"", ".", ".."}:
        return "%2F" if first and not segment else segment.replace(".", "%252E")
    return quote(_raw(segment), safe="")


def _raw(text: str) -> bytes:
    """The bytes of a file name as they were; surrogates that never were bytes pass as they are."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _run_properties(study: Study) -> Json:
    coverage = study.coverage
    return {
        "device": _id(study.device.id),
        "knowledge": study.knowledge.date,
        "feeds": [{"name": visible(feed.name), "date": _id(feed.date), "records": feed.records} for feed in study.knowledge.feeds],
        "publishedFlaws": _flaws(study),
        "feedWarnings": [visible(text) for text in study.knowledge.warnings],
        "bytesTotal": coverage.bytes_total,
        "bytesUnderstood": coverage.bytes_understood,
        "paths": [_path_properties(path) for path in study.paths],
        "plan": [{"control": chosen.id, "do": visible(chosen.do), "cuts": list(chosen.cuts)} for chosen in study.plan.controls],
        "remains": _remains(study.plan),
        "alternatives": [
            {"only": [_id(name) for name in plan.only], "plan": [_id(one.id) for one in plan.controls], "remains": _remains(plan)}
            for plan in study.alternatives
        ],
        "assumptions": [visible(text) for text in study.assumptions],
    } | _triage(study)


def _flaws(study: Study) -> Json:
    """How many were found by version and what became of them; each stands in the study file. Those known to be used in attacks are named."""
    if not looked_for(study):
        return {"assessed": False, "says": sentence(study)}
    found = flaws(study)
    lists = {"onPath": found.on_path, "inUse": found.used, "undecided": found.undecided, "closed": found.closed}
    attacked = {"attacked": found.on_path, "attackedInUse": found.used, "attackedUndecided": found.undecided}
    return {
        "assessed": True,
        "byVersion": found.number,
        **{name: len(matches) for name, matches in lists.items()},
        **{name: list(dict.fromkeys(_id(one.vulnerability) for one in matches if one.exploited_since)) for name, matches in attacked.items()},
    }


def _triage(study: Study) -> Json:
    """The entries that count are suppressions of their results; all of them, and the harms that stay possible, stand here."""
    if not study.triage:
        return {}
    entries = [{"id": _id(one.entry.id), "state": one.state.value, "says": visible(state_words(one))} for one in study.triage]
    return {"triage": entries, "acceptedHarms": [_accepted_harm(harm) for harm in study.accepted_harms]}


def _accepted_harm(harm: AcceptedHarm) -> Json:
    said = {"harm": visible(harm.name), "level": harm.level, "manyPatients": harm.many_patients, "feasibility": _id(harm.feasibility)}
    return said | {"acceptable": harm.acceptable, "through": [_id(name) for name in harm.through]}


def _remains(plan: Plan) -> list[Json]:
    return [{"harm": visible(left.name), "level": left.level, "why": visible(left.why)} for left in plan.remains]


def _path_properties(path: Path) -> Json:
    harm = path.harm
    return {"id": path.id, "harm": visible(harm.name), "level": harm.level, "manyPatients": harm.many_patients}


def _message(text: str) -> Json:
    return {"text": _LINK.sub(r"\\[", visible(text))}


def _id(text: str) -> str:
    return visible(text, 200)
