"""The shipped knowledge keeps its promises: complete, sourced, dated, readable by the code that reads a user's files."""

import re
from datetime import date
from pathlib import Path

import pytest

from asepsis.knowledge.controls import load_controls
from asepsis.knowledge.end_of_support import SupportStatus, load_support_table
from asepsis.knowledge.load import DATA, device_toml, load, load_device
from asepsis.knowledge.sources import load_sources
from asepsis.knowledge.toml_file import FILE_BYTES
from asepsis.model.device import ASSUMPTIONS, BarrierState, Device, Mark
from asepsis.model.facts import Effect, Zone

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "knowledge.md"

FIXED_IDS = {
    *("infusion-pump", "syringe-pump", "pca-pump", "insulin-pump", "pacemaker", "icd", "pacemaker-programmer", "pacemaker-home-monitor"),
    *("heart-pump", "ventilator", "anesthesia-machine", "patient-monitor", "central-station", "defibrillator", "dialysis-machine", "mri"),
    *("ct-scanner", "x-ray", "ultrasound", "dicom-server", "lab-analyzer", "glucose-monitor", "neurostimulator", "dispensing-cabinet"),
    *("hospital-bed", "generic"),
}

# device: command, reading, stop, record; None where the effect hurts nobody. Typed from the harm table of the field's facts, not from the data.
HARM_TABLE: dict[str, tuple[int | None, int | None, int | None, int | None]] = {
    "infusion-pump": (5, 4, 5, 2),
    "syringe-pump": (5, 4, 5, 2),
    "pca-pump": (5, 4, 3, 2),
    "insulin-pump": (5, 4, 4, 2),
    "insulin-pump-automated": (5, 5, 4, 2),
    "pacemaker": (5, 4, 5, 2),
    "icd": (5, 4, 5, 2),
    "heart-pump": (5, 5, 5, 2),
    "percutaneous-heart-pump": (5, 5, 5, 2),
    "neurostimulator": (4, 3, 3, 2),
    "drug-pump-implant": (4, 3, 3, 2),
    "ventilator": (5, 5, 5, 2),
    "anesthesia-machine": (5, 5, 5, 2),
    "dialysis-machine": (4, 4, 4, 2),
    "ct-scanner": (4, 4, 4, 4),
    "radiotherapy": (5, 4, 3, 4),
    "mri": (3, 4, 3, 4),
    "patient-monitor": (3, 5, 4, 2),
    "central-station": (3, 5, 4, 2),
    "fetal-monitor": (None, 4, 4, 2),
    "defibrillator": (5, 4, 5, 2),
    "glucose-monitor": (3, 4, 3, 3),
    "lab-analyzer": (3, 4, 3, 3),
    "dicom-server": (None, 4, 3, 3),
    "dispensing-cabinet": (4, 3, 3, 2),
    "pacemaker-home-monitor": (4, 3, 3, 2),
    "cpap": (3, 2, 2, 2),
    "hospital-bed": (3, 3, 2, 1),
    "sequencer": (None, 4, 3, 3),
    # No row of their own; each profile's note says which row they follow.
    "pacemaker-programmer": (5, 4, 3, 2),
    "remote-monitoring-server": (4, 3, 3, 2),
    "insulin-pump-app": (5, 4, 3, 2),
    "x-ray": (4, 4, 3, 4),
    "ultrasound": (2, 4, 3, 3),
    "generic": (5, 5, 5, 4),
}

MANY_PATIENTS = {
    "central-station",
    "dicom-server",
    "dispensing-cabinet",
    "lab-analyzer",
    "pacemaker-programmer",
    "remote-monitoring-server",
    "sequencer",
}
ON_A_PERSON = {
    "drug-pump-implant",
    "glucose-monitor",
    "heart-pump",
    "icd",
    "insulin-pump",
    "insulin-pump-automated",
    "neurostimulator",
    "pacemaker",
}

