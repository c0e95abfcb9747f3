"""A child can be as hostile as it likes: it has no network, writes nowhere, and ends when it must."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from asepsis.guard import confine, sandbox
from asepsis.guard.fork_server import ForkServer
from asepsis.guard.limits import GIB, MIB
from asepsis.guard.sandbox import Bounds, Ended, fork_server

BOUNDS = Bounds(wall_seconds=20, cpu_seconds=10, memory_bytes=2 * GIB, file_bytes=100_000)
needs_landlock = pytest.mark.skipif(confine.landlock_abi() == 0, reason="this kernel has no Landlock")

SERVER: list[ForkServer | None] = [None]


@pytest.fixture(params=["started by itself", "forked"], autouse=True)
def started(request):
    """Every promise holds for both ways in which a child begins."""
    if request.param == "started by itself":
        yield
        return
    with fork_server("sandbox_deeds", 2) as server:
        SERVER[0] = server
        yield
        SERVER[0] = None


def run(module: str, *given, **named) -> Ended:
    return sandbox.run(SERVER[0] or module, *given, **named)


def deed(request: str, *, bounds: Bounds = BOUNDS, writable: tuple[Path, ...] = (), watch=None):
    heard: list[bytes] = []
    ended = run("sandbox_deeds", request.encode(), bounds=bounds, writable=writable, on_message=heard.append, watch=watch)
    return ended, [message.decode() for message in heard]


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_messages_come_back_in_order():
    ended, heard = deed("echo hello")
    assert ended.ok
    assert heard == ["hello"]
    assert ended.missing == ()


def test_the_environment_is_scrubbed(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "abc")
    _, heard = deed("environment")
    assert "AWS_SECRET_ACCESS_KEY" not in heard[0].split("\n")
    assert "TMPDIR" in heard[0].split("\n")


def test_it_holds_no_pipe_but_its_own():
    deed("echo the first of its server")
    ended, heard = deed("handles")
    assert ended.ok
    kinds = [line.split(" ", 1)[1].split(":")[0] for line in heard[0].split("\n")]
    assert sorted(kinds) == ["/dev/null"] * 3 + ["pipe"] * 3  # standard input and output, and one too many; standard error, lifeline, answers


def test_its_temporary_directory_is_its_own_and_goes_with_it():
    _, heard = deed("temporary")
    home, temporary = heard[0].split()
    assert home == temporary
    assert not Path(home).exists()


def test_its_temporary_directory_lies_where_the_watcher_looks(tmp_path):
    _, heard = deed("temporary", writable=(tmp_path,))
    assert Path(heard[0].split()[0]).is_relative_to(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_it_cannot_open_a_connection():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        _, heard = deed(f"connect {server.getsockname()[1]}")
        assert heard[0].startswith("refused")
        with pytest.raises(TimeoutError):
            server.accept()


def test_it_cannot_send_a_datagram():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(0.2)
        ended, _ = deed(f"datagram {receiver.getsockname()[1]}")
        if {confine.NO_NETWORK_ISOLATION, confine.NO_UDP_ISOLATION} & set(ended.missing):
            pytest.skip("this kernel gives a child no network namespace")
        with pytest.raises(TimeoutError):
            receiver.recv(1)


@needs_landlock
def test_it_cannot_write_outside(tmp_path):
    _, heard = deed(f"write {tmp_path}/x")
    assert heard == ["refused 13"]
    assert list(tmp_path.iterdir()) == []


@needs_landlock
def test_it_cannot_delete_outside(tmp_path):
    (tmp_path / "kept").write_text("x")
    _, heard = deed(f"delete {tmp_path}/kept")
    assert heard == ["refused 13"]
    assert (tmp_path / "kept").exists()


def test_it_can_write_where_it_may(tmp_path):
    _, heard = deed(f"write {tmp_path}/x", writable=(tmp_path,))
    assert heard == ["done"]
    assert (tmp_path / "x").read_bytes() == b"x" * 10


def test_no_file_grows_beyond_its_limit(tmp_path):
    _, heard = deed(f"write-much {tmp_path}/x", writable=(tmp_path,))
    assert heard == ["refused 27"]
    assert (tmp_path / "x").stat().st_size <= 100_000


def test_it_cannot_make_a_device_node_even_as_root(tmp_path):
    _, heard = deed(f"device {tmp_path}/null", writable=(tmp_path,))
    assert heard[0].startswith("refused")
    assert not (tmp_path / "null").exists()


def test_out_of_memory_is_said_so():
    ended, _ = deed(f"memory {3 * GIB}")
    assert ended.how == "memory"


def test_a_spinning_child_uses_up_its_processor_time():
    ended, _ = deed("spin", bounds=Bounds(20, 1, 2 * GIB, MIB))
    assert ended.how == "cpu"


def test_a_sleeping_child_is_killed_at_the_wall():
    started = time.monotonic()
    ended, _ = deed("sleep", bounds=Bounds(0.5, 5, 2 * GIB, MIB))
    assert ended.how == "time"
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(("verb", "number"), [("segfault", 11), ("kill-self", 9)])
def test_a_signal_is_told_apart(verb, number):
    ended, _ = deed(verb)
    assert (ended.how, ended.signal) == ("signal", number)


@pytest.mark.parametrize(("verb", "error"), [("raise", "ValueError"), ("leave", "SystemExit"), ("shout", "ZeroDivisionError")])
def test_an_exception_is_a_crash_with_its_name(verb, error):
    ended, _ = deed(verb)
    assert (ended.how, ended.error) == ("crashed", error)


def test_what_it_shouts_is_kept_to_a_tail():
    ended, _ = deed("shout")
    assert len(ended.stderr) <= 8192
    assert "ZeroDivisionError" in ended.stderr


def test_who_leaves_the_group_dies_with_it():
    ended, heard = deed("fork-away", bounds=Bounds(1, 5, 2 * GIB, MIB))
    assert ended.how == "time"
    assert not is_alive(int(heard[0]))


def test_the_watcher_stops_it():
    looks = iter(["", "", "unpack_files"])
    ended, _ = deed("sleep", watch=lambda: next(looks))
    assert (ended.how, ended.stopped_by) == ("stopped", "unpack_files")


def test_too_much_talk_ends_it():
    ended, heard = deed("talk 1000", bounds=Bounds(20, 10, 2 * GIB, MIB, messages_bytes=10 * 1024))
    assert ended.how == "talk"
    assert len(heard) <= 10


def test_nonsense_on_the_pipe_ends_it():
    ended, _ = deed("nonsense")
    assert ended.how == "talk"


def test_an_exception_of_the_listener_kills_the_child_and_goes_on():
    def refuse(message):
        raise KeyError(message)

    with pytest.raises(KeyError):
        run("sandbox_deeds", b"echo x", bounds=BOUNDS, on_message=refuse)


def test_when_the_parent_is_killed_the_child_goes_too(tmp_path):
    script = (
        "from asepsis.guard.sandbox import Bounds, fork_server, run\n"
        "given = dict(bounds=Bounds(60, 60, 2 << 30, 1 << 20), on_message=lambda m: print(m.decode(), flush=True))\n"
        "run(" + ("fork_server('sandbox_deeds', 1)" if SERVER[0] else "'sandbox_deeds'") + ", b'fork-away', **given)\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment, cwd=tmp_path) as parent:
        assert parent.stdout is not None
        grandchild = int(parent.stdout.readline())
        leader = os.getsid(grandchild)
        parent.kill()
    deadline = time.monotonic() + 5
    while is_alive(leader) and time.monotonic() < deadline:
        pass
    assert not is_alive(leader)
    if is_alive(grandchild):  # it left the group; only a living parent hunts for those
        os.kill(grandchild, 9)


def test_work_is_handed_over_piece_by_piece_when_it_is_asked_for():
    heard, work = [], [b"abc", None, None, b"x" * 300_000, b""]
    ended = run("sandbox_deeds", b"eat", bounds=BOUNDS, on_message=heard.append, feed=lambda: work.pop(0))
    assert ended.ok
    assert heard == [b"cba", b"x" * 300_000]
    assert work == []


def test_a_child_that_asks_for_work_and_does_not_take_it_holds_nobody_up():
    started = time.monotonic()
    bounds = Bounds(wall_seconds=3, cpu_seconds=10, memory_bytes=2 * GIB, file_bytes=100_000)
    ended = run("sandbox_deeds", b"starve", bounds=bounds, on_message=lambda _: None, feed=lambda: b"x" * MIB * 4)
    assert ended.how == "time"
    assert time.monotonic() - started < 15


def test_data_of_its_own_is_bounded_apart_from_what_it_maps():
    bounds = Bounds(wall_seconds=20, cpu_seconds=10, memory_bytes=8 * GIB, file_bytes=100_000, heap_bytes=256 * MIB)
    ended, _ = deed(f"memory {512 * MIB}", bounds=bounds)
    assert ended.how == "memory"


def test_what_was_forked_is_confined_as_what_was_started():
    """Nothing that the kernel keeps of a process tells the two apart: rights, limits, signals, its place among processes."""
    _, first = deed("kept")
    second: list[bytes] = []
    sandbox.run("sandbox_deeds", b"kept", bounds=BOUNDS, on_message=second.append)
    assert first[0] == second[0].decode()


def test_a_server_that_is_gone_or_full_is_done_without(started):
    server = SERVER[0]
    if server is None:
        pytest.skip("there is no server")
    assert [deed("echo x")[1] for _ in range(3)] == [["x"]] * 3  # it had room for two
    with fork_server("sandbox_deeds", 2) as dead:
        dead._process.kill()
        dead._process.wait()
        SERVER[0] = dead
        ended, heard = deed("echo y")
    assert ended.ok
    assert heard == ["y"]


def test_a_server_whose_module_cannot_be_loaded_says_what_a_child_by_itself_does():
    with fork_server("no_such_module", 1) as broken:
        ended = sandbox.run(broken, b"", bounds=BOUNDS, on_message=lambda _: None)
    assert (ended.how, ended.error) == ("crashed", "ModuleNotFoundError")


def test_a_child_that_dies_with_its_server_is_still_told_as_dead(started):
    server = SERVER[0]
    if server is None:
        pytest.skip("there is no server")
    server_number = server._process.pid

    def kill_server() -> str:
        os.kill(server_number, 9)
        return "enough"

    ended, _ = deed("sleep", watch=kill_server)
    assert ended.how == "stopped"
