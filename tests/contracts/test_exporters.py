"""What every exporter must do, whoever writes it."""

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import asepsis.reports.exporters
from asepsis.reports.exporter import NothingToTell, Tells
from asepsis.reports.study_file import schema_bytes
from asepsis.reports.tell import EXPORTERS, UnknownFormatError, formats, tell
from asepsis.reports.text import capital
from asepsis.reports.words import as_words
from tests.cases.reports import studies

ROOT = Path(__file__).parents[2]
FOLDER = Path(asepsis.reports.exporters.__file__).parent
CASES = ROOT / "tests" / "cases" / "reports" / "exporters"
WHOLE = tuple(exporter.info.format for exporter in EXPORTERS if exporter.info.tells in {Tells.STUDY, Tells.PARTS})
OF_TRAFFIC = tuple(exporter.info.format for exporter in EXPORTERS if exporter.info.tells is Tells.TRAFFIC)
OF_FLAWS = tuple(exporter.info.format for exporter in EXPORTERS if exporter.info.tells is Tells.FLAWS)
SNAPSHOTS = {"pump": "a pump with five classes of weakness", "mended": "its mended twin", "empty": "an image nothing could be read from"}
FLAWS_TOLD = [(format_, name) for format_ in OF_FLAWS for name in ("flaws", "empty") if (format_, name) != ("openvex", "empty")]
"""OpenVEX has no document without a flaw."""
TELLS = {exporter.info.format: exporter.info.tells for exporter in EXPORTERS}
RERECORD = "ASEPSIS_RERECORD" in os.environ


def test_the_list_names_every_exporter_in_the_folder():
    there = {entry.stem for entry in FOLDER.iterdir() if entry.suffix == ".py" or (entry / "__init__.py").exists()} - {"__init__"}
    assert {format_.replace("-", "_") for format_ in formats()} == there


def test_a_format_is_listed_once_and_in_order():
    assert list(formats()) == sorted(set(formats()))


def test_every_exporter_says_what_it_is():
    for exporter in EXPORTERS:
        assert all((exporter.info.title, exporter.info.serves))
        assert re.fullmatch(r"[a-z]+/[a-z.+-]+", exporter.info.media_type)


def test_an_unknown_format_is_refused_by_naming_those_that_exist():
    with pytest.raises(UnknownFormatError, match=f"there is no format 'pdf'; there are {', '.join(formats())}"):
        tell(studies.PUMP, "pdf")


def _parts(study):
    """What a bill of materials must hold: every item, and everything because of which items may be missing."""
    yield from (evidence.sha256 for evidence in study.evidence)
    for item in study.inventory:
        yield from (item.id, item.name, item.version, item.supplier, item.support.value, item.end_of_support, *item.sha256, *item.unmet)
        yield from (purl.partition("?")[0] for purl in (item.purl,))
        yield item.cpe
    for problem in study.problems:
        yield from (problem.what, problem.consequence)
    yield from study.coverage.unopened


def _ids(study):
    """One of each noun that a reader may want to find again."""
    yield from (evidence.sha256 for evidence in study.evidence)
    yield from (finding.id for finding in study.findings)
    yield from (path.id for path in study.paths)
    yield from (control.id for control in study.plan.controls)
    yield from (control.id for plan in study.alternatives for control in plan.controls)
    yield from (outcome.rule for outcome in study.not_found)
    yield from (outcome.reason.rpartition(" was not looked for: ")[2] for outcome in study.not_assessed)
    for problem in study.problems:
        yield from (problem.what, problem.consequence)
    yield from study.coverage.unopened
    yield from study.assumptions
    yield from (remaining.why for plan in (study.plan, *study.alternatives) for remaining in plan.remains)


class _Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.said = []

    def handle_data(self, data):
        self.said.append(data)


def _read(text, format_):
    """What a person or a program reads in the document, without its markup."""
    if format_ == "html":
        parser = _Text()
        parser.feed(text)
        return "".join(parser.said)
    return json.dumps(json.loads(text), ensure_ascii=False)


@pytest.mark.parametrize("format_", WHOLE)
@pytest.mark.parametrize("name", ["pump", "mended", "empty"])
def test_everything_of_the_study_can_be_found_in_every_document(name, format_):
    read = _read(tell(studies.ALL[name], format_).decode(), format_)
    told = _parts if TELLS[format_] is Tells.PARTS else _ids
    assert [one for one in told(studies.ALL[name]) if one not in read and capital(one) not in read] == []
    if TELLS[format_] is Tells.PARTS:
        return
    unsure = {outcome.rule for outcome in studies.ALL[name].not_assessed}
    assert [rule for rule in unsure if rule not in read and as_words(rule) not in read] == []