DEVICES = load().devices()


def worst(device: Device, effect: Effect) -> int | None:
    return max((harm.level for function in device.functions for harm in function.harms if harm.effect is effect), default=None)


# --- devices -------------------------------------------------------------------------------------------------


def test_every_fixed_profile_is_there_and_every_profile_has_a_row_in_this_table():
    ids = [device.id for device in DEVICES]
    assert ids == sorted(HARM_TABLE)
    assert set(ids) >= FIXED_IDS


@pytest.mark.parametrize("device", DEVICES, ids=lambda device: device.id)
def test_levels_are_those_of_the_harm_table(device):
    order = (Effect.COMMAND, Effect.READING, Effect.STOP, Effect.RECORD)
    assert tuple(worst(device, effect) for effect in order) == HARM_TABLE[device.id]


def test_a_planned_and_an_emergency_ct_differ():
    stops = {function.id: harm.level for function in load().device("ct-scanner").functions for harm in function.harms if harm.effect is Effect.STOP}
    assert stops == {"scan": 3, "emergency-scan": 4}


@pytest.mark.parametrize("device", DEVICES, ids=lambda device: device.id)
def test_a_profile_says_who_it_is_where_it_comes_from_and_what_happens_to_the_patient(device):
    assert (DATA / "devices" / f"{device.id}.toml").is_file()
    assert device.source
    assert date.fromisoformat(device.date) <= load().date
    assert any(interface.zone is not Zone.TOUCH for interface in device.interfaces)
    for function in device.functions:
        assert function.harms
        for harm in function.harms:
            assert harm.source
            assert harm.mark in ASSUMPTIONS, "our own levels must be shown as assumptions"
            assert re.fullmatch(r"[A-Z].*\.", harm.sentence)
            assert len(harm.sentence) <= 160


@pytest.mark.parametrize("device", DEVICES, ids=lambda device: device.id)
def test_no_shipped_barrier_is_called_verified_and_confirmation_stops_orders_only(device):
    for barrier in device.barriers:
        assert barrier.state is BarrierState.CLAIMED
        assert barrier.source
        if barrier.effect is Effect.STOP:
            assert barrier.routes == ("crash",)
        if "confirm" in barrier.id or barrier.id == "proximity":
            assert barrier.routes == ("order",)
        if "limit" in barrier.id and "time" not in barrier.id:
            assert barrier.routes == ("order", "control")


def test_units_that_serve_many_patients_and_units_on_a_person_are_known():
    assert {device.id for device in DEVICES if device.patients_per_unit > 1} == MANY_PATIENTS
    assert {device.id for device in DEVICES if device.on_a_person} == ON_A_PERSON


