from dataclasses import replace

from asepsis.model.evidence import Cause, Coverage, EvidenceKind, Problem
from asepsis.model.finding import Certainty, NotAssessed
from asepsis.model.where import Where
from asepsis.reports.diff import difference
from tests.cases.reports.studies import EMPTY, HOSTILE, MENDED, PASSWORD, PATHS, PUMP, TELNET

DOSE = "S5 · death, many patients: The pump gives a dose that nobody ordered"
STOP = "S5 · death: The infusion stops while the patient depends on it"


def section(lines, name):
    """The lines under a heading."""
    start = next(number for number, line in enumerate(lines) if line.startswith(name)) + 1
    end = next((number for number, line in enumerate(lines[start:], start) if not line.startswith(" ")), len(lines))
    return [line.strip() for line in lines[start:end]]


def starting(lines, word):
    return [line for line in lines if line.startswith(word)]


def test_the_mended_twin_closes_every_harm_and_path():
    lines = difference(PUMP, MENDED)
    harms, paths = section(lines, "Harms"), section(lines, "Paths")
    assert len(starting(harms, "closed")) == len(harms) == 4
    assert harms[0] == f"closed: {DOSE}"
    assert len(starting(paths, "closed")) == 6
    assert len(starting(section(lines, "Findings"), "gone")) == 6
    assert "cannot tell" not in "\n".join(lines)


def test_the_way_back_opens_them():
    lines = difference(MENDED, PUMP)
    assert len(starting(section(lines, "Harms"), "opened")) == 4
    assert len(starting(section(lines, "Paths"), "opened")) == 6
    assert len(starting(section(lines, "Findings"), "new")) == 6


def test_the_same_study_twice_differs_in_nothing():
    lines = difference(PUMP, PUMP)
    assert len(starting(section(lines, "Harms"), "still possible")) == 4
    assert section(lines, "Paths") == ["same: 6 paths"]
    assert section(lines, "Findings") == ["same: 6 findings"]


def test_an_image_that_could_not_be_read_closes_nothing():
    lines = difference(PUMP, EMPTY)
    assert len(starting(section(lines, "Harms"), "cannot tell")) == 4
    assert len(starting(section(lines, "Paths"), "cannot tell")) == 6
    assert len(starting(section(lines, "Findings"), "cannot tell")) == 6


def _nothing_closed(new, because):
    lines = difference(PUMP, new)
    harms = section(lines, "Harms")
    assert starting(harms, "closed") == []
    assert starting(section(lines, "Findings"), "gone") == []
    assert all(because in line for line in harms)


def test_a_part_that_stays_shut_only_now_makes_it_impossible_to_tell():
    shut = replace(MENDED, coverage=replace(MENDED.coverage, unopened=("pump-2.0.bin!rootfs.squashfs",)))
    _nothing_closed(shut, "in NEW, pump-2.0.bin!rootfs.squashfs could not be opened")


def test_a_part_that_stayed_shut_before_as_well_does_not():
    both = replace(MENDED, coverage=replace(MENDED.coverage, unopened=("pump-2.0.bin!data.ubi",)))
    assert len(starting(section(difference(PUMP, both), "Harms"), "closed")) == 4


def test_less_of_the_bytes_makes_it_impossible_to_tell():
    _nothing_closed(replace(MENDED, coverage=Coverage(100, 50)), "only 50 % of the bytes could be understood, not 84 %")


def test_a_limit_reached_makes_it_impossible_to_tell():
    limit = Problem(Cause.LIMIT_REACHED, None, "unpacking took longer than allowed", "the rest was not unpacked")
    _nothing_closed(replace(MENDED, problems=(limit,)), "unpacking took longer than allowed")


def test_a_flaw_of_one_other_file_does_not():
    flaw = Problem(Cause.BROKEN_INPUT, Where("e1", "pump-2.0.bin!rootfs.squashfs!usr/share/logo.png"), "the image is cut off", "no logo")
    assert len(starting(section(difference(PUMP, replace(MENDED, problems=(flaw,))), "Harms"), "closed")) == 4


def test_a_flaw_of_the_file_in_question_does():
    flaw = Problem(Cause.BROKEN_INPUT, Where("e1", "pump-2.0.bin!root2.squashfs!etc/shadow"), "a line is broken", "accounts were not read")
    findings = section(difference(PUMP, replace(MENDED, problems=(flaw,))), "Findings")
    assert starting(findings, "cannot tell") == [
        f"cannot tell: {PASSWORD.id} {PASSWORD.title}: in NEW, pump-2.0.bin!root2.squashfs!etc/shadow could not be looked at: a line is broken"
    ]


def test_a_capture_that_is_no_longer_given_closes_nothing_that_was_seen_in_it():
    harms = section(difference(PUMP, replace(MENDED, evidence=MENDED.evidence[:1])), "Harms")
    assert f"cannot tell: {STOP}: in NEW, a network capture was not given" in harms


