import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from asepsis.reports.exporters.html import HtmlExporter
from tests.cases.reports import studies

VOID = {"meta", "link", "img", "br", "hr", "input"}


class Page(HTMLParser):
    """The page as a list of tags and a text; complains of a tag that is not closed in order."""

    def __init__(self, study):
        super().__init__()
        self.tags, self.open, self.parts = [], [], []
        self.feed(HtmlExporter().write(study).decode())
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.parts.append((self.open[-1] if self.open else "", data))

    def text(self, *tags):
        """What stands in these elements, or all that a person reads."""
        return "".join(part for tag, part in self.parts if (tag in tags if tags else tag not in {"style", "script"}))

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.mark.parametrize("name", studies.ALL)
def test_nothing_is_fetched_from_anywhere(name):
    page = Page(studies.ALL[name])
    for tag, attrs in page.tags:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form", "input", "audio", "video", "use", "image"}
        for attribute in ("src", "srcset", "action", "data", "xlink:href", "style"):
            assert attribute not in attrs
        assert attrs.get("href", "#").startswith("#")
        assert not any(attribute.startswith("on") for attribute in attrs)
    assert "@import" not in page.text("style")
    assert re.findall(r"url\((?!#)", page.text("style")) == []


@pytest.mark.parametrize("name", studies.ALL)
def test_only_our_own_style_and_script_are_allowed_to_run(name):
    page = Page(studies.ALL[name])
    assert len(page.all("script")) == len(page.all("style")) == 1
    policy = next(attrs["content"] for attrs in page.all("meta") if attrs.get("http-equiv") == "Content-Security-Policy")
    for tag in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(page.text(tag).encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")


@pytest.mark.parametrize("name", studies.ALL)
def test_ids_are_unique_and_every_link_leads_somewhere(name):
    page = Page(studies.ALL[name])
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {attrs["href"][1:] for attrs in page.all("a")} <= set(ids)
    for _, attrs in page.tags:
        assert set(attrs.get("aria-labelledby", "").split()) <= set(ids)


@pytest.mark.parametrize("name", studies.ALL)
def test_headings_go_down_one_level_at_a_time(name):
    levels = [int(tag[1]) for tag, _ in Page(studies.ALL[name]).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", studies.ALL)
def test_tables_have_headers_and_drawings_have_words(name):
    page = Page(studies.ALL[name])
    assert all("scope" in attrs for attrs in page.all("th"))
    for attrs in page.all("svg"):
        assert attrs.get("aria-hidden") == "true" or attrs.get("role") == "img"
    assert page.all("html")[0]["lang"] == "en"


def test_harms_stand_before_ways_and_these_before_plan_ratings_evidence_and_gaps():
    page = Page(studies.PUMP)
    ids = [attrs["id"] for tag, attrs in page.tags if tag == "h2"]
    assert ids == ["note-title", "harms", "ways", "plan", "ratings", "network", "flaws", "evidence", "gaps", "assumptions"]


def test_the_worst_harm_is_first_in_words_and_says_how_many_patients():
    text = Page(studies.PUMP).text()
    dose, stop = text.index(studies.DOSE.name), text.index(studies.STOP.name)
    assert dose < stop < text.index(studies.ALARM.name) < text.index(studies.RECORD.name)
    assert "many patients at once" in text[dose:stop]
    assert "permanent or life-threatening harm" in text


def test_a_note_at_the_top_says_that_something_could_not_be_looked_at():
    for name, expected in (("pump", True), ("empty", True), ("hostile", True), ("mended", False)):
        text = Page(studies.ALL[name]).text()
        assert ("Not everything could be looked at" in text) is expected, name


def test_nothing_found_is_said_with_its_limits():
    assert "No path to patient harm was found in what could be looked at." in Page(studies.EMPTY).text()
    assert "No path to patient harm was found in the evidence given." in Page(studies.MENDED).text()


def test_the_answers_of_the_rubric_and_who_gave_them_are_there():
    text = Page(studies.PUMP).text()
    assert "confirmed by the risk manager" in text
    assert "R. Example on 2026-11-20" in text
    assert "worst case assumed" in text
    assert studies.SCHEMES[1].vector in text


def test_device_text_is_text():
    page = Page(studies.HOSTILE)
    assert "<script>document.title='owned'</script>" in page.text()
    assert "{{7*7}}" in page.text()
    assert "⟨U+202E⟩" in page.text()
    assert "\\xff" in page.text()


def test_a_megabyte_of_name_does_not_make_a_megabyte_of_page():
    assert len(HtmlExporter().write(studies.HOSTILE)) < 200_000


def test_a_path_whose_rating_or_finding_is_missing_is_still_drawn():
    study = replace(studies.PUMP, ratings=(), findings=())
    page = Page(study)
    assert "F-000000000004" in page.text()
    assert "not rated" in page.text()


def _luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_colours_of_the_levels_can_be_read_on_white_and_under_white():
    style = Page(studies.PUMP).text("style")
    colours = dict(re.findall(r"--(s[0-5]|ink|soft|link|warn|good): (#[0-9a-f]{6})", style))
    assert len(colours) == 11
    for name, colour in colours.items():
        assert 1.05 / (_luminance(colour) + 0.05) >= 4.5, name


def test_every_assumption_stands_in_the_list_wherever_it_was_made():
    text = Page(studies.PUMP).text()
    listed = text[text.index("What was taken for granted") :]
    for assumed in (*studies.PUMP.assumptions, *studies.OLD.assumes, *studies.JOIN.assumes):
        assert assumed in listed
    assert "a proposal [P]: facts table of harms" in listed
    assert "general knowledge [K]" in listed


def test_what_each_party_can_do_alone_stands_under_the_plan_with_what_remains_and_why():
    text = Page(studies.PUMP).text()
    alone = text[text.index("Who can do what alone") : text.index("How we know")]
    maker, hospital = alone[alone.index("The maker alone") : alone.index("The hospital alone")], alone[alone.index("The hospital alone") :]
    assert studies.MUTUAL_TLS.do in maker
    assert "Then remains" not in maker
    assert "Remote viewing from other wards needs an exception" in hospital
    assert studies.HOSPITAL_ALONE.remains[0].why in hospital
    assert "Who can do what alone" not in Page(studies.MENDED).text()


def test_each_reason_for_not_looking_stands_once_in_the_note_and_once_in_the_section():
    text = Page(studies.PUMP).text()
    assert text.count(studies.NO_RADIO.partition(" was not looked for: ")[2]) == 2
    assert "RadioLink was not looked for" not in text
    assert "Radio link replayable" in text
    assert "radio_link_replayable" not in text


def test_unverified_barriers_change_the_rank_and_not_the_verdict():
    text = Page(studies.PUMP).text()
    assert "nobody has verified it: a nurse confirms each order at the pump. It makes this way rank lower, and changes no verdict" in text
