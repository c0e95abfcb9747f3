"""Which release line a version belongs to, and what may be said about its support."""

from datetime import date

import pytest

from asepsis.knowledge.end_of_support import Product, SupportStatus, SupportTable
from asepsis.model.device import Mark

KNOWN_ON = date(2026, 11, 23)

TABLE = SupportTable(
    [
        Product(
            "linux",
            "Linux kernel",
            "list, 2026",
            Mark.VERIFIED,
            names=("kernel",),
            ends={"4.9": date(2023, 1, 7), "4.19": date(2024, 12, 5), "6.12": date(2028, 12, 31)},
            supported=("7.1",),
        ),
        Product("linux", "Linux kernel", "history", Mark.KNOWLEDGE, ended_by={"2.6": date(2016, 3, 31), "3.18": date(2019, 5, 31)}),
        Product("openssl", "OpenSSL", "list, 2026", Mark.VERIFIED, ends={"1.0.2": date(2019, 12, 31), "1.0.1": date(2016, 12, 31)}),
        Product("busybox", "BusyBox", "years", Mark.PROPOSAL, released={"1.22": 2014, "1.30": 2018, "1.36": 2023}),
        Product("dropbear", "Dropbear", "years", Mark.PROPOSAL, released={"0": 2011}, year_is_version=True),
        Product("windows", "Windows", "list, 2026", Mark.VERIFIED, ends={"xp": date(2014, 4, 8), "10-lts-2019": date(2029, 1, 9)}, ordered=False),
        Product("uclibc", "uClibc", "history", Mark.KNOWLEDGE, abandoned={"0.9": date(2012, 5, 15)}),
        Product("boa", "Boa", "history", Mark.KNOWLEDGE, abandoned={"": date(2005, 2, 23)}),
    ]
)


def said(product: str, version: str) -> tuple[str, date | None, str, Mark]:
    answer = TABLE.look_up(product, version, KNOWN_ON)
    assert answer is not None
    return answer.cycle, answer.ends, answer.status, answer.mark


@pytest.mark.parametrize(
    ("product", "version", "cycle", "ends"),
    [
        ("linux", "4.9.118", "4.9", date(2023, 1, 7)),
        ("linux", "4.19.0-rc1", "4.19", date(2024, 12, 5)),
        ("Linux Kernel", "v6.12", "6.12", date(2028, 12, 31)),
        ("kernel", "06.12.1", "6.12", date(2028, 12, 31)),
        ("openssl", "1.0.2k-fips", "1.0.2", date(2019, 12, 31)),
        ("openssl", "1:1.0.1t-1+deb8u12", "1.0.1", date(2016, 12, 31)),
        ("windows", "Windows XP SP3", "xp", date(2014, 4, 8)),
        ("windows", "10 Enterprise LTSC 2019", "10-lts-2019", date(2029, 1, 9)),
    ],
)
def test_a_version_belongs_to_the_line_with_which_it_shares_most(product, version, cycle, ends):
    assert said(product, version) == (cycle, ends, SupportStatus.ENDED_OR_ENDS, Mark.VERIFIED)


def test_lines_of_general_knowledge_keep_their_mark():
    assert said("linux", "3.18.109") == ("3.18", date(2019, 5, 31), SupportStatus.ENDED_OR_ENDS, Mark.KNOWLEDGE)
    assert said("linux", "2.6.27") == ("2.6", date(2016, 3, 31), SupportStatus.ENDED_OR_ENDS, Mark.KNOWLEDGE)


def test_4_1_is_not_4_19_and_not_4_9():
    cycle, ends, status, mark = said("linux", "4.1.15")
    assert (cycle, ends) == ("4.1", date(2023, 1, 7)), "an unlisted line has ended when the next newer line, 4.9, has"
    assert (status, mark) == (SupportStatus.ENDED_OR_ENDS, Mark.PROPOSAL)


def test_an_unlisted_line_below_one_that_still_lives_is_not_called_ended():
    assert said("linux", "5.17.3") == ("", None, SupportStatus.UNKNOWN, Mark.PROPOSAL)


def test_what_is_older_than_every_line_has_ended_too():
    assert said("openssl", "0.9.8zh") == ("0.9", date(2016, 12, 31), SupportStatus.ENDED_OR_ENDS, Mark.PROPOSAL)


def test_what_is_newer_than_the_table_is_not_accused():
    assert said("linux", "8.2") == ("8.2", None, SupportStatus.RECENT, Mark.PROPOSAL)


def test_a_line_without_announced_end_is_supported():
    assert said("linux", "7.1.9") == ("7.1", None, SupportStatus.SUPPORTED, Mark.VERIFIED)


def test_software_without_published_dates_is_judged_by_its_age():
    assert said("busybox", "1.22.1") == ("1.22", None, SupportStatus.UNKNOWN, Mark.PROPOSAL)
    assert said("busybox", "1.36.1") == ("1.36", None, SupportStatus.RECENT, Mark.PROPOSAL)
    assert said("busybox", "1.25.0") == ("1.25", None, SupportStatus.UNKNOWN, Mark.PROPOSAL), "1.30, newer than 1.25, is of 2018"
    assert said("dropbear", "2019.78") == ("2019", None, SupportStatus.UNKNOWN, Mark.PROPOSAL)
    assert said("dropbear", "2024.85") == ("2024", None, SupportStatus.RECENT, Mark.PROPOSAL)
    assert said("dropbear", "0.53.1") == ("0", None, SupportStatus.UNKNOWN, Mark.PROPOSAL)


def test_five_years_is_the_border_of_the_age_rule():
    for year, status in ((2019, SupportStatus.UNKNOWN), (2020, SupportStatus.UNKNOWN), (2021, SupportStatus.RECENT)):
        answer = TABLE.look_up("dropbear", f"{year}.80", KNOWN_ON)
        assert answer is not None
        assert answer.status == status


def test_names_that_are_no_numbers_are_never_older_than_one_another():
    assert said("windows", "9") == ("", None, SupportStatus.UNKNOWN, Mark.PROPOSAL)


def test_a_product_of_no_table_is_none_and_no_version_is_unknown():
    assert TABLE.look_up("nothing-we-know", "1.0", KNOWN_ON) is None
    assert said("linux", "") == ("", None, SupportStatus.UNKNOWN, Mark.PROPOSAL)
    assert said("linux", "unknown") == ("", None, SupportStatus.UNKNOWN, Mark.PROPOSAL)


@pytest.mark.parametrize("version", ["٣.١٨", "4.\x00", "9" * 4000, "4.9" * 2000, "\udcff"])
def test_versions_read_from_hostile_images_get_an_answer(version):
    answer = TABLE.look_up("linux", version, KNOWN_ON)
    assert answer is not None
    assert answer.source.isprintable()


@pytest.mark.parametrize(
    ("product", "version", "cycle", "day"), [("uclibc", "0.9.33.2", "0.9", date(2012, 5, 15)), ("boa", "", "", date(2005, 2, 23))]
)
def test_what_nobody_maintains_is_abandoned_since_the_day_of_its_source(product, version, cycle, day):
    assert said(product, version) == (cycle, day, SupportStatus.ABANDONED, Mark.KNOWLEDGE)


def test_what_is_older_or_newer_than_an_abandoned_line_is_not_abandoned_with_it():
    """uClibc++ 0.2 and uClibc-ng 1.0 are called after uClibc, and are other projects."""
    assert said("uclibc", "0.2.4")[1:3] == (None, SupportStatus.UNKNOWN)
    assert said("uclibc", "1.0.45")[1:3] == (None, SupportStatus.RECENT)
