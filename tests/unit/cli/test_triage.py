"""Accepting findings from end to end: one firmware, a triage file, the next firmware, the next triage file."""

from __future__ import annotations

import io
import json
import tarfile
import tomllib

import pytest

from tests.unit.cli.test_command_line import PUMP, asepsis, one_line_error

OWNER = "A. Berg, product security"
TELNET, WIFI, HASH, SECOND = "F-503f9eccae59", "F-b52e8d9380a3", "F-e067157fc20f", "F-0e5ea852e9ad"
NEXT = PUMP | {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nservice:x:500:500:field service:/home/service:/bin/sh\n",
    "etc/wpa_supplicant.conf": 'network={\n\tssid="ward-8"\n\tpsk="another-word-of-ours"\n}\n',
}
"""Telnet stays as it was; 'service' has no longer root's powers; the network is another one; the hash was moved to another file."""


def image(path, files):
    with tarfile.open(path, "w") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return path


def entry(name, expires="2027-03-31", more=""):
    return f'[[accepted]]\nid = "{name}"\nowner = "{OWNER}"\nreason = "see ticket PS-311"\nexpires = {expires}\n{more}\n'


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """The studies of both firmwares; the first with accepted findings."""
    folder = tmp_path_factory.mktemp("triage")
    (folder / "triage.toml").write_text("".join([entry(TELNET), entry(WIFI), entry(HASH, "2026-12-31"), entry(SECOND), entry("F-000000000000")]))
    told = []
    for name, files, more in (
        ("old", PUMP, ("--triage", folder / "triage.toml", "--as-of", "2026-11-25")),
        ("new", NEXT, ("--as-of", "2027-01-01")),
    ):
        path = image(folder / f"pump-{name}.tar", files)
        told.append(asepsis("assess", path, "--device", "infusion-pump", "-q", "-o", f"json={folder / name}.json", *more))
    assert [ended.returncode for ended in told] == [0, 0], told
    return folder, told[0].stdout


def test_the_first_screen_names_what_was_left_out_and_what_does_not_count(two):
    text = " ".join(two[1].split())
    assert len(two[1].splitlines()) <= 25
    assert "Leaving out 4 accepted findings: " in text
    assert "no such finding in this study: F-000000000000" in text


def test_diff_says_what_became_of_each_accepted_finding(two):
    folder, _ = two
    ended = asepsis("diff", folder / "old.json", folder / "new.json", "--triage-out", folder / "next.toml")
    assert ended.returncode == 0, ended.stderr
    lines = ended.stdout.partition("Triage\n")[2].splitlines()
    fates = {line.split(": ")[1].split(" ")[0]: line.strip().split(": ")[0] for line in lines if line.startswith("  ") and ": F-" in line}
    assert fates[TELNET] == "carried over"
    assert fates[WIFI] == "needs a new look"
    assert fates[HASH] == "expired"
    assert fates[SECOND] == "mended"
    assert fates["F-000000000000"] == "did not count in OLD"
    assert any(line.startswith(f"  carried over: {TELNET} ") and line.endswith(f"({OWNER}): until 2027-03-31") for line in lines)


def test_secrets_that_stayed_are_carried_over_though_their_digests_are_keyed_anew_and_one_more_is_not(two, tmp_path):
    folder, _ = two
    one_more = PUMP["etc/wpa_supplicant.conf"] + 'network={\n\tssid="ward-7"\n\tpsk="another-word-of-ours"\n}\n'
    fates = {}
    for name, changed in (("same", {"etc/issue": "2.5\n"}), ("more", {"etc/wpa_supplicant.conf": one_more})):
        path = image(tmp_path / f"{name}.tar", PUMP | changed)
        assert asepsis("assess", path, "--device", "infusion-pump", "-q", "--as-of", "2026-11-25", "-o", f"json={path}.json").returncode == 0
        lines = asepsis("diff", folder / "old.json", f"{path}.json").stdout.partition("Triage\n")[2].splitlines()
        fates[name] = {line.split(": ")[1].split(" ")[0]: line for line in lines if ": F-" in line}
    assert all(fates["same"][id_].startswith("  carried over: ") for id_ in (TELNET, WIFI, HASH, SECOND)), fates["same"]
    assert fates["more"][WIFI].startswith("  needs a new look: ")
    assert fates["more"][WIFI].endswith(": it is about 2 secrets, was about 1 and it is in more places of the same file")
    assert fates["more"][HASH].startswith("  carried over: ")


