"""The sheet for one patient as it is printed: two pages at most, nothing fetched, nothing cut off."""

import re
from pathlib import Path

import pytest

from asepsis.model.patient import Circumstances
from asepsis.reports.tell import tell
from tests.unit.reports.test_patient import ALL, study

CHROMIUM = Path("/usr/bin/chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"Chromium is not installed at {CHROMIUM}"),
]


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.mark.parametrize("patient", [Circumstances(), Circumstances(True, True, True)], ids=["nothing known", "all told"])
@pytest.mark.parametrize("name", ALL)
def test_it_prints_on_two_pages_and_fits_a_telephone(browser, tmp_path, name, patient):
    file = tmp_path / "sheet.html"
    file.write_bytes(tell(study(name), "patient", patient))
    page = browser.new_page(viewport={"width": 390, "height": 844})
    complaints, asked = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    printed = page.pdf(format="A4", prefer_css_page_size=True, print_background=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page[^s]", printed)) <= 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert complaints == []
    assert asked == [file.as_uri()]
    page.close()
