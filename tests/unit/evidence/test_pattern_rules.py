"""Rules of users: what is refused, what is found, and that a secret is said once."""

from __future__ import annotations

import time

import pytest

from asepsis.evidence.look import Look
from asepsis.evidence.patterns import PatternPass
from asepsis.evidence.protocols.decoded import decoded
from asepsis.evidence.protocols.paths import Globs
from asepsis.evidence.protocols.regex import Refused, check_repeats, engine_form
from asepsis.evidence.readers import FILE_READERS
from asepsis.evidence.readers.firmware.pattern_rules import MATCHES_A_FILE, PatternRulesReader, entropy
from asepsis.evidence.rule_patterns import failures, user_rules
from asepsis.knowledge.toml_file import KnowledgeError
from asepsis.model.facts import Confidence, RuleMatch, StoredSecret
from tests.unit.evidence.reading import source_of

RULE = """
[[rule]]
id = "service-pin"
title = "PIN of the service menu"
pattern = [{{ regex = '{regex}' }}]
emits = {{ {emits} }}
when = {{ {when} }}
exempt = [{exempt}]
example = [{{ text = "SvcPin=4711337", finds = ["4711337"] }}, {{ text = "nothing" }}]
"""
PIN = "SvcPin=(?P<secret>[0-9]{7})"


def text(regex: str = PIN, emits: str = 'kind = "login"', when: str = "", exempt: str = "") -> str:
    return RULE.format(regex=regex, emits=emits, when=when, exempt=exempt)


