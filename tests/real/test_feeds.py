"""Real feeds, imported as a user would: how many records each gives, and records that were read by hand in the files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from asepsis.findings.flaws.match import match
from asepsis.findings.rule import Facts
from asepsis.knowledge.load import load_with_store
from asepsis.knowledge.vulnerabilities.importing import Imported, import_files
from asepsis.knowledge.vulnerabilities.store import Store
from asepsis.model.device import Device
from asepsis.model.evidence import Evidence, EvidenceKind
from asepsis.model.software import VexStatus
from asepsis.model.vulnerability import Affected, Range
from tests.real.shared import DATA

FEEDS = DATA / "d_vulndata" if DATA else Path("absent")
pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.skipif(not FEEDS.is_dir(), reason="the shared data are not on this machine")]

KERNEL = "cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:*"
GIVEN = (
    "csaf_icsma",
    "kev",
    "nvd_subset",
    "vulnrichment_subset_cve5.jsonl.gz",
    "anchore_nvd_overrides_subset.jsonl.gz",
    "ossfuzz_osv_subset.yaml.gz",
    "pypa_advisories",
    "endoflife_products",
    "linux_kernel_cves",
    "epss_format_sample.csv",
)


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Imported, Path]:
    path = tmp_path_factory.mktemp("real") / "store"
    return import_files(path, [FEEDS / name for name in GIVEN], today=date(2026, 11, 25)), path


@pytest.fixture(scope="module")
def store(imported: tuple[Imported, Path]) -> Store:
    return Store(imported[1])


def said(store: Store, flaw: str, key: str, source: str) -> list[Affected]:
    return [part for part in store.affecting([key]) if (part.vulnerability, part.source) == (flaw, source)]


def test_every_record_of_every_feed_is_taken_in(imported, store):
    done, _ = imported
    assert done.problems == ()
    assert {feed.name: (feed.date, feed.records) for feed in store.feeds()} == {
        "csaf:CISA": ("2025-02-27", 153),
        "cve": ("2024-10-23", 129),
        "endoflife.date": ("2026-08-20", 46),
        "epss": ("2023-06-24", 7),
        "kev": ("2026-07-16", 1647),
        "linux-kernel-cves": ("", 2815),
        "nvd": ("2025-05-13", 5959),
        "nvd-overrides": ("2026-08-20", 855),
        "osv:osv": ("2026-08-19", 721),
        "osv:pysec": ("2024-10-08", 578),
    }
    assert sorted(name.rpartition("/")[2] for name in done.skipped) == [
        *["LICENSE"] * 3,
        "feeds.json",
        "known_exploited_vulnerabilities_schema.json",
        "products_count.json",
    ]


def test_heartbleed(store):
    (part,) = said(store, "CVE-2014-0160", "cpe:a:openssl:openssl", "nvd")
    assert (part.ranges, part.scheme, part.with_) == ((Range("1.0.1", fixed="1.0.1g"),), "openssl", ())
    (firmware,) = said(store, "CVE-2014-0160", "cpe:o:siemens:cp_1543-1_firmware", "nvd")
    assert (firmware.versions, firmware.with_) == (("1.1",), (("cpe:2.3:h:siemens:cp_1543-1:-:*:*:*:*:*:*:*",),))
    assert said(store, "CVE-2014-0160", "cpe:h:siemens:cp_1543-1", "nvd") == []
    flaw = store.vulnerability("CVE-2014-0160")
    assert (flaw.exploited_since, flaw.ransomware, flaw.published) == ("2022-05-04", False, "2014-04-07")
    assert flaw.vectors == ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", "AV:N/AC:L/Au:N/C:P/I:N/A:N")


def test_a_flaw_of_windows_that_ransomware_uses(store):
    flaw = store.vulnerability("CVE-2017-0143")
    assert (flaw.exploited_since, flaw.ransomware, flaw.cwes) == ("2021-11-03", True, (20,))


def test_dirty_cow_by_branch_of_the_kernel(store):
    before, after = sorted(said(store, "CVE-2016-5195", "cpe:o:linux:linux_kernel", "linux-kernel-cves"), key=lambda part: part.status)
    assert (before.status, after.status) == (VexStatus.AFFECTED, VexStatus.FIXED)
    assert Range("3.18", fixed="3.18.44") in before.ranges
    assert Range("3.18.44", fixed="3.19") in after.ranges
    assert len(before.ranges) == len(after.ranges) == 7


def test_a_flaw_of_curl_for_windows_ce_only_and_what_cisa_says_of_it(store):
    (nvd,) = said(store, "CVE-2016-9952", "cpe:a:haxx:curl", "nvd")
    assert (nvd.ranges, nvd.with_) == ((Range("7.30.0", last="7.51.0"),), (("cpe:2.3:o:microsoft:windows_ce:-:*:*:*:*:*:*:*",),))
    (cisa,) = said(store, "CVE-2016-9952", "cpe:a:haxx:curl", "cve:cisa-adp")
    assert cisa.ranges == (Range("7.27.0", last="7.51.0"),)


def test_a_correction_of_anchore_takes_the_place_of_nvds_words(store):
    (part,) = [part for part in store.affecting(["cpe:a:haxx:curl"]) if part.vulnerability == "CVE-2000-0973"]
    assert (part.source, part.ranges) == ("nvd-overrides", (Range("6.0", fixed="7.4.1"),))


def test_the_source_file_of_a_flaw_of_wolfssl_is_known(store):
    (part,) = [
        part for part in store.affecting(["product:wolfssl", "cpe:a:wolfssl:wolfssl"]) if part.vulnerability == "CVE-2024-5814" and part.modules
    ]
    assert (part.modules, part.ranges) == (("src/tls13.c",), (Range(last="5.7.0"),))


def test_a_pump_of_an_advisory_is_known_by_its_makers_words(store):
    found = said(store, "CVE-2021-33886", "product:battery pack sp with wi fi", "csaf:CISA")
    assert [(part.vendor, part.ranges) for part in found] == [("B. Braun Medical", (Range(last="L81"),))]
    flaw = store.vulnerability("CVE-2021-33886")
    assert "CVSS:3.0/AV:A/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:N" in flaw.vectors
    assert 20 in flaw.cwes
    assert "ICSMA-21-294-01" in flaw.aliases


def test_a_package_of_python_speaks_under_the_id_of_its_cve(store):
    (part,) = said(store, "CVE-2023-47627", "pkg:pypi/aiohttp", "osv:pysec")
    assert (part.ranges, part.versions[-1], part.scheme) == ((Range(fixed="3.8.6"),), "3.8.5", "pypi")
    assert store.vulnerability("PYSEC-2023-246").id == "CVE-2023-47627"


def test_a_tag_of_a_library_is_a_version(store):
    (part,) = said(store, "OSV-2022-183", "pkg:generic/binutils", "osv:osv")
    assert part.versions[:3] == ("2.38", "2.39", "2.40")


def test_the_end_of_an_operating_system_is_read_from_its_page(store):
    ((day, product),) = [(day, product) for day, product in store.products() if product.id == "debian"]
    assert day == "2026-07-11"
    assert product.ends["11"] == date(2024, 8, 14)


def test_a_study_would_rest_on_these_feeds(imported):
    used = load_with_store(str(imported[1])).used(date(2026, 8, 22))
    assert [feed.name for feed in used.feeds][:2] == ["csaf:CISA", "cve"]
    assert [text.split()[1] for text in used.warnings] == ["csaf:CISA", "cve", "epss", "kev", "nvd", "osv:pysec"]


def test_a_medical_advisory_concerns_the_device_that_its_profile_names(store):
    """ICSMA-24-200-01: Philips Vue PACS before 12.2.8.410."""
    facts = Facts([], [Evidence("e1", EvidenceKind.FIRMWARE, "pacs.bin", "0" * 64, 1)])

    def flaws(maker: str, model: str, version: str) -> dict[str, VexStatus]:
        device = Device("pacs", "A picture archive", (), maker=maker, model=model, version=version)
        return {one.vulnerability: one.status for one in match(facts, store, (), device=device)}

    old = flaws("Philips", "Vue PACS", "12.2.8.400")
    assert {old["CVE-2021-28165"], old["CVE-2023-40704"]} == {VexStatus.AFFECTED}
    unknown = flaws("Philips", "Vue PACS", "")
    assert unknown["CVE-2023-40704"] is VexStatus.UNDER_INVESTIGATION
    assert "CVE-2023-40704" not in flaws("Philips", "Vue PACS", "12.2.8.410")
    assert flaws("Philips", "Vue", "12.2.8.400") == flaws("Other", "Vue PACS", "12.2.8.400") == {}
