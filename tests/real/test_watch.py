"""`asepsis watch` with a real capturing program on a real interface: the loopback of this machine."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not shutil.which("tcpdump") or os.getuid() != 0, reason="needs tcpdump and the right to capture"),
]


def flood(port: int, over: threading.Event) -> None:
    """Some three hundred connections a second: a flood, and no more than whoever watches keeps up with."""
    while not over.is_set():
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as one:
            one.sendall(b"x")
            one.recv(1)  # the server closes first, in order
            time.sleep(0.003)


def test_a_flood_on_the_loopback_is_told_while_it_goes_on_and_a_signal_ends_it():
    with socket.create_server(("127.0.0.1", 0), backlog=512) as server:
        port = server.getsockname()[1]

        def serve() -> None:
            while True:
                try:
                    with server.accept()[0] as one:
                        one.recv(1)
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        with subprocess.Popen([sys.executable, "-m", "asepsis", "watch", "lo"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            assert running.stdout
            assert running.stderr
            time.sleep(3)  # until tcpdump captures
            over = threading.Event()
            flooding = threading.Thread(target=flood, args=(port, over), daemon=True)
            flooding.start()
            bound = threading.Timer(120, running.kill)  # nothing is waited for without end
            bound.start()
            alarm = json.loads(running.stdout.readline())
            bound.cancel()
            over.set()
            flooding.join()
            assert alarm["event"] == "alarm"
            assert (alarm["what"], alarm["subject"]) == ("flood", f"127.0.0.1:{port}")
            running.send_signal(signal.SIGINT)
            assert b" alarms (" in running.stderr.read()
            assert running.wait(30) == 0
