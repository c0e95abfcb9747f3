"""A user's rule about a weakness becomes a finding like any other, and its silence is explained."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from asepsis.cli.main import cli
from asepsis.model.finding import Certainty
from asepsis.reports.tell import tell
from asepsis.story import CannotAssess, Options, run

RULES = """
[[rule]]
id = "old-telemetry-library"
title = "The telemetry library that checks no certificate"
pattern = [{ regex = 'libtelemetry/1\\.[0-9]' }]
emits = { weakness = "out-of-date-software", cwe = 1104, confidence = "likely" }
example = [{ text = "libtelemetry/1.4", finds = ["libtelemetry/1.4"] }, { text = "libtelemetry/2.0" }]

[[rule]]
id = "service-pin"
title = "PIN of the service menu"
pattern = [{ regex = 'SvcPin=(?P<secret>[0-9]{7})' }]
emits = { kind = "application", confidence = "likely" }
example = [{ text = "SvcPin=4711337", finds = ["4711337"] }, { text = "SvcPin=" }]
"""


@pytest.fixture
def rules(tmp_path: Path) -> str:
    path = tmp_path / "mine.toml"
    path.write_text(RULES, "utf-8")
    return str(path)


def device(tmp_path: Path, text: str) -> str:
    root = tmp_path / "root" / "opt"
    root.mkdir(parents=True)
    (root / "agent").write_text(text, "utf-8")
    return f"dir:{root.parent}"


def test_a_match_becomes_a_finding_that_is_present(tmp_path: Path, rules: str):
    study = run([device(tmp_path, "x\nUser-Agent: libtelemetry/1.4\n")], Options(rules=(rules,)))
    (finding,) = (one for one in study.findings if one.rule == "user:old-telemetry-library")
    assert finding.certainty is Certainty.PRESENT
    assert finding.cwe == (1104,)
    assert [(place.member, place.line) for place in finding.locations] == [("opt/agent", 2)]
    assert finding.claims == ()
    assert study.tool.options["rules"].startswith("SHA-256 ")


def test_a_secret_belongs_to_the_rules_about_secrets(tmp_path: Path, rules: str):
    study = run([device(tmp_path, "SvcPin=4711337")], Options(rules=(rules,)))
    assert [one.rule for one in study.findings if one.subject == "service-pin"] == ["embedded_credential"]


def test_a_rule_that_matched_nothing_says_so(tmp_path: Path, rules: str):
    study = run([device(tmp_path, "nothing")], Options(rules=(rules,)))
    spoken = [one.rule for one in (*study.not_found, *study.not_assessed)]
    assert "user:old-telemetry-library" in spoken


def test_every_report_can_tell_it_and_the_same_rules_give_the_same_bytes(tmp_path: Path, rules: str):
    evidence = device(tmp_path, "libtelemetry/1.4 SvcPin=4711337")
    one, two = (run([evidence], Options(rules=(rules,))) for _ in range(2))
    for kind in ("json", "sarif", "html"):
        assert tell(one, kind) == tell(two, kind)
        assert b"user:old-telemetry-library" in tell(one, kind)
        assert b"4711337" not in tell(one, kind)


def test_without_rules_nobody_asks_for_them(tmp_path: Path):
    study = run([device(tmp_path, "libtelemetry/1.4")], Options())
    assert not any(one.rule.startswith("user:") for one in study.findings)
    assert "rules" not in study.tool.options


def test_a_broken_file_is_one_clear_line(tmp_path: Path):
    path = tmp_path / "mine.toml"
    path.write_text("[[rule]]\nid = 'a'\n", "utf-8")
    with pytest.raises(CannotAssess, match=r"mine\.toml: rule\.a\.title: missing"):
        run([device(tmp_path, "x")], Options(rules=(str(path),)))


def test_rules_check_runs_the_examples(rules: str, tmp_path: Path):
    good = CliRunner().invoke(cli, ["rules", "check", rules], standalone_mode=False)
    assert (good.return_value, good.output) == (0, "2 rules, 4 examples, none of them failed\n")
    bad = tmp_path / "bad.toml"
    bad.write_text(RULES.replace('"SvcPin="', '"SvcPin=7654321"'), "utf-8")
    failed = CliRunner().invoke(cli, ["rules", "check", str(bad)], standalone_mode=False)
    assert failed.return_value == 1
    assert failed.output == "service-pin: example 2: found 1 that is not expected\n2 rules, 4 examples, 1 of them failed\n"


def test_shipped_pattern_rules_can_be_listed_and_shown():
    assert "github-token" in CliRunner().invoke(cli, ["rules", "patterns"], standalone_mode=False).output
    assert "looks for:" in CliRunner().invoke(cli, ["rules", "github-token"], standalone_mode=False).output


def test_the_worked_example_of_the_documentation_holds(tmp_path: Path):
    page = (Path(__file__).parents[3] / "docs" / "pattern-rules.md").read_text("utf-8")
    path = tmp_path / "page.toml"
    path.write_text(page.partition("```toml\n")[2].partition("```")[0], "utf-8")
    result = CliRunner().invoke(cli, ["rules", "check", str(path)], standalone_mode=False)
    assert (result.return_value, result.output) == (0, "2 rules, 5 examples, none of them failed\n")
