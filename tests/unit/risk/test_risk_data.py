"""The risk matrix and people's answers as files."""

import pytest

from asepsis.knowledge.load import KnowledgeError
from asepsis.knowledge.risk_data import DATA, FILE_BYTES, feasibility_scale, load_answers, load_matrix, risk_matrix

SHIPPED = (DATA / "risk_matrix.toml").read_text("utf-8")
ANSWER = '[[answer]]\nquestion = "rubric.XACL"\nvalue = "no"\nby = "A. Analyst"\ndate = 2026-11-20\nbecause = "a race, seen on the bench"\n'


@pytest.fixture
def file(tmp_path):
    def write(text, name="mine.toml"):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return write


def test_the_shipped_line():
    matrix = risk_matrix()
    refused = {(s, f) for s in range(1, 6) for f in ("low", "medium", "high") if not matrix.acceptable(s, f)}
    assert refused == {(3, "high"), (4, "medium"), (4, "high"), (5, "low"), (5, "medium"), (5, "high")}


def test_many_patients_count_one_level_worse_and_never_above_death():
    matrix = risk_matrix()
    assert [matrix.counted(level, many_patients=True) for level in (1, 4, 5)] == [2, 5, 5]
    assert not matrix.acceptable(2, "high", many_patients=True)
    assert matrix.acceptable(2, "high")


def test_a_users_matrix_replaces_the_line(file):
    stricter = SHIPPED.replace('4 = { low = "acceptable"', '4 = { low = "unacceptable"').replace("Asepsis default risk matrix", "Ward matrix")
    matrix = load_matrix(file(stricter))
    assert not matrix.acceptable(4, "low")
    assert matrix.origin.title == "Ward matrix"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('5 = { low = "unacceptable", medium = "unacceptable", high = "unacceptable" }\n', "", r"\[verdict\] needs a row 5"),
        ('5 = { low = "unacceptable", ', "5 = { ", r"needs a row 5 with one word for each of low, medium, high"),
        ('5 = { low = "unacceptable"', '5 = { low = "tolerable"', r"row 5 says 'tolerable'; it can say acceptable or unacceptable"),
        ('5 = { low = "unacceptable", medium = "unacceptable"', '5 = { low = "unacceptable", medium = "acceptable"', "refuses something milder"),
        ('high = "unacceptable" }\n4', 'high = "acceptable" }\n4', None),
        (
            '4 = { low = "acceptable", medium = "unacceptable", high = "unacceptable" }',
            '4 = { low = "acceptable", medium = "acceptable", high = "acceptable" }',
            "milder",
        ),
        ("many_patients_raise = 1", "many_patients_raise = -1", "from 0 to 4, not -1"),
        ("many_patients_raise = 1", "many_patients_raise = true", "from 0 to 4, not True"),
        ("source =", "# source =", "missing text for source"),
        ("[verdict]", "[verdict", "not TOML"),
    ],
)
def test_a_matrix_with_a_slip_is_refused_in_one_line(file, old, new, says):
    assert old in SHIPPED
    path = file(SHIPPED.replace(old, new))
    if says is None:
        assert load_matrix(path).acceptable(3, "high")
        return
    with pytest.raises(KnowledgeError, match=says) as caught:
        load_matrix(path)
    assert str(caught.value).startswith("mine.toml: ")
    assert "\n" not in str(caught.value)


def test_a_missing_or_binary_or_huge_file_is_refused(file, tmp_path):
    with pytest.raises(KnowledgeError, match="No such file"):
        load_matrix(tmp_path / "absent.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(KnowledgeError, match="not TOML"):
        load_matrix(tmp_path / "binary.toml")
    with pytest.raises(KnowledgeError, match=f"larger than {FILE_BYTES} bytes"):
        load_matrix(file("#" * (FILE_BYTES + 1)))


def test_the_classes_are_those_of_the_proposal():
    scale = feasibility_scale()
    assert (scale.maximum, scale.high_from, scale.medium_from, scale.claimed_barrier_lowers) == (3.887, 2.8, 1.2, 1)


def test_a_persons_answers_are_read(file):
    answers = load_answers(file(ANSWER + ANSWER.replace("XACL", "XUI") + 'path = "p-7"\n'))
    assert sorted(answers) == ["p-7/rubric.XUI", "rubric.XACL"]
    assert (answers["rubric.XACL"].by, answers["rubric.XACL"].date) == ("A. Analyst", "2026-11-20")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ANSWER.replace('by = "A. Analyst"\n', ""), "answer 1: says no by"),
        (ANSWER.replace("a race, seen on the bench", " "), "answer 1: says no because"),
        (ANSWER.replace("date = 2026-11-20", 'date = "yesterday"'), "answer 1: the date is not written like"),
        (ANSWER + ANSWER, "rubric.XACL is answered twice"),
        ("answer = 3\n", r"written as \[\[answer\]\] tables"),
        ("answer = [3]\n", "answer 1: not a table"),
    ],
)
def test_an_answer_without_name_day_and_reason_does_not_count(file, text, says):
    with pytest.raises(KnowledgeError, match=says):
        load_answers(file(text))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("many_patients_raise = 1", "many_patient_raise = 0", "no such key: many_patient_raise; did you mean many_patients_raise"),
        ("[severity]", "[severities]", "no such key: severities; did you mean severity"),
        (
            '5 = { low = "unacceptable"',
            '6 = { low = "unacceptable", medium = "unacceptable", high = "unacceptable" }\n5 = { low = "unacceptable"',
            "6",
        ),
        ('5 = "catastrophic: death"', 'five = "catastrophic: death"', "five"),
    ],
)
def test_a_word_in_a_matrix_that_would_change_nothing_is_refused(file, old, new, says):
    assert old in SHIPPED
    with pytest.raises(KnowledgeError, match=says):
        load_matrix(file(SHIPPED.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds no answer"),
        (ANSWER.replace("[[answer]]", "[[answers]]"), "no such key: answers; did you mean answer"),
        (ANSWER + 'paths = "P-1"\n', "answer 1: no such key: paths; did you mean path"),
    ],
)
def test_an_answer_that_would_be_passed_over_is_refused(file, text, says):
    with pytest.raises(KnowledgeError, match=says):
        load_answers(file(text))


@pytest.mark.parametrize("load", [load_matrix, load_answers])
def test_a_file_nested_too_deeply_is_refused_in_one_line(file, load):
    with pytest.raises(KnowledgeError, match="nested too deeply"):
        load(file(f"a = {'[' * 5000}{']' * 5000}"))
