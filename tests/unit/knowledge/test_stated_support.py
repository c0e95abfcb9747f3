"""What a user states of support takes the place of what is shipped, line by line, and is called his; a file that is written wrong states nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from asepsis.knowledge.end_of_support import Product, SupportStatus, SupportTable
from asepsis.knowledge.load import KnowledgeBase
from asepsis.knowledge.stated_support import load_stated_support
from asepsis.knowledge.toml_file import KnowledgeError
from asepsis.model.device import Mark

KNOWN_ON = date(2026, 11, 23)
SHIPPED = [
    Product("linux", "Linux kernel", "list", Mark.VERIFIED, names=("kernel",), ends={"4.4": date(2022, 2, 28), "4.9": date(2023, 1, 7)}),
    Product("openssl", "OpenSSL", "list", Mark.VERIFIED, ends={"1.0.2": date(2019, 12, 31)}),
]


@pytest.fixture
def stated(tmp_path):
    def load(text):
        path = tmp_path / "ours.toml"
        path.write_text(text)
        return load_stated_support(path)

    return load


@pytest.fixture
def refusal(stated, tmp_path):
    def say(text):
        with pytest.raises(KnowledgeError) as caught:
            stated(text)
        return str(caught.value).removeprefix(f"{tmp_path / 'ours.toml'}: ")

    return say


CONTRACT = """
[[product]]
id = "Linux kernel"
source = "contract 17"
ends = { "4.4" = 2036-01-13 }
"""


def test_a_line_of_the_user_takes_the_place_of_the_shipped_one_and_is_called_his(stated):
    line = SupportTable(SHIPPED, stated(CONTRACT).products).look_up("linux", "4.4.302", KNOWN_ON)
    assert line is not None
    assert (line.product, line.ends, line.mark, line.source) == ("linux", date(2036, 1, 13), Mark.USER, "stated in ours.toml: contract 17")


def test_what_the_user_does_not_speak_of_stays_as_it_is_shipped(stated):
    line = SupportTable(SHIPPED, stated(CONTRACT).products).look_up("kernel", "4.9.1", KNOWN_ON)
    assert line is not None
    assert (line.ends, line.mark) == (date(2023, 1, 7), Mark.VERIFIED)


def test_a_wider_line_of_the_user_counts_before_a_narrower_one_that_is_shipped(stated):
    line = SupportTable(SHIPPED, stated('[[product]]\nid = "openssl"\nends = { "1.0" = 2030-01-01 }').products).look_up("openssl", "1.0.2k", KNOWN_ON)
    assert line is not None
    assert (line.cycle, line.ends, line.source) == ("1.0", date(2030, 1, 1), "stated in ours.toml")


def test_a_system_that_is_in_no_table_gets_there_under_each_of_its_names(stated):
    table = SupportTable(SHIPPED, stated('[[product]]\nid = "pumpos"\nname = "Pump OS"\nnames = ["pos"]\nsupported = ["7"]').products)
    for name in ("pumpos", "Pump OS", "POS"):
        line = table.look_up(name, "7.2", KNOWN_ON)
        assert line is not None
        assert (line.product, line.status, line.mark) == ("pumpos", SupportStatus.SUPPORTED, Mark.USER)


def test_a_name_that_the_user_gives_to_another_product_is_his_to_give(stated):
    table = SupportTable(SHIPPED, stated('[[product]]\nid = "hardened"\nnames = ["kernel"]\nends = { "" = 2031-01-01 }').products)
    line = table.look_up("kernel", "4.9", KNOWN_ON)
    assert line is not None
    assert (line.product, line.ends) == ("hardened", date(2031, 1, 1))


def test_a_mark_that_was_copied_from_a_shipped_table_does_not_make_a_statement_less_the_users(stated):
    (one,) = stated('[[product]]\nid = "x"\nmark = "K"\nsupported = ["1"]').products
    assert one.mark is Mark.USER


def test_the_age_of_definitions_is_the_users_for_the_product_he_names_and_for_all_others(stated):
    text = 'definitions_days = 14\n[[protection]]\nname = "ClamAV"\ndefinitions_days = 3\nsource = "policy 4"'
    knowledge = KnowledgeBase(stated=stated(text))
    own, other = knowledge.oldest_definitions("clamav"), knowledge.oldest_definitions("Microsoft Defender")
    assert (own.days, own.mark, own.source) == (3, Mark.USER, "stated in ours.toml: policy 4")
    assert (other.days, other.mark, other.source) == (14, Mark.USER, "stated in ours.toml")


def test_without_a_word_of_the_user_30_days_are_a_proposal():
    limit = KnowledgeBase().oldest_definitions("ClamAV")
    assert (limit.days, limit.mark) == (30, Mark.PROPOSAL)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[produkt]]\n", "produkt: no such key; did you mean product?"),
        ('[[product]]\nname = "x"', "product.x.id: missing"),
        ('[[product]]\nid = " "\nsupported = ["1"]', "product. : has no id"),
        ('[[product]]\nid = "x"', "product.x: states nothing of any version"),
        ('[[product]]\nid = "x"\nends = { "1" = "soon" }', "product.x.ends: Invalid RFC3339 encoded date"),
        ('[[product]]\nid = "x"\nsupported = ["1"]\n[[product]]\nid = "X"\nsupported = ["2"]', "product.X: stated twice"),
        ('[[protection]]\nname = "x"\ndefinitions_days = -1', "protection.x.definitions_days: less than 0"),
        ("definitions_days = -1", "definitions_days: less than 0"),
        ('[[protection]]\nname = "x"\ndefinitions_days = 1\n[[protection]]\nname = "X"\ndefinitions_days = 2', "protection.X: stated twice"),
        ("", "states nothing"),
    ],
)
def test_a_file_that_is_written_wrong_is_refused_with_the_place(refusal, text, said):
    assert refusal(text).startswith(said)


def test_the_example_in_the_documentation_is_taken(stated):
    text = (Path(__file__).parents[3] / "docs" / "knowledge.md").read_text().partition("```toml\n")[2].partition("```")[0]
    assert [one.id for one in stated(text).products] == ["linux", "pump-os"]
