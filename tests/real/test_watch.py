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
from datetime import datetime

import pytest

from asepsis.monitor.alarm import Alarm
from asepsis.monitor.places import to_syslog

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


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_pipe_of_tcpdump_tells_while_it_happens_and_leaves_whole_lines_and_a_state(tmp_path, ending):
    """tcpdump -U -w - -i lo | asepsis watch -, as a user types it; half a minute of quiet shows what is usual."""
    state, out = tmp_path / "state.json", tmp_path / "alarms"
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
        capture = subprocess.Popen(["tcpdump", "-U", "-w", "-", "-i", "lo", f"tcp port {port}"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        with capture, out.open("wb") as alarms:
            command = [sys.executable, "-m", "asepsis", "watch", "-", "--state", str(state)]
            with subprocess.Popen(command, stdin=capture.stdout, stdout=alarms, stderr=subprocess.PIPE) as running:
                time.sleep(3)
                for _ in range(35):  # usual: one connection a second
                    with socket.create_connection(("127.0.0.1", port), timeout=5) as one:
                        one.sendall(b"x")
                        one.recv(1)
                    time.sleep(1)
                over, began = threading.Event(), time.time()
                threading.Thread(target=flood, args=(port, over), daemon=True).start()
                until = time.monotonic() + 90
                while b"\n" not in out.read_bytes() and time.monotonic() < until:
                    time.sleep(0.1)
                over.set()
                running.send_signal(ending)
                assert running.wait(30) == 0
            capture.terminate()
    told = [json.loads(line) for line in out.read_bytes().splitlines()]
    assert out.read_bytes().endswith(b"\n")
    assert (told[0]["what"], told[0]["subject"], told[0]["sureness"]) == ("flood", f"127.0.0.1:{port}", "likely")
    at = datetime.fromisoformat(str(told[0]["time"])).timestamp()
    assert at - began < 12  # while it goes on: some seconds for five hundred connections
    remembered = json.loads(state.read_bytes())
    assert remembered["told"] == [one["id"] for one in told if one["event"] == "alarm"]
    assert "floods" in remembered["learned"]


@pytest.mark.skipif(not shutil.which("rsyslogd", path="/usr/sbin:/usr/bin"), reason="needs rsyslogd")
def test_rsyslog_reads_what_is_sent_by_datagrams_and_by_a_stream(tmp_path):
    """RFC 5424 as the usual receiver takes it apart, on the loopback."""
    ports, heard = [free(socket.SOCK_DGRAM), free(socket.SOCK_STREAM)], tmp_path / "heard"
    (tmp_path / "rsyslog.conf").write_text(
        f'global(workDirectory="{tmp_path}")\nmodule(load="imudp")\nmodule(load="imtcp")\n'
        f'input(type="imudp" address="127.0.0.1" port="{ports[0]}")\ninput(type="imtcp" address="127.0.0.1" port="{ports[1]}")\n'
        'template(name="t" type="string" string="%protocol-version%|%pri%|%timereported:::date-rfc3339%|%app-name%|%msgid%|%structured-data%\\n")\n'
        f'action(type="omfile" file="{heard}" template="t")\n'
    )
    rsyslogd = shutil.which("rsyslogd", path="/usr/sbin:/usr/bin")
    assert rsyslogd
    with subprocess.Popen([rsyslogd, "-n", "-f", tmp_path / "rsyslog.conf", "-i", tmp_path / "pid"]) as receiver:
        try:
            time.sleep(2)
            for place in (to_syslog(f"127.0.0.1:{ports[0]}"), to_syslog(f"tcp:127.0.0.1:{ports[1]}")):
                place.put(Alarm("A-0123456789abcdef", 1_700_000_000_123_456_789, 41, "half-open flood", '10.0.0.9:2575 "[x]\\'))
                place.end(5)
                assert place.waiting == ()
            until = time.monotonic() + 10
            while (not heard.exists() or heard.read_text().count("\n") < 2) and time.monotonic() < until:
                time.sleep(0.1)
        finally:
            receiver.terminate()
    said = '[asepsis@32473 id="A-0123456789abcdef" subject="10.0.0.9:2575 \\"[x\\]\\\\" packet="41" sureness="likely"]'
    assert heard.read_text().splitlines() == [f"1|82|2023-11-14T22:13:20.123456Z|asepsis|half-open-flood|{said}"] * 2


def free(kind: int) -> int:
    with socket.socket(socket.AF_INET, kind) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