@pytest.mark.parametrize("device", DEVICES, ids=lambda device: device.id)
def test_a_printed_profile_reads_back_equal(device, tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(device_toml(device), "utf-8")
    assert load_device(path) == device


def test_a_printed_profile_names_every_word_a_user_may_write():
    text = device_toml(load().device("generic"))
    head = "\n".join(line for line in text.splitlines() if line.startswith("#"))
    for word in (*Effect, *Zone, Mark.USER, "claimed", "verified", "order", "control", "false-data", "crash", "extends"):
        assert re.search(rf"\b{re.escape(str(word))}\b", head), word


def test_the_advisories_a_harm_rests_on_are_written_as_their_publishers_write_them():
    known = re.compile(r"ICSMA-\d\d-\d{3}-\d\d[A-Z]?|ICSA-\d\d-\d{3}-\d\d[A-Z]?|ICS-ALERT-\d\d-\d{3}-\d\d")
    for device in DEVICES:
        for function in device.functions:
            for harm in function.harms:
                assert not re.search(r"ICS(MA|A|-ALERT)", known.sub("", harm.source)), (device.id, harm.source)


# --- the other tables ----------------------------------------------------------------------------------------


def test_the_default_site_starts_everywhere_and_the_internet_leads_nowhere():
    site = load().site()
    assert sorted(site.starts) == sorted(Zone)
    assert [(link.from_zone, link.to_zone) for link in site.links] == [("hospital_network", "device_network")]
    assert site.attached == ("device_network",)
    assert site.wifi == {}
    assert site.wifi_default == "device_network"
    assert site.units_obtainable
    assert site.source.startswith(f"[{Mark.PROPOSAL}] "), "a site nobody chose must be shown as an assumption"


def test_the_controls_are_read_and_carry_a_source():
    controls = load().controls()
    assert controls == load_controls(DATA / "controls.toml")
    assert all(control.source and control.do for control in controls)


# product, version → end. Typed from the table of the field's facts.
ENDS = """
openssl 0.9.8 2015-12-31 | openssl 1.0.0 2015-12-31 | openssl 1.0.1 2016-12-31 | openssl 1.0.2 2019-12-31 | openssl 1.1.0 2019-09-11
openssl 1.1.1 2023-09-11 | openssl 3.0 2026-09-07 | openssl 3.1 2025-03-14 | openssl 3.2 2025-11-23 | openssl 3.3 2026-04-09
openssl 3.4 2026-10-22 | openssl 3.5 2030-04-08 | openssl 3.6 2026-11-01
linux 4.9 2023-01-07 | linux 4.14 2024-01-10 | linux 4.19 2024-12-05 | linux 5.4 2025-12-03 | linux 5.10 2026-12-31 | linux 5.15 2026-12-31
linux 6.1 2027-12-31 | linux 6.6 2027-12-31 | linux 6.12 2028-12-31 | linux 6.18 2028-12-31
windows XP-SP3 2014-04-08 | windows Vista 2017-04-11 | windows 7-SP1 2020-01-14 | windows 8 2016-01-12 | windows 8.1 2023-01-10
windows-embedded Standard-7 2020-10-13 | windows-embedded POSReady-7 2021-10-12 | windows-embedded 8.1-Industry 2023-07-11
windows-embedded CE-5.0 2014-10-14 | windows-embedded CE-6.0 2018-04-10 | windows-embedded Compact-7 2021-04-13
windows-embedded Compact-2013 2023-10-10 | windows-embedded XP 2016-01-12 | windows-embedded Standard-2009 2019-01-08
windows-embedded POSReady-2009 2019-04-09
windows 10-22H2 2025-10-14 | windows 10-2015-LTSB 2025-10-14 | windows 10-2016-LTSB 2026-10-13 | windows 10-2019-LTSC 2029-01-09
windows 10-2021-LTSC 2027-01-12 | windows 10-2021-IoT-LTSC 2032-01-13 | windows 11-24H2-IoT-LTSC 2034-10-10
windows-server 2003 2015-07-14 | windows-server 2008 2020-01-14 | windows-server 2008-R2 2020-01-14 | windows-server 2012 2023-10-10
windows-server 2012-R2 2023-10-10 | windows-server 2016 2027-01-12 | windows-server 2019 2029-01-09 | windows-server 2022 2031-10-14
android 9 2022-01-01 | android 10 2023-03-06 | android 11 2024-02-05 | android 12 2025-03-03 | android 13 2026-03-02
debian 8 2018-06-17 | debian 9 2020-07-18 | debian 10 2022-09-10 | debian 11 2024-08-14 | debian 12 2026-07-11
ubuntu 14.04 2019-04-02 | ubuntu 16.04 2021-04-02 | ubuntu 18.04 2023-05-31 | ubuntu 20.04 2025-05-31 | ubuntu 22.04 2027-04-01
yocto 3.1 2024-04-30 | yocto 4.0 2026-04-27 | yocto 5.0 2028-04-30
openwrt 18.06 2021-07-01 | openwrt 19.07 2022-04-30 | openwrt 21.02 2023-04-30 | openwrt 22.03 2024-04-11 | openwrt 23.05 2025-08-16
sql-server 2005 2016-04-12 | sql-server 2008-R2 2019-07-09 | sql-server 2012 2022-07-12 | sql-server 2014 2024-07-09
sql-server 2016 2026-07-14 | sql-server 2017 2027-10-12 | sql-server 14.00.1000 2027-10-12
postgresql 9.6 2021-11-11 | postgresql 13 2025-11-13 | postgresql 14 2026-11-12 | mysql 5.7 2023-10-31 | mysql 8.0 2026-04-30
log4j 1.2.17 2015-10-15 | tomcat 8.5 2024-03-31 | tomcat 9.0 2027-03-31 | php 7.4 2022-11-28 | apache 2.2 2017-07-11 | python 2.7 2020-01-01
qt 4.8 2015-12-31 | qt 5.15 2020-12-08 | dotnet-framework 3.5-SP1 2029-01-09 | dotnet-framework 4.5.2 2022-04-26
dotnet-framework 4.6.1 2022-04-26 | openvpn 2.3 2021-06-30 | openvpn 2.4 2023-03-31 | openvpn 2.5 2025-07-31 | clamav 0.103 2024-09-14
clamav 1.0 2025-11-28 | tls 1.0 2021-03-23 | tls 1.1 2021-03-23 | mbedtls 2.16 2021-12-31 | mbedtls 2.28 2024-12-31
flash-player 32.0 2020-12-31 | silverlight 5.1 2021-10-12
"""


@pytest.mark.parametrize("line", [line.strip() for line in ENDS.replace("\n", "|").split("|") if line.strip()])
def test_every_end_of_support_of_the_facts_is_in_the_table(line):
    product, version, ends = line.split()
    answer = load().end_of_support(product, version)
    assert answer is not None
    assert (answer.ends, answer.status) == (date.fromisoformat(ends), SupportStatus.ENDED_OR_ENDS)


@pytest.mark.parametrize("version", ["2.4.20", "2.6.27", "2.6.36.4brcmarm", "3.0.35", "3.18.109", "3.4.0", "4.1.15", "4.4.14", "4.20", "4.10", "5.9"])
def test_kernels_that_no_list_names_have_ended(version):
    answer = load().end_of_support("linux", version)
    assert answer is not None
    assert answer.ends is not None
    assert answer.ends < date(2022, 3, 1) or answer.mark is Mark.PROPOSAL
    assert answer.ends < load().date
    assert answer.mark in ASSUMPTIONS


@pytest.mark.parametrize(
    "release",
    [
        "busybox 1.22.1",
        "openssh 7.4p1",
        "dropbear 2016.74",
        "goahead 2.5.0",
        "libupnp 1.6.25",
        "inetutils 1.9.4",
        "vxworks 6.9",
        "vxworks 5.5",
        "qnx 6.5",
        "freertos 9.0.0",
    ],
)
def test_old_software_without_published_dates_is_unknown_and_never_ended(release):
    answer = load().end_of_support(*release.split())
    assert answer is not None
    assert (answer.ends, answer.status, answer.mark) == (None, SupportStatus.UNKNOWN, Mark.PROPOSAL)


@pytest.mark.parametrize("release", ["busybox 1.37.0", "openssh 9.9p2", "dropbear 2024.85", "linux 7.2.1", "qnx 8.0"])
def test_recent_software_is_not_accused(release):
    answer = load().end_of_support(*release.split())
    assert answer is not None
    assert answer.status in {SupportStatus.RECENT, SupportStatus.SUPPORTED}


def test_every_product_has_a_source_a_mark_and_something_to_say():
    products = load_support_table(DATA).products
    assert len(products) > 60
    for product in products:
        assert product.source
        assert product.ends or product.ended_by or product.supported or product.released or product.year_is_version or product.abandoned, product.id
        if product.released or product.year_is_version:
            assert product.mark is Mark.PROPOSAL, f"{product.id}: the age rule is our own proposal"
        assert not set(product.ends) & set(product.ended_by), product.id


def test_dates_of_the_two_tables_do_not_contradict_each_other():
    seen: set[tuple[str, str]] = set()
    for product in load_support_table(DATA).products:
        lines = {(product.id, line) for line in (*product.ends, *product.ended_by, *product.supported, *product.released)}
        assert not lines & seen, lines & seen
        seen |= lines


def test_generic_defaults_are_known_and_the_lists_hold_no_repeats():
    knowledge = load()
    words = knowledge.generic_defaults()
    assert len(words) == len(set(words))
    assert words[:2] == ("admin", "root")
    assert {"password", "12345678", "1234", "default", "service", "support", "guest", "toor", "changeme", "operator", "user", "test"} <= set(words)
    assert all(knowledge.is_known_default(word) for word in words)
    assert not knowledge.is_known_default("no-vendor-ever-chose-this-7731")
    assert not knowledge.is_known_default("")


def test_names_are_there_for_every_weakness_and_technique_the_controls_and_rules_cite():
    knowledge = load()
    assert knowledge.cwe_name(798) == "Use of Hard-coded Credentials"
    assert knowledge.cwe_name(1104) == "Use of Unmaintained Third Party Components"
    assert knowledge.cwe_name(4) == ""
    assert knowledge.technique_name("T0891") == "Hardcoded Credentials"
    assert knowledge.technique_name("M0930") == "Network Segmentation"
    assert knowledge.technique_name("T9999") == ""
    cited = {mitigation for control in knowledge.controls() for mitigation in control.attack_mitigations}
    assert sorted(mitigation for mitigation in cited if not knowledge.technique_name(mitigation)) == []


# --- sources, files, licences --------------------------------------------------------------------------------


def data_files() -> list[str]:
    return sorted(path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file())


def covered(name: str) -> bool:
    return any(Path(name).match(pattern) for source in load_sources(DATA / "sources.toml") for pattern in source.files)


def test_every_data_file_has_a_source_and_every_source_has_a_file():
    tables = [name for name in data_files() if name != "sources.toml" and not name.startswith("licences/")]
    assert [name for name in tables if not covered(name)] == []
    for source in load_sources(DATA / "sources.toml"):
        assert source.title
        assert source.licence
        for pattern in source.files:
            assert any(Path(name).match(pattern) for name in tables), (source.id, pattern)


def test_a_licence_that_must_travel_with_the_data_does():
    for source in load_sources(DATA / "sources.toml"):
        for name in re.findall(r"licences/[\w.-]+\.txt", source.licence):
            assert "Permission is hereby granted" in (DATA / name).read_text("utf-8")


def test_the_knowledge_is_dated_and_lists_its_sources():
    knowledge = load()
    assert knowledge.date == max(source.date for source in load_sources(DATA / "sources.toml"))
    assert any(line.startswith("endoflife.date; MIT") and line.endswith("2026-08-22") for line in knowledge.sources)


def test_no_data_file_is_too_long_to_be_read():
    assert all((DATA / name).stat().st_size < FILE_BYTES for name in data_files())


def test_the_page_names_every_file_source_licence_and_date():
    page = PAGE.read_text("utf-8")
    for source in load_sources(DATA / "sources.toml"):
        row = next((line for line in page.splitlines() if line.startswith(f"| `{source.id}` |")), "")
        assert source.licence in row, source.id
        assert source.date.isoformat() in row, source.id
        for pattern in source.files:
            assert f"`knowledge/data/{pattern}`" in row, (source.id, pattern)
    shown = re.findall(r"`knowledge/data/([^`]+)`", page)
    missing = [name for name in data_files() if not any(Path(name).match(pattern) or name.startswith("licences/") for pattern in shown)]
    assert missing == []
