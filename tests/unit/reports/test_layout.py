from dataclasses import replace

from asepsis.reports.exporters.html.layout import HARM, MARGIN, START, WIDTH, draw
from tests.cases.reports import studies
from tests.cases.reports.studies import DOSE, JOIN, LOG_IN, PATHS, TAKE, WALK, path


def boxes(drawing, kind=None):
    return [box for box in drawing.boxes if kind in {None, box.kind}]


def said(drawing):
    return [" ".join(box.lines) for box in drawing.boxes]


def overlaps(one, other):
    return abs(one.x - other.x) < WIDTH and one.y < other.y + other.height and other.y < one.y + one.height


def test_a_single_path_runs_straight_down_from_its_start_to_the_harm():
    drawing = draw((PATHS[3],))
    assert said(drawing) == ["On the hospital's network", studies.WALK.sentence, studies.SEND.sentence, studies.STOP.name]
    assert {box.x for box in drawing.boxes} == {MARGIN}
    tops = [box.y for box in drawing.boxes]
    assert tops == sorted(tops)
    assert len(drawing.edges) == 3


def test_steps_that_paths_share_are_drawn_once():
    drawing = draw(PATHS[:2])
    assert sorted(said(drawing)).count(LOG_IN.sentence) == 1
    assert sorted(said(drawing)).count(TAKE.sentence) == 1
    assert len(boxes(drawing, START)) == 2
    assert len(boxes(drawing, HARM)) == 1
    # start → walk, start → join, walk → log in, join → log in, log in → take, take → harm
    assert len(drawing.edges) == 6


def test_no_two_boxes_overlap_and_all_lie_in_the_frame():
    drawing = draw(PATHS[:3])
    for number, one in enumerate(drawing.boxes):
        assert not any(overlaps(one, other) for other in drawing.boxes[number + 1 :])
        assert one.x >= MARGIN
        assert one.x + WIDTH + MARGIN <= drawing.width
        assert one.y + one.height + MARGIN <= drawing.height


def test_paths_that_take_the_same_steps_in_another_order_do_not_run_in_a_circle():
    drawing = draw((path(1, "touch", DOSE, WALK, JOIN), path(2, "touch", DOSE, JOIN, WALK)))
    assert said(drawing).count(WALK.sentence) == 2
    assert len(boxes(drawing, HARM)) == 1


def test_a_path_that_takes_a_step_twice_is_drawn_with_both():
    assert said(draw((path(1, "touch", DOSE, WALK, JOIN, WALK),))).count(WALK.sentence) == 2


def test_a_path_without_steps_leads_from_its_start_to_the_harm():
    assert len(draw((path(1, "touch", DOSE),)).edges) == 1


def test_the_order_in_which_paths_are_given_does_not_matter():
    assert draw(PATHS[:3]) == draw(tuple(reversed(PATHS[:3])))


def test_a_word_wider_than_a_box_is_broken_and_endless_text_is_cut():
    endless = replace(WALK, sentence="W" * 5_000)
    step = draw((path(1, "touch", DOSE, endless),)).boxes[1]
    assert len(step.lines) <= 7
    assert step.lines[-1].endswith("…")
    assert max(map(len, step.lines)) < 30


def test_findings_that_do_not_fit_are_counted():
    many = replace(WALK, findings=("F-1", "F-2", "F-3", "F-4"))
    step = draw((path(1, "touch", DOSE, many),)).boxes[1]
    assert (step.links, step.more) == (("F-1", "F-2"), 2)