def facts(rules: str, data: bytes, path: str = "opt/x") -> list:
    look = Look(source_of(data, path), 10_000)
    look.with_patterns(PatternPass([PatternRulesReader(user_rules([("mine.toml", rules)]))]))
    assert look.problems == []
    return look.facts


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (text(regex="(a+)+b"), "rule.service-pin.pattern.1.regex: a repeat in a repeated group (+)"),
        (text(regex="^Pin=.{4}"), "would see the ends of a window"),
        (text(regex=r"\APin=.{4}"), "would see the ends of a window"),
        (text(regex="(?i)pin"), "flags and atomic groups are not known"),
        (text(regex=r"(.)x\1"), "no references to groups"),
        (text(regex="pin("), "rule.service-pin.pattern.1.regex: not a regular expression"),
        (text(regex="a*"), "matches nothing at all"),
        (text(regex="P\u00efn"), "must be ASCII"),
        (text(regex="pin{1,40000}x"), "the pattern engine refuses it"),
        (text(regex="(?P<pasword>a)"), "no such group: 'pasword'"),
        (text(emits=""), "rule.service-pin.emits.kind: state either the kind of a secret or a weakness"),
        (text(emits='kind = "log-in"'), "rule.service-pin.emits.kind: no such secretkind: 'log-in'; did you mean login?"),
        (text(emits='weakness = "missing-hardening"'), "rule.service-pin.emits.cwe: a weakness needs the number of its class"),
        (text(when='near = ["model"]'), "rule.service-pin.when.near: no such pattern in this rule: 'model'"),
        (text(when="leng = [1, 2]"), "rule.service-pin.when.leng: no such key; did you mean length?"),
        (text(when="length = [9, 2]"), "rule.service-pin.when.length: must be [least, most]"),
        (text(when='content = "txt"'), "no such content: 'txt'; did you mean text?"),
        (text(exempt='"variabel"'), "rule.service-pin.exempt: no such exemption: 'variabel'; did you mean variable?"),
        (text() + text(), "rule.service-pin: stated 2 times"),
        (text().replace('finds = ["4711337"]', 'finds = ["4711338"]'), "rule.service-pin.example.1.finds: not in its text"),
        (text().replace(', { text = "nothing" }', ""), "needs at least one that finds something and one that finds nothing"),
        ("[define]\nx = 'y'\n", "holds no [[rule]]"),
        (text(regex="%{pin}"), "no such definition: 'pin'"),
        ("[[rule]\n", "not TOML"),
    ],
)
def test_a_broken_rule_is_refused_in_one_line(rules: str, message: str):
    with pytest.raises(KnowledgeError) as caught:
        user_rules([("mine.toml", rules)])
    assert str(caught.value).startswith("mine.toml: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_one_id_in_two_files_is_refused():
    with pytest.raises(KnowledgeError, match=r"b\.toml: rule\.service-pin: stated in another file too"):
        user_rules([("a.toml", text()), ("b.toml", text())])


def test_an_example_that_does_not_hold_is_named_without_its_secret():
    rules = user_rules([("mine.toml", text().replace('"nothing"', '"SvcPin=9999999"'))])
    assert [(one.rule, one.number, one.what) for one in failures(rules)] == [("service-pin", 2, "found 1 that is not expected")]
    rules = user_rules([("mine.toml", text(when="length = [8, 9]"))])
    assert [one.what for one in failures(rules)] == ["did not find 1 of 1"]


def test_a_secret_has_its_place_subject_and_kind():
    rules = text(regex="User=(?P<subject>[a-z]{1,8}) (?P<name>SvcPin)=(?P<secret>[0-9]{7})", emits='kind = "login", opens = "http"').replace(
        "SvcPin=4711337", "User=svc SvcPin=4711337"
    )
    (found,) = facts(rules, b"\n\nUser=svc SvcPin=4711337\n")
    assert isinstance(found, StoredSecret)
    assert (found.where.line, found.subject, found.key_name, found.opens, found.secret.length) == (3, "svc", "SvcPin", "http", 7)
    assert found.confidence is Confidence.LIKELY


def test_what_lies_in_documentation_is_weak():
    (found,) = facts(text(), b"SvcPin=4711337", "usr/share/doc/x")
    assert found.confidence is Confidence.WEAK


def test_a_weakness_is_a_match_with_its_class_and_says_no_text():
    (found,) = facts(text(emits='weakness = "missing-hardening", cwe = 693'), b"\0SvcPin=4711337")
    assert isinstance(found, RuleMatch)
    assert (found.rule, found.weakness, found.cwe, found.where.offset) == ("service-pin", "missing-hardening", 693, 8)
    assert "4711337" not in repr(found)


@pytest.mark.parametrize(
    ("when", "path", "data", "number"),
    [
        ('paths = ["*.ini"]', "etc/A.INI", b"SvcPin=4711337", 1),
        ('paths = ["*.ini"]', "etc/a.cfg", b"SvcPin=4711337", 0),
        ('not_paths = ["*/test/*"]', "opt/test/a", b"SvcPin=4711337", 0),
        ('content = "text"', "a", b"\0SvcPin=4711337", 0),
        ('content = "binary"', "a", b"\0SvcPin=4711337", 1),
        ("min_distinct = 5", "a", b"SvcPin=4711337", 0),
        ("min_entropy = 1.5", "a", b"SvcPin=1111111", 0),
        ("length = [7, 7]", "a", b"SvcPin=4711337", 1),
    ],
)
def test_every_condition_decides(when: str, path: str, data: bytes, number: int):
    assert len(facts(text(when=when), data, path)) == number


NEAR = text(when='near = ["model"], absent = ["demo"], within = 20').replace(
    "}]\nemits", "}, { name = \"model\", regex = 'Model=(?P<subject>[A-Z]{2})' }, { name = \"demo\", regex = 'DEMO' }]\nemits"
)


def test_another_pattern_must_be_near_or_absent():
    assert [found.subject for found in facts(NEAR, b"Model=AB SvcPin=4711337")] == ["AB"]
    assert facts(NEAR, b"SvcPin=4711337") == []
    assert facts(NEAR, b"Model=AB" + b"." * 30 + b"SvcPin=4711337") == []
    assert facts(NEAR, b"Model=AB SvcPin=4711337 DEMO") == []


def test_a_listed_exemption_is_kept_as_dismissed_and_another_leaves_no_trace():
    rules = text(exempt='"factory"') + "[[exemption]]\nname = 'factory'\nreason = 'set at the factory'\nregex = '^1234567$'\nlisted = LISTED\n"
    (found,) = facts(rules.replace("LISTED", "true"), b"SvcPin=1234567")
    assert found.secret.placeholder == "set at the factory"
    assert facts(rules.replace("LISTED", "false"), b"SvcPin=1234567") == []


def test_what_a_reader_of_the_format_said_is_not_said_again():
    look = Look(source_of(b'#!/bin/sh\nDB_PASSWORD="Tq7-ward!"\n', "opt/settings/set.conf"), 100)
    look.with_readers(FILE_READERS)
    look.with_patterns(PatternPass([PatternRulesReader()]))
    assert [fact.store for fact in look.facts if isinstance(fact, StoredSecret)] == ["script"]


def test_a_list_of_words_ends_in_a_problem_and_not_in_silence():
    look = Look(source_of(b"".join(b"SvcPin=%07d\n" % number for number in range(1000000, 1000000 + MATCHES_A_FILE + 1)), "a"), 10_000)
    look.with_patterns(PatternPass([PatternRulesReader(user_rules([("mine.toml", text())]))]))
    assert len(look.facts) == MATCHES_A_FILE
    assert [problem.cause for problem in look.problems] == ["limit-reached"]


@pytest.mark.parametrize(
    "data",
    [
        b'password="' * 100_000,
        b"password=" * 100_000,
        b"<password>" * 90_000,
        b"jdbc:a:" + b"?" * 900_000,
        b"auth: " * 150_000,
        b'"' * 900_000,
        b"a.b" * 300_000,
    ],
    ids=["quotes", "bare", "xml", "jdbc", "auth", "nothing", "dots"],
)
def test_hostile_text_is_read_in_time(data: bytes):
    started = time.process_time()
    look = Look(source_of(data, "etc/x.conf"), 10_000)
    look.with_patterns(PatternPass([PatternRulesReader()]))
    assert time.process_time() - started < 20


def test_the_engine_sees_the_regex_without_its_assertions():
    assert engine_form(r"(?<![A-Z(])(?P<secret>a[)(]{2}\))(?=(?:b|c))\b(?!d)(?:e|f)") == r"(a[)(]{2}\))(?:e|f)"


@pytest.mark.parametrize("regex", ["(a+)+", "(?:a*b)*", "((a{2,})x){2,9}", "(?:a|b?)*", "(a{1,3})+"])
def test_a_regex_that_could_run_for_ever_is_refused(regex: str):
    with pytest.raises(Refused):
        check_repeats(regex)


@pytest.mark.parametrize("regex", ["(?:a{1,9}b){0,6}", "(ab)+", "a+b+", "(a+)?", "([a+]x){3}"])
def test_a_regex_that_cannot_is_taken(regex: str):
    check_repeats(regex)


def test_globs_are_of_the_name_or_of_the_path():
    assert Globs(("*.ini",)).match("Etc/A.INI")
    assert not Globs(("*.ini",)).match("a.ini/b")
    assert Globs(("*/test/*",)).match("test/a")
    assert not Globs(()).match("a")


def test_a_secret_is_decoded_or_not_at_all():
    assert decoded(b"c3ZjOlRxNw==", ("base64", "pair")) == ("Tq7", "svc")
    assert decoded(b"c3ZjOlRxNw", ("base64", "pair")) == ("Tq7", "svc")
    assert decoded(b"////", ("base64",)) is None
    assert decoded(b"!", ("base64",)) is None
    assert decoded(b"svc", ("pair",)) is None


def test_entropy_is_shannons():
    assert entropy("aaaa") == 0
    assert entropy("abcd") == 2


def test_a_comment_ends_with_its_line_inside_a_text_too():
    """Found in a labelled set: PHP inside JSON begins with a comment, and the log-in stands two lines below."""
    look = Look(source_of(rb"// log-in of the ward\r\n\t$user = \"svc\";\r\n\t$password = \"Tq7-ward9\";", "www/dump"), 100)
    look.with_patterns(PatternPass([PatternRulesReader()]))
    (found,) = look.facts
    assert isinstance(found, StoredSecret)
    assert found.secret.placeholder == ""
