"""Ends of support are taken from the source as they are, and bounded where it names no day."""

import tomllib

import pytest

from asepsis.knowledge.build_end_of_support import entry, lines_of

TEXT = """\
---
title: Some
auto:
  methods:
    - release_table: x
      fields:
        releaseCycle:
          column: "Version"
        eol: "End of Life"
releases:
  - releaseCycle: "3"
    releaseDate: 2026-01-01
    eol: false
    latest: "3.1"

  - releaseCycle: "2.1"
    eol: 2020-02-03 # announced

  - releaseCycle: "2.0" # old
    lts: true
    eol: true
---
"""


def test_lines_and_ends_are_read_and_the_fields_of_the_machinery_are_not():
    assert list(lines_of(TEXT)) == [("3", "false"), ("2.1", "2020-02-03"), ("2.0", "true")]


def test_a_line_without_an_end_stops_the_build():
    with pytest.raises(ValueError, match="no eol for 9"):
        list(lines_of('releases:\n  - releaseCycle: "9"\n    latest: "9.1"\n'))


def test_an_end_without_a_day_is_bounded_by_the_next_newer_line():
    table = tomllib.loads(entry(("some", "some-file", "Some", ("other", "some")), TEXT, "2026-08-22"))["product"][0]
    assert table["names"] == ["other", "some-file"], "what the source calls it is another name of it"
    assert table["supported"] == ["3"]
    assert {line: day.isoformat() for line, day in table["ends"].items()} == {"2.1": "2020-02-03"}
    assert {line: day.isoformat() for line, day in table["ended_by"].items()} == {"2.0": "2020-02-03"}
    assert (table["source"], table["mark"], table["ordered"]) == ("endoflife.date, 2026-08-22", "V", True)


def test_windows_lines_are_called_what_a_device_shows_and_unclear_editions_are_left_out():
    text = 'releases:\n  - releaseCycle: "10-1507-iot"\n    eol: 2020-11-10\n\n  - releaseCycle: "5-sp3"\n    eol: 2014-04-08\n'
    table = tomllib.loads(entry(("windows", "windows", "Microsoft Windows", ()), text, "2026-08-22"))["product"][0]
    assert sorted(table["ends"]) == ["5.1", "xp"]
    text = 'releases:\n  - releaseCycle: "10-21h2-e"\n    eol: 2024-06-11\n\n  - releaseCycle: "10-21h2-w"\n    eol: 2023-06-13\n'
    table = tomllib.loads(entry(("windows", "windows", "Microsoft Windows", ()), text, "2026-08-22"))["product"][0]
    assert sorted(table["ends"]) == ["10-21h2", "10-21h2-e"]
    assert table["ordered"] is False
