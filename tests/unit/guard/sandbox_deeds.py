"""What a child is asked to do in the tests of the sandbox: each request is one deed that the sandbox must bound."""

# Paths here are made to be strange; pathlib would tidy them.
# ruff: noqa: PTH109, PTH110, PTH115, PTH208

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path


def serve(request: bytes, send, receive=None) -> None:
    verb, _, rest = request.decode().partition(" ")
    if receive is not None:
        FED[verb](send, receive)
    else:
        DEEDS[verb](rest, send)


def _eat(send, receive):
    while piece := receive():
        send(piece[::-1])


def _starve(_send, receive):
    """Ask for work, then take none of it in."""
    threading.Thread(target=receive, daemon=True).start()
    time.sleep(0.2)
    os.kill(os.getpid(), signal.SIGSTOP)


FED = {"eat": _eat, "starve": _starve}


def _say(text, send):
    send(text.encode())


def _attempt(action, send):
    try:
        action()
    except OSError as error:
        send(f"refused {error.errno}".encode())
    else:
        send(b"done")


def _connect(rest, send):
    _attempt(lambda: socket.create_connection(("127.0.0.1", int(rest)), timeout=5).close(), send)


def _datagram(rest, send):
    def throw():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as thrower:
            thrower.sendto(b"x", ("127.0.0.1", int(rest)))

    _attempt(throw, send)


def _fork_away(rest, send):
    """A grandchild that leaves the process group, as unblob's workers do."""
    sleeper = subprocess.Popen(["sleep", "600"], process_group=0)
    send(str(sleeper.pid).encode())
    time.sleep(600)


def _fill_pipe(rest, send):
    for _ in range(int(rest)):
        send(b"x" * 1024)


def _nonsense(rest, send):
    for handle in range(3, 64):
        try:
            os.write(handle, b"?" * 64)
        except OSError:
            continue
    time.sleep(600)


def _handles():
    """What is open, without what it takes to ask."""
    return [name for name in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{name}")]


def _kept(rest, send):
    """What ``man 5 proc`` says of a process but its numbers, its memory and its times."""
    status = Path("/proc/self/status").read_text().splitlines()
    names = ("Cap", "NoNewPrivs", "Seccomp", "SigB", "SigI", "SigC", "Shd", "Uid", "Gid", "Groups", "Threads", "Umask")
    rights = [line for line in status if line.startswith(names)]
    limits = [line for line in Path("/proc/self/limits").read_text().splitlines() if not line.startswith("Max processes")]
    alone = os.getsid(0) == os.getpgid(0) == os.getpid()
    network = Path("/proc/net/dev").read_text().count("\n")
    send("\n".join([*rights, *limits, f"alone {alone}", f"networks {network}", *sorted(os.environ)]).encode())


DEEDS = {
    "kept": _kept,
    "handles": lambda rest, send: send("\n".join(f"{name} {os.readlink(f'/proc/self/fd/{name}')}" for name in _handles()).encode()),
    "echo": _say,
    "environment": lambda rest, send: send("\n".join(sorted(os.environ)).encode()),
    "temporary": lambda rest, send: send(f"{os.getcwd()} {os.environ['TMPDIR']}".encode()),
    "connect": _connect,
    "datagram": _datagram,
    "write": lambda rest, send: _attempt(lambda: Path(rest).write_bytes(b"x" * 10), send),
    "write-much": lambda rest, send: _attempt(lambda: Path(rest).write_bytes(b"x" * 200_000), send),
    "delete": lambda rest, send: _attempt(lambda: Path(rest).unlink(), send),
    "device": lambda rest, send: _attempt(lambda: os.mknod(rest, 0o20600, os.makedev(1, 3)), send),
    "memory": lambda rest, send: bytearray(int(rest)),
    "spin": lambda rest, send: [None for _ in iter(int, 1)],
    "sleep": lambda rest, send: time.sleep(600),
    "segfault": lambda rest, send: ctypes.string_at(0),
    "raise": lambda rest, send: (_ for _ in ()).throw(ValueError("as asked")),
    "leave": lambda rest, send: sys.exit(7),
    "kill-self": lambda rest, send: os.kill(os.getpid(), signal.SIGKILL),
    "fork-away": _fork_away,
    "talk": _fill_pipe,
    "nonsense": _nonsense,
    "shout": lambda rest, send: (sys.stderr.write("x" * 100_000 + "the end"), 1 / 0),
}