def test_the_next_triage_file_holds_only_what_still_fits(two):
    folder, _ = two
    asepsis("diff", folder / "old.json", folder / "new.json", "--triage-out", folder / "next.toml")
    text = (folder / "next.toml").read_text()
    (kept,) = tomllib.loads(text)["accepted"]
    assert (kept["id"], kept["owner"], kept["reason"], str(kept["expires"])) == (TELNET, OWNER, "see ticket PS-311", "2027-03-31")
    assert "# Not carried over: mended: the finding is gone\n# [[accepted]]" in text
    assert all(f'# id = "{name}"' in text for name in (WIFI, HASH, SECOND))
    ended = asepsis("assess", folder / "pump-new.tar", "-q", "--triage", folder / "next.toml", "--as-of", "2027-01-01", "-o", "json=-")
    assert [one["state"] for one in json.loads(ended.stdout)["triage"]] == ["counts"]


def test_fail_on_is_about_what_nobody_accepted(two, tmp_path):
    folder, _ = two
    ids = [finding["id"] for finding in json.loads((folder / "old.json").read_text())["findings"]]
    every = tmp_path / "every.toml"
    every.write_text("".join(map(entry, ids)))
    words = ("assess", folder / "pump-old.tar", "--device", "infusion-pump", "-q", "--fail-on", "s4", "--triage", every, "--as-of")
    counts, over = asepsis(*words, "2027-03-31"), asepsis(*words, "2027-04-01")
    assert (counts.returncode, over.returncode) == (0, 2)
    assert "Stays open: S5" in counts.stdout
    assert "expired and counted again" in " ".join(over.stdout.split())


def test_the_reports_mark_what_is_accepted(two):
    folder, _ = two
    ended = asepsis("report", folder / "old.json", "-o", f"sarif={folder / 'old.sarif'}", "-o", f"html={folder / 'old.html'}")
    assert ended.returncode == 0, ended.stderr
    results = {result["properties"]["id"]: result for result in json.loads((folder / "old.sarif").read_text())["runs"][0]["results"]}
    (suppression,) = results[TELNET]["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert suppression["justification"] == f"accepted as a risk by {OWNER} until 2027-03-31: see ticket PS-311"
    assert sorted(name for name, result in results.items() if "suppressions" in result) == sorted([TELNET, WIFI, HASH, SECOND])
    page = (folder / "old.html").read_text()
    assert '<h3 id="triage">What was accepted</h3>' in page
    assert page.count("<strong>Accepted:</strong>") == 4
    assert "no such finding in this study" in page


def test_explain_says_who_accepted_a_finding_and_until_when(two):
    lines = asepsis("explain", two[0] / "old.json", TELNET).stdout.splitlines()
    assert f"  accepted as a risk by {OWNER} until 2027-03-31: see ticket PS-311" in lines
    assert "Leads to no harm, for it is accepted and left out" in lines


def test_a_triage_file_to_start_from(two):
    folder, _ = two
    text = asepsis("triage", folder / "new.json").stdout
    assert tomllib.loads(text) == {}
    filled = (
        text.replace("# ", "")
        .replace('owner = ""', 'owner = "A"')
        .replace('reason = ""', 'reason = "b"')
        .replace("expires = ", "expires = 2027-05-01")
    )
    entries = [line for line in filled.splitlines() if line.startswith("id = ")]
    assert len(entries) == len(json.loads((folder / "new.json").read_text())["findings"])
    kept = tomllib.loads(asepsis("triage", folder / "old.json").stdout)["accepted"]
    assert {one["id"] for one in kept} == {TELNET, WIFI, HASH, SECOND, "F-000000000000"}


def test_a_triage_file_that_is_written_wrong_is_one_line(two, tmp_path):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(entry(TELNET).replace("owner", "ownr"))
    error = one_line_error(asepsis("assess", two[0] / "pump-old.tar", "-q", "--triage", wrong))
    assert error == f"asepsis: {wrong}: accepted.{TELNET}.ownr: no such key; did you mean owner?\n"


def test_an_acceptance_that_is_over_by_the_clock_only_is_noted_on_standard_error(two, tmp_path):
    path = tmp_path / "past.toml"
    path.write_text(entry(TELNET, "2020-06-30"))
    ended = asepsis("assess", two[0] / "pump-old.tar", "--triage", path, "--as-of", "2020-01-01")
    assert "by this clock" not in ended.stdout
    assert f"over by this clock, not on the study's day 2020-01-01 (--as-of): {TELNET}." in ended.stderr
