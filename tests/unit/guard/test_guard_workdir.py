"""The work directory goes when the work is over, whatever lies in it and however it ends."""

# Paths here are made to be strange; pathlib would tidy them.
# ruff: noqa: PTH102, PTH112, PTH118

import os
import signal
import subprocess
import sys
import time

import pytest

from asepsis.guard.workdir import remove, work_directory


def test_it_is_private_and_gone_afterwards(tmp_path):
    with work_directory(tmp_path) as path:
        assert path.stat().st_mode & 0o777 == 0o700
        (path / "a").mkdir()
        (path / "a/f").write_text("x")
    assert list(tmp_path.iterdir()) == []


def test_it_goes_after_an_exception_too(tmp_path):
    with pytest.raises(KeyError), work_directory(tmp_path):
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_barred_directories_and_links_do_not_stop_the_removal(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/f").write_text("x")
    root = tmp_path / "root"
    (root / "a/b").mkdir(parents=True)
    (root / "a/b/f").write_text("x")
    (root / "link").symlink_to(tmp_path / "kept")
    os.mkfifo(root / "pipe")
    (root / "a/b").chmod(0)
    (root / "a").chmod(0)
    remove(root)
    assert not root.exists()
    assert (tmp_path / "kept/f").exists()


def test_a_very_deep_tree_is_removed(tmp_path):
    root = tmp_path / "root"
    for depth in range(1500):
        os.mkdir(os.path.join(root, *["d"] * depth))
    remove(root)
    assert not root.exists()


def test_tmpdir_is_where_it_goes_by_default(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with work_directory() as path:
        assert path.is_relative_to(tmp_path)


def _holder(tmp_path):
    script = (
        "import sys, time, pathlib\n"
        "from asepsis.guard.workdir import work_directory\n"
        f"with work_directory(pathlib.Path({str(tmp_path)!r})) as path:\n"
        "    print(path, flush=True)\n"
        "    time.sleep(600)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_asked_to_end_it_tidies_up(tmp_path, number):
    with _holder(tmp_path) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline()
        holder.send_signal(number)
        assert holder.wait(timeout=20) == 128 + number
    assert list(tmp_path.iterdir()) == []


def test_after_a_kill_the_next_study_tidies_up_and_leaves_the_living_alone(tmp_path):
    with _holder(tmp_path) as dead, _holder(tmp_path) as living:
        assert dead.stdout is not None
        assert living.stdout is not None
        assert dead.stdout.readline()
        home = living.stdout.readline().decode().strip()
        dead.kill()
        dead.wait()
        assert len(list(tmp_path.iterdir())) == 2
        with work_directory(tmp_path):
            assert len(list(tmp_path.iterdir())) == 2
            assert os.path.isdir(home)
        living.kill()


def test_a_callers_own_handler_is_left_alone(tmp_path):
    calls = []
    before = signal.signal(signal.SIGTERM, lambda *_: calls.append(1))
    try:
        with work_directory(tmp_path):
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert calls == [1]
