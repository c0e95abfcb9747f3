"""The sheet for one patient: plain, honest about what is not known, and never an order to give a device up."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from dataclasses import replace
from functools import cache
from html import unescape
from pathlib import Path

import pytest

from asepsis.knowledge.load import load
from asepsis.knowledge.patient_words import FALLBACK, FOLDER, load_circumstances, patient_words
from asepsis.knowledge.toml_file import KnowledgeError
from asepsis.model.evidence import Cause, Problem
from asepsis.model.patient import Circumstances
from asepsis.model.study import Study
from asepsis.reports.patient import sheet
from asepsis.reports.tell import tell
from tests.cases.reports import studies
from tests.cases.test_designs import FOLDER as DESIGNS
from tests.cases.test_designs import study as study_of_design

RECORDED = Path(__file__).parents[2] / "cases" / "reports" / "exporters" / "patient"
UNKNOWN = Circumstances()
IMPLANTS = {
    "icd": "icsma_19_080_01_conexus_telemetry_writes_the_implants_memory",
    "pacemaker": "icsma_17_241_01_a_stranger_near_the_patient_commands_the_pacemaker",
    "insulin-pump": "icsma_19_178_01_the_insulin_pumps_radio_asks_for_nothing",
    "neurostimulator": "made_up_a_server_behind_the_app_changes_the_stimulation",
    "pacemaker-home-monitor": "icsma_20_345_01_the_reader_of_the_home_monitor_takes_any_firmware",
}
ALL = [*IMPLANTS, "mended", "pump"]
JARGON = re.compile(
    r"\b(?:exploit|authenticat|encrypt|vulnerab|firmware|telemetry|CVE|CVSS|protocol|interface|malicious|hack|cyber|credential|mitigat|probab|likel|percent)",
    re.IGNORECASE,
)
GRADE = 6.0
"""Flesch-Kincaid school grade that a reader of about twelve has reached (Kincaid et al., 1975)."""


@cache
def study(name: str) -> Study:
    """One of the studies by name."""
    if name == "pump":
        return studies.PUMP
    return study_of_design(DESIGNS / IMPLANTS.get(name, IMPLANTS["icd"]), "mended.toml" if name == "mended" else "design.toml")


def page(name: str, patient: Circumstances = UNKNOWN) -> str:
    return tell(study(name), "patient", patient).decode()


def read(text: str) -> str:
    """What a person reads, a line for each block; without the small print."""
    body = re.sub(r"(?s)<style.*?</style>|<footer.*?</footer>|<title.*?</title>", "", text)
    return unescape(re.sub(r"[ \t]+", " ", re.sub(r"<[^>]+>", "\n", body)))


def sentences(text: str) -> list[str]:
    return [one.strip() for line in text.splitlines() for one in re.split(r"(?<=[.?!:*])\s", line) if len(one.split()) > 2]


def syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    return max(1, groups - (word.lower().endswith("e") and not word.lower().endswith("le") and groups > 1))


@pytest.mark.parametrize("name", ALL)
def test_a_reader_of_twelve_can_read_it(name: str):
    said = sentences(read(page(name, Circumstances(True, True, True))))
    words = [word for one in said for word in re.findall(r"[A-Za-z']+", one)]
    grade = 0.39 * len(words) / len(said) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    assert grade < GRADE
    assert max(len(one.split()) for one in said) <= 26
    assert JARGON.findall(read(page(name))) == []


@pytest.mark.parametrize("name", ALL)
def test_it_gives_no_number_for_how_hard_it_would_be(name: str):
    said = [one for one in sentences(read(page(name))) if re.search(r"\d", one)]
    assert [one for one in said if "were not looked at" not in one and "wrote in 2018" not in one] == []
    assert "%" not in read(page(name))


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("patient", [UNKNOWN, Circumstances(True, True, True), Circumstances(False, False, False)])
def test_nothing_tells_the_patient_to_give_the_device_up(name: str, patient: Circumstances):
    for one in sentences(read(page(name, patient))):
        if re.search(r"\b(?:turn\w* off|switch\w* off|stop using|replace|new one|new device|take it out)\b", one):
            assert re.search(r"Do not|do not|Your doctor may talk with you", one), one


def test_the_worst_is_said_and_the_words_of_the_device_are_used():
    told = read(page("icd"))
    assert "Or it could fail to give one that you need, and you could die.*" in told
    assert "* This is our best judgement." in told
    assert "Nobody has tested your own heart defibrillator. We read what its maker wrote about it." in told


def test_every_kind_of_harm_that_can_be_reached_is_told_once_the_worst_first():
    for name in ALL:
        effects = {path.harm.effect for path in study(name).paths}
        assert len(sheet(study(name), UNKNOWN).harms) == len(effects), name
    assert sheet(study("icd"), UNKNOWN).harms[0].what.startswith("Your device could give a shock")


def test_a_device_without_words_of_its_own_hides_no_death():
    first = sheet(studies.PUMP, UNKNOWN).harms[0]
    assert first.what == "Your device could be told to do something that nobody chose. That could hurt you badly. You could die."


def test_the_place_is_the_farthest_from_which_the_easiest_way_begins():
    assert sheet(study("icd"), UNKNOWN).harms[-1].place == patient_words().place["radio_range"]
    assert sheet(study("neurostimulator"), UNKNOWN).harms[0].place == patient_words().place["internet"]


@pytest.mark.parametrize("name", ALL)
def test_what_was_not_looked_at_is_said_in_one_plain_sentence(name: str):
    unknown = sheet(study(name), UNKNOWN).unknown
    assert re.fullmatch(r"We could not check everything\. \d+ things were not looked at, so there may be more than this page says\..*", unknown)
    assert unknown in read(page(name))


def test_one_gap_and_none_are_said_in_their_own_words():
    bare = replace(studies.MENDED, not_assessed=(), problems=(), coverage=replace(studies.MENDED.coverage, unopened=()))
    one = replace(bare, problems=(Problem(Cause.OUR_BUG, None, "x", "y"),))
    assert sheet(bare, UNKNOWN).unknown == patient_words().all_seen
    assert sheet(one, UNKNOWN).unknown == patient_words().unknown_one


def test_nothing_found_is_not_called_safe():
    told = read(page("mended"))
    assert "In what we looked at, we found no way for a stranger to hurt you" in told
    assert re.search(r"\bsafe\b|\bsecure\b|\bclean\b", told) is None


def test_the_circumstances_change_what_is_said_and_are_named_to_the_clinician():
    yes, no, unknown = (page("pacemaker", one) for one in (Circumstances(True, True, True), Circumstances(False, False, False), UNKNOWN))
    assert "Your heart needs the pacing for nearly every beat." in yes
    assert "Your heart beats by itself most of the time." in no
    assert "does my heart need the pacing all the time?" in unknown
    assert "Keep your home monitor plugged in." in yes
    assert "You have no checks from home now." in no
    assert "You live far from your clinic." in yes
    assert "You live far from your clinic." not in no + unknown
    assert "pacing-dependent yes; remote monitoring yes; far from the clinic yes" in yes
    assert "pacing-dependent not stated" in unknown


def test_no_name_of_a_file_gets_onto_the_sheet_since_it_may_be_a_patients():
    named = replace(studies.PUMP, evidence=tuple(replace(one, name="Jane Doe 1950-01-01.log") for one in studies.PUMP.evidence))
    assert "Jane" not in tell(named, "patient").decode()


@pytest.mark.parametrize("text", ['name = "Jane Doe"', "pacing_dependent = 1", 'remote_monitoring = "yes"', "born = 1950-01-01"])
def test_anything_but_the_three_answers_is_refused(tmp_path: Path, text: str):
    (tmp_path / "p.toml").write_text(text)
    with pytest.raises(KnowledgeError):
        load_circumstances(tmp_path / "p.toml")


def test_the_three_answers_are_read(tmp_path: Path):
    (tmp_path / "p.toml").write_text("pacing_dependent = true\nremote_monitoring = false\n")
    assert load_circumstances(tmp_path / "p.toml") == Circumstances(True, False, None)


def test_a_users_own_profile_is_spoken_of_like_the_kind_that_it_is():
    own = replace(study("icd"), device=replace(study("icd").device, id="our-icd", title="Our ICD"))
    assert "heart defibrillator" in tell(own, "patient").decode()


def test_every_language_has_words_for_every_device_on_a_person_every_feasibility_and_every_level():
    known_places = {
        "device",
        "count",
        "loss",
        "profile",
        "knowledge",
        "level",
        "effect",
        "feasibility",
        "shown",
        "path",
        "pacing",
        "monitoring",
        "far",
    }
    languages = sorted(path.stem for path in FOLDER.glob("*.toml"))
    assert "en" in languages
    for language in languages:
        words = patient_words(language)
        known = {name for one in words.device for name in one.ids}
        assert {device.id for device in load().devices() if device.on_a_person} <= known
        assert known - {device.id for device in load().devices()} == set()
        assert FALLBACK in known
        assert set(words.hard) == {"low", "medium", "high", "unrated"}
        assert set(words.worst) == {"1", "2", "3", "4", "5"}
        assert set(re.findall(r"\{(\w+)\}", (FOLDER / f"{language}.toml").read_text("utf-8"))) <= known_places


def test_hostile_text_of_a_device_is_shown_and_not_obeyed():
    hostile = replace(studies.HOSTILE, device=replace(studies.HOSTILE.device, id="<b>x", title="<script>alert(1)</script>\u202e"))
    told = tell(hostile, "patient").decode()
    assert "<script" not in told
    assert "<b>" not in told
    style = re.search(r"(?s)<style>(.*?)</style>", told)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'; base-uri" in unescape(told)


@pytest.mark.parametrize(
    ("name", "folder"),
    [("icd", "an implant that a stranger near by commands"), ("mended", "its mended twin"), ("pump", "a pump with five classes of weakness")],
)
def test_the_sheet_is_the_recorded_one(name: str, folder: str):
    """Set ASEPSIS_RERECORD to record anew, and read the difference before it goes in."""
    file = RECORDED / folder / "expected.html"
    if "ASEPSIS_RERECORD" in os.environ:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page(name), "utf-8")
    assert page(name) == file.read_text("utf-8")