def test_a_rule_that_cannot_tell_now_closes_nothing_it_found_before():
    unsure = replace(
        MENDED,
        not_found=tuple(one for one in MENDED.not_found if one.rule != "crash_on_malformed_input"),
        not_assessed=(NotAssessed("crash_on_malformed_input", "the capture is too short"),),
    )
    harms = section(difference(PUMP, unsure), "Harms")
    assert f"cannot tell: {STOP}: in NEW, crash_on_malformed_input could not tell: the capture is too short" in harms


def test_a_rule_that_could_not_tell_a_part_of_it_before_either_closes_what_it_found():
    partly = NotAssessed("crash_on_malformed_input", "radio was not looked for")
    old, new = replace(PUMP, not_assessed=(partly,)), replace(MENDED, not_assessed=(partly,))
    assert len(starting(section(difference(old, new), "Harms"), "closed")) == 4


def test_a_rule_that_did_not_run_now_closes_nothing_it_found_before():
    silent = replace(MENDED, not_found=tuple(one for one in MENDED.not_found if one.rule != "crash_on_malformed_input"))
    assert f"cannot tell: {STOP}: in NEW, crash_on_malformed_input did not run" in section(difference(PUMP, silent), "Harms")


def test_a_harm_seen_for_the_first_time_is_not_called_new_when_it_could_not_be_seen_before():
    lines = difference(EMPTY, PUMP)
    assert starting(section(lines, "Harms"), "opened") == []
    assert len(starting(section(lines, "Harms"), "seen now, cannot tell whether it is new")) == 4
    assert "in OLD, " in section(lines, "Harms")[0]


def test_a_service_that_is_installed_but_no_longer_started_closes_its_path():
    weaker = replace(TELNET, certainty=Certainty.PRESENT, claims=())
    left = tuple(weaker if finding is TELNET else finding for finding in PUMP.findings)
    new = replace(PUMP, findings=left, paths=(PATHS[2], PATHS[3], PATHS[5]), ratings=())
    lines = difference(PUMP, new)
    assert "closed: P-000000000001 (On the hospital's network)" in section(lines, "Paths")[0]
    assert any(
        line.startswith("changed: F-000000000002") and line.endswith("reachable in OLD, present in NEW") for line in section(lines, "Findings")
    )
    assert starting(section(lines, "Harms"), "closed") == [
        "closed: S4 · permanent or life-threatening harm: The pump stays silent when it should raise an alarm"
    ]
    assert any(
        line.startswith("still possible: S5 · death: The pump gives a dose") and "was many patients" in line for line in section(lines, "Harms")
    )


def test_a_path_that_vanished_though_its_weaknesses_are_there_is_not_called_closed():
    lines = difference(PUMP, replace(PUMP, paths=PATHS[1:], site=replace(PUMP.site, name="another hospital")))
    assert lines[0] == "Note: the site differs: default hospital in OLD, another hospital in NEW"
    assert "all of its weaknesses are still there" in starting(section(lines, "Paths"), "cannot tell")[0]


def test_paths_match_by_harm_start_moves_and_findings_and_not_by_their_words():
    renamed = tuple(replace(path, id=path.id + "x") for path in PATHS)
    assert section(difference(PUMP, replace(PUMP, paths=renamed, ratings=())), "Paths") == ["same: 6 paths"]


def test_two_studies_without_harm_promise_no_more_than_they_saw():
    assert difference(MENDED, MENDED)[0] == "Harms: none could be reached in OLD or in NEW"
    assert difference(MENDED, EMPTY)[-7:]
    assert any(line.endswith("as far as each could be looked at") for line in difference(MENDED, EMPTY))


def test_every_line_about_a_hostile_study_is_printable():
    assert all(line.isprintable() for line in difference(PUMP, HOSTILE) + difference(HOSTILE, PUMP))


def test_a_doubt_about_a_weakness_off_the_shown_paths_still_stands_in_the_way():
    # A study holds the shortest paths only: the out-of-date kernel may have led to the same harms.
    unsure = replace(
        MENDED,
        not_found=tuple(one for one in MENDED.not_found if one.rule != "unsupported_operating_system"),
        not_assessed=(NotAssessed("unsupported_operating_system", "no kernel was recognised"),),
    )
    lines = difference(PUMP, unsure)
    assert len(starting(section(lines, "Paths"), "closed")) == 6
    assert len(starting(section(lines, "Harms"), "cannot tell")) == 4


def test_an_image_may_be_compared_with_an_unpacked_tree():
    tree = replace(MENDED, evidence=(replace(MENDED.evidence[0], kind=EvidenceKind.DIR), MENDED.evidence[1]))
    assert len(starting(section(difference(PUMP, tree), "Harms"), "closed")) == 4


def test_kinds_of_evidence_are_compared_not_their_names():
    assert EvidenceKind.PCAP in {evidence.kind for evidence in MENDED.evidence}
    renamed = replace(MENDED, evidence=(MENDED.evidence[0], replace(MENDED.evidence[1], name="other.pcap", id="e7")))
    assert len(starting(section(difference(PUMP, renamed), "Harms"), "closed")) == 4