@pytest.mark.parametrize("name", studies.ALL)
@pytest.mark.parametrize("exporter", EXPORTERS, ids=formats())
def test_only_a_document_about_flaws_or_traffic_may_have_nothing_to_tell_and_says_why(exporter, name):
    traffic = {record.kind for record in studies.ALL[name].facts} & {"Conversed"}
    if exporter.info.tells is Tells.FLAWS and not studies.ALL[name].vulnerabilities and exporter.info.format == "openvex":
        with pytest.raises(NothingToTell, match="no published flaw was matched"):
            exporter.write(studies.ALL[name])
    elif exporter.info.tells is Tells.TRAFFIC and not traffic:
        with pytest.raises(NothingToTell, match="no recorded traffic is in this study"):
            exporter.write(studies.ALL[name])
    else:
        assert exporter.write(studies.ALL[name])


@pytest.mark.parametrize("format_", OF_TRAFFIC)
def test_every_gap_and_how_much_was_recorded_stand_in_every_document_about_traffic(format_):
    read = tell(studies.WARD, format_).decode()
    wanted = [text for one in studies.WARD.problems for text in (one.what, one.consequence)]
    wanted += [
        *(outcome.rule for outcome in studies.WARD.not_assessed),
        "120 whole minutes of recorded traffic (320 packets, 8 pairs of ends)",
        "REVIEW",
    ]
    assert [one for one in wanted if one not in read] == []


@pytest.mark.parametrize(("format_", "name"), FLAWS_TOLD)
def test_every_flaw_and_every_gap_can_be_found_in_every_document_about_flaws(name, format_):
    study, read = studies.ALL[name], _read(tell(studies.ALL[name], format_).decode(), format_)
    wanted = [text for one in study.vulnerabilities for text in (one.id, one.vulnerability)]
    wanted += [text for one in study.problems for text in (one.what, one.consequence)]
    wanted += [*study.coverage.unopened, *(outcome.rule for outcome in study.not_assessed if outcome.rule != "known_vulnerability")]
    assert [one for one in wanted if one not in read] == []


@pytest.mark.parametrize("format_", formats())
def test_no_document_holds_a_character_that_turns_or_hides_text(format_):
    text = tell(studies.HOSTILE, format_).decode("utf-8")
    assert re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]", text) == []


@pytest.mark.parametrize("format_", formats())
@pytest.mark.parametrize("name", ["pump", "empty", "hostile"])
def test_a_study_with_gaps_is_never_called_clean(name, format_):
    try:
        told = tell(studies.ALL[name], format_).decode()
    except NothingToTell as nothing:
        told = str(nothing)
    assert re.search(r"\bclean\b|\bno problems\b|\bcompliant\b|\bcertified\b", told, re.IGNORECASE) is None


RECORDED = [(name, format_) for format_ in WHOLE for name in SNAPSHOTS] + [(name, format_) for format_, name in FLAWS_TOLD]
RECORDED += [("ward", format_) for format_ in OF_TRAFFIC]


@pytest.mark.parametrize(("name", "format_"), RECORDED)
def test_the_document_is_the_recorded_one(name, format_):
    """Set ASEPSIS_RERECORD to record anew, and read the difference before it goes in."""
    folder = {**SNAPSHOTS, "flaws": "published flaws with all four verdicts", "ward": "an hour on a ward"}[name]
    recorded = CASES / format_ / folder / f"expected.{format_}"
    written = tell(studies.ALL[name], format_)
    if RERECORD:
        recorded.parent.mkdir(parents=True, exist_ok=True)
        recorded.write_bytes(written)
    assert written == recorded.read_bytes()


DIGESTS = """
import hashlib
from asepsis.reports.exporter import NothingToTell
from asepsis.reports.tell import formats, tell
from asepsis.reports.diff import difference
from asepsis.reports.summary import summary
from tests.cases.reports import studies
for name, study in studies.ALL.items():
    for format_ in formats():
        try:
            print(name, format_, hashlib.sha256(tell(study, format_)).hexdigest())
        except NothingToTell as nothing:
            print(name, format_, nothing)
    print(summary(study, []), difference(studies.PUMP, study))
"""


def test_the_same_study_gives_the_same_bytes_in_another_process_with_another_hash_seed():
    printed = [
        subprocess.run(
            [sys.executable, "-c", DIGESTS], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}, capture_output=True, check=True
        ).stdout
        for seed, zone in (("1", "UTC"), ("77", "Asia/Tokyo"))
    ]
    assert printed[0].count(b"sarif") == len(studies.ALL)
    assert printed[0] == printed[1]


def test_the_shipped_schema_is_the_one_the_model_gives():
    shipped = FOLDER / "study-1.schema.json"
    if RERECORD:
        shipped.write_bytes(schema_bytes())
    assert shipped.read_bytes() == schema_bytes()
