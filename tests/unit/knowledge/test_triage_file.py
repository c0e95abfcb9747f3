"""A triage file is read strictly: what is written wrong is said, with the file and the entry, and accepts nothing."""

from __future__ import annotations

from datetime import date

import pytest

from asepsis.knowledge.toml_file import KnowledgeError
from asepsis.knowledge.triage_file import load_triage
from asepsis.model.triage import Accepted, Because

WHOLE = {"id": '"F-0123456789ab"', "owner": '"A. Berg"', "reason": '"bench build only"', "expires": "2027-03-31"}


def load(tmp_path, *entries, text=""):
    path = tmp_path / "triage.toml"
    written = "\n".join("[[accepted]]\n" + "\n".join(f"{key} = {value}" for key, value in entry.items()) for entry in entries)
    path.write_text(written + text)
    return load_triage(path)


def refusal(tmp_path, *entries, text=""):
    with pytest.raises(KnowledgeError) as caught:
        load(tmp_path, *entries, text=text)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(f"{tmp_path / 'triage.toml'}: ")
    return message.removeprefix(f"{tmp_path / 'triage.toml'}: ")


def test_an_entry_with_the_least_is_an_accepted_risk(tmp_path):
    assert load(tmp_path, WHOLE) == (Accepted("F-0123456789ab", "A. Berg", "bench build only", date(2027, 3, 31)),)


def test_an_entry_with_everything(tmp_path):
    more = {"decided": "2026-11-20", "rule": '"telnet_service"', "subject": '"telnet"', "because": '"false-positive"'}
    (entry,) = load(tmp_path, WHOLE | more)
    assert (entry.decided, entry.rule, entry.subject, entry.because) == (date(2026, 11, 20), "telnet_service", "telnet", Because.FALSE_POSITIVE)


def test_a_file_in_which_every_entry_is_commented_out_accepts_nothing(tmp_path):
    assert load(tmp_path, text="# [[accepted]]\n# id = 1\n") == ()


@pytest.mark.parametrize("key", sorted(WHOLE))
def test_an_entry_without(tmp_path, key):
    place = "1" if key == "id" else "F-0123456789ab"
    assert refusal(tmp_path, {name: value for name, value in WHOLE.items() if name != key}) == f"accepted.{place}.{key}: missing"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"owner": '" "'}, "accepted.F-0123456789ab: says no owner"),
        ({"owner": '""', "reason": '""'}, "accepted.F-0123456789ab: says no owner and no reason"),
        ({"id": '"F-0123"'}, "accepted.F-0123: not the id of a finding (F- and twelve hexadecimal digits)"),
        ({"id": '"F-0123456789ab\\n"'}, "accepted.F-0123456789ab : not the id of a finding (F- and twelve hexadecimal digits)"),
        ({"expires": '"31.3.2027"'}, "accepted.F-0123456789ab.expires: "),
        ({"expires": "2027-03-31T10:00:00Z"}, "accepted.F-0123456789ab.expires: "),
        ({"expires": "2027"}, "accepted.F-0123456789ab.expires: "),
        ({"decided": "2027-04-01"}, "accepted.F-0123456789ab: expires 2027-03-31 before it was decided 2027-04-01"),
        ({"because": '"false positive"'}, "accepted.F-0123456789ab.because: no such because: 'false positive'; did you mean false-positive?"),
        ({"expired": "2027-03-31"}, "accepted.F-0123456789ab.expired: no such key; did you mean expires?"),
    ],
)
def test_a_wrong_value_is_named(tmp_path, change, said):
    assert refusal(tmp_path, WHOLE | change).startswith(said)


def test_a_finding_is_accepted_once_only(tmp_path):
    assert refusal(tmp_path, WHOLE, WHOLE | {"owner": '"B"'}) == "accepted.F-0123456789ab: accepted twice"


def test_a_table_of_another_name_is_refused(tmp_path):
    assert refusal(tmp_path, text="[[acepted]]\nid = 1\n") == "acepted: no such key; did you mean accepted?"


def test_text_that_is_no_toml_and_a_file_that_is_not_there(tmp_path):
    assert refusal(tmp_path, text="expires = \n").startswith("not TOML: ")
    with pytest.raises(KnowledgeError, match="no such file"):
        load_triage(tmp_path / "none.toml")
