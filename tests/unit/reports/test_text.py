import pytest

from asepsis.reports.text import clause, clip, count, join, percent, visible, wrap


def test_a_control_character_is_shown_by_its_number():
    assert visible("a\x00b\x1b[31m\n") == "a\\x00b\\x1b[31m\\x0a"


def test_delete_and_the_second_row_of_controls_are_shown():
    assert visible("\x7f\x9b") == "\\x7f\\x9b"


def test_marks_that_turn_or_hide_text_are_named():
    assert visible("\u202egpj.exe\u200b\ufeff") == "⟨U+202E⟩gpj.exe⟨U+200B⟩⟨U+FEFF⟩"


def test_line_separators_are_named_and_not_obeyed():
    assert visible("a\u2028b\x85") == "a⟨U+2028⟩b\\x85"


def test_a_byte_that_is_not_utf8_is_shown_as_that_byte():
    assert visible(b"caf\xe9".decode("utf-8", "surrogateescape")) == "caf\\xe9"


def test_a_surrogate_that_was_never_a_byte_is_named():
    assert visible("\ud800") == "⟨U+D800⟩"


def test_ordinary_text_in_any_script_stays_as_it_is():
    assert visible("Pumpe für Säuglinge 点滴 नस") == "Pumpe für Säuglinge 点滴 नस"


def test_spaces_of_other_widths_become_spaces():
    assert visible("16\u202f777\u00a0216") == "16 777 216"


def test_long_text_keeps_its_two_ends_and_says_how_long_it_was():
    shown = visible("head" + "x" * 1_000_000 + "tail", 60)
    assert shown.startswith("head")
    assert shown.endswith("tail (1,000,008 characters)")
    assert len(shown) < 100


def test_clip_never_exceeds_its_width_even_when_pictures_are_longer_than_characters():
    assert clip("\u202e" * 10, 20) == "⟨U+202E⟩⟨U+202E⟩⟨U+…"
    assert clip("short", 20) == "short"


def test_only_everything_is_one_hundred_percent():
    assert percent(9_999, 10_000) == "99 %"
    assert percent(10, 10) == "100 %"
    assert percent(99, 24) == "100 %"
    assert percent(0, 0) == "0 %"


def test_counting_and_joining_read_as_english():
    assert [count(number, "path") for number in (0, 1, 1200)] == ["no path", "1 path", "1,200 paths"]
    assert count(2, "fix", "fixes") == "2 fixes"
    assert [join(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


def test_wrapping_keeps_to_its_width():
    assert wrap("one two three", 8, rest="  ") == ["one two", "  three"]


@pytest.mark.parametrize(
    ("sentence", "inside"),
    [
        ("A nurse confirms each order.", "a nurse confirms each order"),
        ("The password of ‘admin’ is the same..", "the password of ‘admin’ is the same"),
        ("HL7 asks for no password.", "HL7 asks for no password"),
        ("Debian is old", "Debian is old"),
        ("A", "a"),
        ("", ""),
    ],
)
def test_a_sentence_inside_another_has_no_full_stop_and_a_small_letter_unless_it_begins_with_a_name(sentence, inside):
    assert clause(sentence) == inside
