"""What every rule promises: one id everywhere, one explicit list, a page, cases of three kinds, no neighbour imported."""

from __future__ import annotations

import ast
import random
import re
from pathlib import Path

import pytest

from asepsis.findings.judge import judge
from asepsis.findings.pages import HEADINGS, pages
from asepsis.findings.rules import RULES
from asepsis.model.finding import Weakness
from tests.cases.loader import case_folders, load_facts

ROOT = Path(__file__).parents[2]
RULE_FOLDER = ROOT / "src" / "asepsis" / "findings" / "rules"
CASE_FOLDER = ROOT / "tests" / "cases" / "findings" / "rules"
PAGE_FOLDER = ROOT / "docs" / "rules"
FILES = {path.stem: path for path in RULE_FOLDER.glob("*/*.py") if path.stem != "__init__"}
LONGEST_FIRST_LINE, LONGEST_FILE = 80, 200
KINDS = ("fires_", "stays_silent_", "cannot_tell_")
REFERENCE = re.compile(
    r"CWE-\d+|CAPEC-\d+|ATT&CK [TM]\d{4}|ICSM?A-\d\d-\d{3}-\d\d[A-Z]?|ICS-ALERT-\d\d-\d{3}-\d\d|CVE-\d{4}-\d{4,}|IEEE .+|IEC .+|MDS2 .+|CISA KEV"
)

rules = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.INFO.id)


def test_the_list_equals_the_folder():
    assert sorted(rule.INFO.id for rule in RULES) == sorted(FILES)


def test_every_folder_of_cases_belongs_to_a_rule_of_the_same_name_and_folder():
    cased = {path.parent.name: path.parent.parent.name for path in case_folders("findings", "rules")}
    assert cased == {name: path.parent.name for name, path in FILES.items()}


@rules
def test_the_id_is_the_file_name(rule):
    assert rule.__name__.rsplit(".", 1)[-1] == rule.INFO.id


@rules
def test_there_are_cases_of_all_three_kinds_and_no_others(rule):
    folder = CASE_FOLDER / FILES[rule.INFO.id].parent.name / rule.INFO.id
    names = [path.name for path in folder.iterdir()]
    for kind in KINDS:
        assert any(name.startswith(kind) for name in names), f"no {kind} case"
    assert [name for name in names if not name.startswith(KINDS)] == []


@rules
def test_the_docstring_is_a_page_with_the_fixed_headings(rule):
    first, *_ = rule.__doc__.splitlines()
    assert len(first) <= LONGEST_FIRST_LINE
    assert tuple(re.findall(r"^## (.+)$", rule.__doc__, re.MULTILINE)) == HEADINGS
    sections = re.split(r"^## .+$", rule.__doc__, flags=re.MULTILINE)[1:]
    assert all(section.strip() for section in sections)


@rules
def test_every_reference_is_well_formed_and_on_the_page(rule):
    said = " ".join(rule.__doc__.partition("## References")[2].split())
    assert said == ", ".join(rule.INFO.references)
    assert [reference for reference in rule.INFO.references if not REFERENCE.fullmatch(reference)] == []


@rules
def test_the_info_is_whole(rule):
    info = rule.INFO
    assert all(0 < number < 2000 for number in info.cwe)
    assert info.cwe
    assert info.needs
    assert set(info.fixed_by) <= {"maker", "hospital", "clinician"}
    assert info.fixed_by
    assert info.summary.endswith(".")
    assert not info.title.endswith(".")


@rules
def test_a_rule_imports_no_other_rule_and_stays_small(rule):
    text = FILES[rule.INFO.id].read_text(encoding="utf-8")
    imported = [node.module or "" for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
    assert [name for name in imported if ".rules" in name] == []
    assert len(text.splitlines()) <= LONGEST_FILE


def test_the_pages_are_up_to_date():
    assert {path.name: path.read_text(encoding="utf-8") for path in PAGE_FOLDER.glob("*.md")} == pages()


def test_every_weakness_class_that_this_version_reads_facts_of_has_a_rule():
    assert set(Weakness) - {rule.INFO.weakness for rule in RULES} == set()


@pytest.mark.parametrize("folder", case_folders("findings", "rules"), ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_findings_do_not_depend_on_the_order_of_facts(folder):
    case = load_facts(folder)
    shuffled = list(case.reading.facts)
    random.Random(7).shuffle(shuffled)
    turned = judge(type(case.reading)(**{**_fields(case.reading), "facts": tuple(reversed(shuffled))}), case.context())
    assert turned == judge(case.reading, case.context())


def _fields(reading):
    return {name: getattr(reading, name) for name in reading.__dataclass_fields__}
