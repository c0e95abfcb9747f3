from dataclasses import replace

from asepsis.model.facts import FACT_KINDS
from asepsis.model.finding import NotAssessed
from asepsis.reports.gaps import brief_gaps, gaps
from asepsis.reports.words import LOOKED_FOR
from tests.cases.reports import studies

BENCH = "MalformedInputEffect was not looked for: needs a test on the bench"


def test_a_reason_is_told_once_with_all_the_rules_it_stopped():
    found = gaps([NotAssessed("b_rule", BENCH), NotAssessed("a_rule", BENCH), NotAssessed("c_rule", "the accounts could not be read")])
    assert [(gap.sentence, gap.rules) for gap in found] == [
        ("What malformed messages do: needs a test on the bench", ("a_rule", "b_rule")),
        ("The accounts could not be read", ("c_rule",)),
    ]


def test_kinds_that_share_a_reason_stand_in_one_sentence():
    shut = "nothing could be unpacked from pump.bin"
    found = gaps([NotAssessed("a_rule", f"PrivateKey was not looked for: {shut}"), NotAssessed("b_rule", f"Listener was not looked for: {shut}")])
    assert [gap.sentence for gap in found] == [f"Open network ports and private keys: {shut}"]


def test_of_many_subjects_the_sentence_names_three_and_the_whole_names_all():
    kinds = ("Account", "Component", "Listener", "PrivateKey")
    (gap,) = gaps(NotAssessed("a_rule", f"{kind} was not looked for: no file") for kind in kinds)
    assert gap.sentence == "Open network ports, private keys, the accounts that can log in and 1 more: no file"
    assert gap.whole == "Open network ports, private keys, the accounts that can log in and the software parts and their support: no file"


def test_every_kind_of_fact_has_plain_words():
    assert set(LOOKED_FOR) == {kind.__name__ for kind in FACT_KINDS}
    assert all(words[0].islower() and words.isprintable() for words in LOOKED_FOR.values())


def test_a_kind_that_is_not_known_keeps_its_own_name():
    assert gaps([NotAssessed("a_rule", "Moonlight was not looked for: it is day")])[0].sentence == "Moonlight: it is day"


def test_in_brief_only_the_first_clause_of_a_reason_is_told_and_this_versions_limits_together():
    def limit(kind):
        return NotAssessed("a_rule", f"{kind} was not looked for: this version does not look for it")

    outcomes = (NotAssessed("a_rule", f"{BENCH}; nothing in a file shows it"), limit("Protection"), limit("Hardening"))
    assert brief_gaps(replace(studies.MENDED, not_assessed=outcomes)) == [
        "what malformed messages do (needs a test on the bench)",
        "hardening of its programs and security software (this version does not look there)",
    ]


def test_in_brief_a_part_that_stayed_shut_is_left_to_the_list_of_parts_but_only_if_there_is_one():
    shut = NotAssessed("a_rule", "not seen in what could be opened; 1 part stayed shut: x")
    assert brief_gaps(replace(studies.PUMP, not_assessed=(shut,))) == []
    assert brief_gaps(replace(studies.MENDED, not_assessed=(shut,))) == ["not seen in what could be opened, 1 part stayed shut: x"]


def test_what_the_line_about_published_flaws_says_is_left_out_but_no_words_of_a_maker_can_hide_a_gap():
    counted = NotAssessed("known_vulnerability", "2 published flaws in 1 part could not be decided: OpenSSL 1.0.2k")
    said = NotAssessed("known_vulnerability", "could not be decided says that a part is affected which was not recognised")
    assert brief_gaps(replace(studies.MENDED, not_assessed=(counted, said))) == [said.reason]


def test_what_is_optional_is_left_out_in_brief_whatever_its_words_unless_another_rule_needs_it():
    lacking = NotAssessed("a_rule", "no list of parts was given", optional=True)
    assert brief_gaps(replace(studies.MENDED, not_assessed=(lacking,))) == []
    assert [gap.sentence for gap in gaps([lacking])] == ["No list of parts was given"]
    needed = NotAssessed("b_rule", "no list of parts was given")
    assert brief_gaps(replace(studies.MENDED, not_assessed=(lacking, needed))) == ["no list of parts was given"]
    words = NotAssessed("a_rule", "no bill of materials was given")
    assert brief_gaps(replace(studies.MENDED, not_assessed=(words,))) == ["no bill of materials was given"]
