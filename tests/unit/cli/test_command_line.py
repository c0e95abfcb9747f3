"""The command line as a user meets it: exit codes, one-line errors, where things are printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ASEPSIS = [sys.executable, "-m", "asepsis"]

PUMP = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nservice:x:0:0:field service:/root:/bin/sh\n",
    "etc/shadow": "root:$1$abcdefgh$G3V/9Ge6zXEKDzuQEGpDp.:10000::::::\nservice::10000::::::\n",
    "etc/inittab": "::sysinit:/etc/init.d/rcS\n::respawn:/usr/sbin/telnetd -l /bin/sh\n",
    "etc/wpa_supplicant.conf": 'network={\n\tssid="ward-7"\n\tpsk="not-a-real-password"\n}\n',
}


@pytest.fixture(scope="module")
def pump(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("pump")
    for name, text in PUMP.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.fixture(scope="module")
def study(pump, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("study") / "pump.json"
    ended = asepsis("assess", pump, "--device", "infusion-pump", "-o", f"json={path}", "-q")
    assert ended.returncode == 0, ended.stderr
    return path


def asepsis(*words: object, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*ASEPSIS, *map(str, words)], capture_output=True, text=True, check=False, env={**os.environ, **env})


def one_line_error(ended: subprocess.CompletedProcess[str]) -> str:
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith("asepsis: ")
    assert ended.stderr.count("\n") == 1
    return ended.stderr


class TestAssess:
    def test_the_first_screen_is_at_most_25_lines_and_names_the_files(self, pump, tmp_path):
        report = tmp_path / "report.html"
        ended = asepsis("assess", pump, "--device", "infusion-pump", "-o", f"html={report}")
        assert ended.returncode == 0, ended.stderr
        lines = ended.stdout.splitlines()
        assert 5 < len(lines) <= 25
        assert str(report) in ended.stdout
        assert report.read_bytes().startswith(b"<!DOCTYPE html>")

    def test_progress_and_timing_go_to_standard_error_in_plain_lines(self, pump):
        ended = asepsis("assess", pump)
        assert "Reading the evidence" in ended.stderr
        assert "Took " in ended.stderr
        assert "\x1b" not in ended.stderr
        assert "Reading the evidence" not in ended.stdout

    def test_quiet_says_nothing_on_standard_error(self, pump):
        assert asepsis("assess", pump, "-q").stderr == ""

    def test_a_report_on_standard_output_stands_there_alone(self, pump):
        ended = asepsis("assess", pump, "-q", "-o", "json=-")
        assert json.loads(ended.stdout)["device"]["id"] == "generic"

    def test_same_input_same_bytes_whatever_the_hash_seed_and_the_locale(self, pump):
        documents = {
            asepsis("assess", pump, "--device", "infusion-pump", "-q", "-o", "json=-", PYTHONHASHSEED=seed, LC_ALL=locale).stdout
            for seed, locale in (("1", "C.UTF-8"), ("2", "POSIX"))
        }
        assert len(documents) == 1

    def test_fail_on_gives_2_when_an_unacceptable_harm_is_that_bad(self, pump):
        assert asepsis("assess", pump, "--device", "infusion-pump", "-q", "--fail-on", "S5").returncode == 2
        assert asepsis("assess", pump, "--device", "hospital-bed", "-q", "--fail-on", "catastrophic").returncode == 0

    def test_fail_on_incomplete_gives_3(self, pump):
        assert asepsis("assess", pump, "-q", "--fail-on-incomplete").returncode == 3

    def test_no_secret_is_said(self, pump):
        ended = asepsis("assess", pump, "-v", "-o", "json=-")
        assert "not-a-real-password" not in ended.stdout + ended.stderr

    def test_several_pieces_of_evidence_make_one_study(self, pump, tmp_path):
        other = tmp_path / "shadow"
        other.write_text(PUMP["etc/shadow"])
        data = json.loads(asepsis("assess", pump, f"firmware:{other}", "-q", "-o", "json=-").stdout)
        assert [entry["id"] for entry in data["evidence"]] == ["e1", "e2"]


class TestErrors:
    def test_evidence_that_does_not_exist(self, tmp_path):
        assert "nowhere.bin" in one_line_error(asepsis("assess", tmp_path / "nowhere.bin", "-q"))

    def test_an_unknown_device_names_near_ones(self, pump):
        assert "infusion-pump" in one_line_error(asepsis("assess", pump, "--device", "infusion-pmp", "-q"))

    def test_a_kind_without_a_reader_is_refused(self, pump):
        assert "pcap" in one_line_error(asepsis("assess", f"pcap:{pump}", "-q"))

    def test_an_unknown_format_names_the_known_ones(self, pump):
        assert "sarif" in one_line_error(asepsis("assess", pump, "-o", "pdf=x.pdf"))

    def test_an_unknown_option(self, pump):
        assert "--colour" in one_line_error(asepsis("assess", pump, "--colour"))

    def test_a_report_that_cannot_be_written(self, pump):
        assert "cannot write" in one_line_error(asepsis("assess", pump, "-q", "-o", "json=/proc/nowhere/x.json"))

    def test_a_forbidden_control_that_does_not_exist(self, study):
        assert "M99" in one_line_error(asepsis("plan", study, "--forbid", "M99"))

    def test_a_file_that_is_no_study(self, tmp_path):
        (tmp_path / "x.json").write_text("{}")
        one_line_error(asepsis("explain", tmp_path / "x.json", "F-000000000000"))

    def test_an_id_that_is_not_in_the_study(self, study):
        assert "F-000000000000" in one_line_error(asepsis("explain", study, "F-000000000000"))


class TestTheOtherCommands:
    def test_explain_each_finding_path_and_chosen_control(self, study):
        data = json.loads(study.read_text())
        ids = [data["findings"][0]["id"], data["paths"][0]["id"], data["plan"]["controls"][0]["id"]]
        for thing in ids:
            ended = asepsis("explain", study, thing)
            assert ended.returncode == 0, ended.stderr
            assert thing in ended.stdout

    def test_plan_without_a_chosen_control_chooses_another(self, study):
        chosen = json.loads(study.read_text())["plan"]["controls"][0]["id"]
        again = json.loads(asepsis("plan", study, "--forbid", chosen, "-o", "json=-").stdout)
        assert chosen not in {control["id"] for control in again["plan"]["controls"]}
        assert again["plan"]["forbidden"] == [chosen]

    def test_plan_by_the_hospital_only_takes_what_the_hospital_can_do(self, study):
        again = json.loads(asepsis("plan", study, "--only", "hospital", "-o", "json=-").stdout)
        assert all("hospital" in control["actors"] for control in again["plan"]["controls"])

    def test_report_writes_the_same_bytes_as_assess(self, pump, study, tmp_path):
        first = asepsis("assess", pump, "--device", "infusion-pump", "-q", "-o", "html=-").stdout
        assert asepsis("report", study, "-o", "html=-").stdout == first

    def test_a_vex_document_that_its_specification_forbids_is_not_written_without_a_word(self, study):
        ended = asepsis("report", study, "-o", "openvex=-")
        assert (ended.returncode, ended.stdout) == (0, "")
        assert "openvex=-: not written: no published flaw was matched" in ended.stderr
        assert "not written" not in asepsis("report", study, "-o", "csaf=-").stderr

    def test_a_report_with_nothing_to_tell_makes_no_file_and_is_not_listed(self, study, tmp_path):
        vex, page = tmp_path / "vex.json", tmp_path / "page.html"
        ended = asepsis("report", study, "-o", f"openvex={vex}", "-o", f"html={page}")
        assert (ended.returncode, vex.exists(), page.exists()) == (0, False, True)
        assert f"openvex={vex}: not written" in ended.stderr
        assert str(vex) not in ended.stdout

    def test_an_older_file_is_not_passed_off_as_the_report_that_had_nothing_to_tell(self, study, tmp_path):
        vex, page = tmp_path / "vex.json", tmp_path / "page.html"
        vex.write_text("of another study")
        ended = asepsis("report", study, "-o", f"openvex={vex}", "-o", f"html={page}")
        assert (ended.returncode, vex.read_text(), page.exists()) == (1, "of another study", True)
        assert ended.stderr.splitlines()[-1] == f"asepsis: {vex} is of an earlier run, and was left as it is: this study has no openvex to tell"

    def test_a_study_does_not_differ_from_itself(self, study):
        ended = asepsis("diff", study, study)
        assert ended.returncode == 0
        assert "opened: 0" in ended.stdout.lower() or "no path" in ended.stdout.lower() or "nothing" in ended.stdout.lower()

    @pytest.mark.parametrize("command", ["devices", "rules", "moves", "controls"])
    def test_a_list_shows_one_line_a_thing_and_a_page_for_each(self, command):
        listed = asepsis(command)
        assert listed.returncode == 0, listed.stderr
        first = listed.stdout.split()[0]
        words = ("show", first) if command == "devices" else (first,)
        shown = asepsis(command, *words)
        assert shown.returncode == 0
        assert first in shown.stdout
        assert "nothing-like-it" in one_line_error(asepsis(command, "nothing-like-it"))

    def test_a_shown_device_can_be_used_as_a_file(self, pump, tmp_path):
        mine = tmp_path / "mine.toml"
        mine.write_text(asepsis("devices", "show", "infusion-pump").stdout)
        assert asepsis("assess", pump, "--device", mine, "-q").returncode == 0

    def test_doctor_names_every_missing_program(self):
        ended = asepsis("doctor", PATH="/nonexistent")
        assert ended.returncode == 0, ended.stderr
        assert "unsquashfs" in ended.stdout
        assert "MISSING" in ended.stdout

    def test_help_lists_every_command(self):
        from asepsis.cli.main import COMMANDS

        text = asepsis("--help").stdout
        assert all(command in text for command in COMMANDS)

    def test_help_imports_nothing_heavy(self):
        code = "import sys; from asepsis.cli.main import cli; cli.main(['--help'], standalone_mode=False); print(sorted(sys.modules))"
        loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        for heavy in ("clingo", "highspy", "numpy", "hyperscan", "cryptography", "jinja2", "rich", "msgspec", "asepsis.story"):
            assert f"'{heavy}'" not in loaded
