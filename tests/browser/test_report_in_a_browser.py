"""The report as a person meets it: in a real browser, wide, narrow and on paper."""

import re
from pathlib import Path

import pytest

from asepsis.reports.tell import tell
from tests.cases.reports import studies

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, NARROW, PAPER = {"width": 1280, "height": 900}, {"width": 390, "height": 844}, {"width": 794, "height": 1123}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"Chromium is not installed at {CHROMIUM}"),
]


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


class Visit:
    """A page that may reach nothing, and remembers what it tried and complained of."""

    def __init__(self, browser, folder, name, viewport):
        self.asked, self.complaints = [], []
        self.file = folder / f"{name}.html"
        self.file.write_bytes(tell(studies.ALL[name], "html"))
        self.context = browser.new_context(viewport=viewport, offline=True)
        self.page = self.context.new_page()
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.goto(self.file.as_uri())
        self.page.screenshot(path=folder / f"{name} {viewport['width']}.png", full_page=True)


@pytest.fixture
def visit(browser, tmp_path):
    visits = []

    def go(name, viewport):
        visits.append(Visit(browser, tmp_path, name, viewport))
        return visits[-1]

    yield go
    for one in visits:
        one.context.close()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", studies.ALL)
def test_it_asks_for_nothing_complains_of_nothing_and_fits_the_screen(visit, name, viewport):
    one = visit(name, viewport)
    assert one.asked == [one.file.as_uri()]
    assert one.complaints == []
    assert one.page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_a_hostile_study_runs_no_script_and_adds_no_element(visit):
    page = visit("hostile", WIDE).page
    page.wait_for_load_state("load")
    assert page.title().startswith("<script>document.title='owned'</script>")
    assert page.locator("img, iframe, object, link, form, svg svg").count() == 0
    assert page.locator("script").count() == 1
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=\"https://evil.example/x.png\" onerror=\"document.title=1\">')")
    assert page.title() != "1"


def test_the_policy_stops_a_request_that_a_mistake_of_ours_would_make(visit):
    one = visit("pump", WIDE)
    one.page.evaluate("new Promise(done => { const i = new Image(); i.onload = i.onerror = done; i.src = 'https://evil.example/x.png'; })")
    assert any("Content Security Policy" in complaint for complaint in one.complaints)


@pytest.mark.parametrize("viewport", [WIDE, NARROW, PAPER], ids=["wide", "narrow", "paper"])
@pytest.mark.parametrize("name", ["pump", "hostile"])
def test_the_text_of_every_box_stays_inside_its_box(visit, name, viewport):
    page = visit(name, viewport).page
    spilt = page.evaluate(
        """[...document.querySelectorAll('g.box')].flatMap(box => {
            const frame = box.querySelector('rect').getBBox();
            return [...box.querySelectorAll('text')].filter(text => {
                const place = text.getBBox();
                return place.x < frame.x + 2 || place.x + place.width > frame.x + frame.width - 2
                    || place.y < frame.y || place.y + place.height > frame.y + frame.height + 1;
            }).map(text => text.textContent);
        })"""
    )
    assert spilt == []


def test_no_two_texts_of_a_drawing_lie_on_each_other(visit):
    page = visit("pump", WIDE).page
    pairs = page.evaluate(
        """[...document.querySelectorAll('.drawing svg')].flatMap(svg => {
            const texts = [...svg.querySelectorAll('text')].map(text => [text.textContent, text.getBBox()]);
            return texts.flatMap(([one, a], at) => texts.slice(at + 1).filter(([, b]) =>
                a.x < b.x + b.width - 1 && b.x < a.x + a.width - 1 && a.y + 4 < b.y + b.height && b.y + 4 < a.y + a.height
            ).map(([other]) => one + ' / ' + other));
        })"""
    )
    assert pairs == []


def test_a_box_leads_to_its_evidence_and_back(visit):
    page = visit("pump", WIDE).page
    page.locator("g.box a", has_text="F-000000000005").first.click()
    shown = page.locator(page.evaluate("location.hash"))
    assert "One malformed packet makes the pump restart" in shown.inner_text()
    shown.get_by_role("link", name="Way 4").click()
    assert "The infusion stops" in page.locator("article", has=page.locator(page.evaluate("location.hash"))).inner_text()


def test_every_link_and_summary_can_be_reached_by_keyboard(visit):
    page = visit("mended", WIDE).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    assert page.evaluate("[...document.querySelectorAll('a, summary')].filter(one => one.tabIndex < 0).length") == 0


@pytest.mark.parametrize("name", ["pump", "hostile", "empty"])
def test_text_has_enough_contrast_with_what_is_behind_it(visit, name):
    page = visit(name, WIDE).page
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    low = page.evaluate(
        """(() => {
            const light = rgb => { const [r, g, b] = rgb.map(v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
                return .2126 * r + .7152 * g + .0722 * b; };
            const parse = text => (text.match(/[0-9.]+/g) || []).map(Number);
            const behind = one => {
                const box = one.closest('g.box');
                if (box) return parse(getComputedStyle(box.querySelector('rect')).fill);
                for (; one; one = one.parentElement) {
                    const c = parse(getComputedStyle(one).backgroundColor);
                    if (c.length === 3 || c[3] === 1) return c;
                }
                return [255, 255, 255];
            };
            const out = [];
            for (const one of document.querySelectorAll('body *')) {
                if (['SCRIPT', 'STYLE', 'title', 'desc'].includes(one.tagName)) continue;
                if (![...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())) continue;
                const style = getComputedStyle(one);
                const ink = light(parse(one.namespaceURI.endsWith('svg') ? style.fill : style.color)), paper = light(behind(one));
                const ratio = (Math.max(ink, paper) + .05) / (Math.min(ink, paper) + .05);
                if (ratio < 4.5)
                    out.push([one.tagName, one.className.baseVal ?? one.className, one.textContent.slice(0, 40), ratio.toFixed(2)].join(' '));
            }
            return out;
        })()"""
    )
    assert low == []


def test_on_paper_everything_is_open_and_the_pages_are_few(visit, tmp_path):
    page = visit("pump", PAPER).page
    page.emulate_media(media="print")
    hidden = page.evaluate(
        "[...document.querySelectorAll('details:not(.way-details) > *')].filter(one => !one.checkVisibility({contentVisibilityAuto: true})).length"
    )
    assert hidden == 0
    assert page.locator("nav").is_hidden()
    pdf = tmp_path / "report.pdf"
    page.pdf(path=pdf, prefer_css_page_size=True, print_background=True)
    pages = len(re.findall(rb"/Type\s*/Page[^s]", pdf.read_bytes()))
    assert 6 <= pages <= 16


def test_on_paper_the_answers_of_a_rating_are_printed_only_where_they_were_open(visit):
    page = visit("pump", PAPER).page
    opened, shut = page.locator(".way-details").nth(0), page.locator(".way-details").nth(1)
    opened.locator("summary").click()
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert opened.locator("table").first.is_visible()
    assert shut.is_hidden()
    assert page.get_by_text("The answers behind each rating fill many pages").is_visible()


def test_a_study_without_harm_prints_on_few_pages(visit, tmp_path):
    pdf = tmp_path / "report.pdf"
    visit("empty", PAPER).page.pdf(path=pdf, prefer_css_page_size=True, print_background=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page[^s]", pdf.read_bytes())) <= 4
