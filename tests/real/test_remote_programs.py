"""Remote maintenance as real servers offer it: busybox telnetd, vsftpd and OpenSSH, captured on the loopback."""

from __future__ import annotations

import ftplib
import os
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from asepsis.evidence.wire.events import KeyShown
from asepsis.model.study import Study
from tests.real import loopback
from tests.real.loopback import facts, fields, found, found_by, recorded, running

pytestmark = loopback.needs()

DEVICE = loopback.own_address(3)
PASSWORD = "Copper-Kettle-31"
LOG_IN = f"""#!/bin/sh
printf 'HP-3 pump, bed 3\\r\\n\\r\\npump3 login: '; read -r user
stty -echo; printf 'Password: '; read -r word; stty echo
[ "$word" = {PASSWORD} ] || {{ printf '\\r\\nLogin incorrect\\r\\n'; exit 1; }}
printf '\\r\\n# '; read -r command
"""


def needs_program(*names: str) -> None:
    if missing := [name for name in names if not found(name)]:
        pytest.skip(f"needs {', '.join(missing)}")


def offers(program: str) -> bool:
    """Whether this busybox was built with it."""
    listed = subprocess.run([found("busybox") or "false", "--list"], capture_output=True, text=True, check=False).stdout
    return program in listed.split()


# --- Telnet --------------------------------------------------------------------------------------------------


def typed(port: int, *entries: bytes) -> None:
    """A client that types each entry when it is asked for."""
    command = [found("busybox") or "", "telnet", DEVICE, str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as client:
        assert client.stdin
        assert client.stdout
        shown = b""
        for prompt, entry in zip((b"login: ", b"Password: ", b"# "), entries, strict=False):
            while prompt not in shown:
                said = os.read(client.stdout.fileno(), 4096)
                assert said, shown
                shown += said
            client.stdin.write(entry + b"\r")
            client.stdin.flush()
        client.wait(loopback.PATIENCE)


@pytest.fixture(scope="module")
def telnet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """Somebody who mistypes the password once."""
    needs_program("busybox")
    if not (offers("telnetd") and offers("telnet")):
        pytest.skip("busybox has no telnetd here (Debian package busybox-static)")
    folder = tmp_path_factory.mktemp("telnet")
    log_in, path, port = folder / "login", folder / "telnet.pcap", loopback.free_port(DEVICE)
    log_in.write_text(LOG_IN, "utf-8")
    log_in.chmod(0o755)
    with running(["busybox", "telnetd", "-F", "-l", str(log_in), "-b", DEVICE, "-p", str(port)], port), recorded(path, f"tcp port {port}"):
        typed(port, b"service", b"Copper-Kettle-13")
        typed(port, b"service", PASSWORD.encode(), b"exit")
    return path, port


def test_the_password_typed_into_telnet_is_told_without_being_shown(telnet):
    study = loopback.study_of(telnet[0])
    secrets = facts(study, "OverheardSecret", service="telnet", subject="service", server=f"{DEVICE}:{telnet[1]}")
    assert [secret.get("accepted") for secret in secrets] == [False, True]
    assert [secret["secret"]["length"] for secret in secrets] == [16, 16]
    assert found_by(study, "password_sent_in_clear")
    assert b"Copper" not in loopback.every_document(study)
    (service,) = facts(study, "Service", name="telnet")
    assert (service["subject"], service["encrypted"], service["auth"], service["port"]) == (DEVICE, False, "password", telnet[1])


def test_wireshark_sees_the_same_session(telnet):
    path, port = telnet
    assert len({row[0] for row in fields(path, "telnet", "tcp.stream", decode_as=[f"tcp.port=={port},telnet"])}) == 2
    (talk,) = facts(loopback.study_of(path), "Conversed", protocol="telnet")
    assert (talk["port"], talk["times"]) == (port, 2)


# --- FTP -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ftp(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """Somebody whose password is refused, then anybody who fetches a file."""
    needs_program("vsftpd")
    folder = tmp_path_factory.mktemp("ftp")
    path, port, files, empty = folder / "ftp.pcap", loopback.free_port(DEVICE), folder / "files", folder / "empty"
    files.mkdir()
    empty.mkdir()
    (files / "settings.xml").write_bytes(b"<rate>50</rate>")
    for one in (folder, files, files / "settings.xml"):
        one.chmod(0o755)
    settings = {
        "listen": "YES", "listen_ipv6": "NO", "listen_address": DEVICE, "listen_port": port, "anonymous_enable": "YES", "anon_root": files,
        "local_enable": "YES", "secure_chroot_dir": empty, "background": "NO", "seccomp_sandbox": "NO", "port_enable": "YES", "pasv_enable": "YES",
    }  # fmt: skip
    (folder / "vsftpd.conf").write_text("".join(f"{name}={value}\n" for name, value in settings.items()), "utf-8")
    with running(["vsftpd", str(folder / "vsftpd.conf")], port), recorded(path, f"tcp and host {DEVICE}"):
        with ftplib.FTP() as client, suppress(ftplib.error_perm):
            client.connect(DEVICE, port, timeout=loopback.PATIENCE)
            client.login("service", PASSWORD)
        with ftplib.FTP() as client:
            client.connect(DEVICE, port, timeout=loopback.PATIENCE)
            client.login()
            client.retrbinary("RETR settings.xml", lambda data: None)
            client.quit()
    return path, port


def test_the_password_that_ftp_refused_is_told_and_the_one_that_everybody_has_is_not(ftp):
    study = loopback.study_of(ftp[0])
    (secret,) = facts(study, "OverheardSecret", service="ftp")
    assert (secret["subject"], secret["accepted"]) == ("service", False)
    assert PASSWORD.encode() not in loopback.every_document(study)


def test_the_ftp_server_and_its_version_are_told(ftp):
    path, port = ftp
    study = loopback.study_of(path)
    (service,) = facts(study, "Service", name="ftp")
    assert (service["subject"], service["port"], service["encrypted"]) == (DEVICE, port, False)
    version = fields(path, "ftp.response.code == 220", "ftp.response.arg", decode_as=[f"tcp.port=={port},ftp"])[0][0]
    named = [f"({fact['name']} {fact['version']})".lower() for fact in facts(study, "Component")]
    assert named == [version.lower()]


# --- SSH -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ssh(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    needs_program("sshd", "ssh", "ssh-keygen")
    folder = tmp_path_factory.mktemp("ssh")
    path, port, key = folder / "ssh.pcap", loopback.free_port(DEVICE), folder / "key"
    Path("/run/sshd").mkdir(exist_ok=True)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    settings = ["-o", f"HostKey={key}", "-o", f"ListenAddress={DEVICE}", "-o", f"PidFile={folder / 'pid'}"]
    known = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "BatchMode=yes"]
    with running(["sshd", "-D", "-f", "/dev/null", "-p", str(port), *settings], port), recorded(path, f"tcp port {port}"):
        subprocess.run(["ssh", *known, "-p", str(port), f"nobody@{DEVICE}", "true"], capture_output=True, timeout=loopback.PATIENCE, check=False)
    return path, port


@pytest.fixture(scope="module")
def ssh_study(ssh: tuple[Path, int]) -> Study:
    return loopback.study_of(ssh[0])


def test_openssh_is_a_service_that_encrypts_with_its_version(ssh_study, ssh):
    (service,) = facts(ssh_study, "Service", name="ssh")
    assert (service["subject"], service["port"], service["encrypted"]) == (DEVICE, ssh[1], True)
    (banner,) = fields(ssh[0], f"ssh.protocol and tcp.srcport == {ssh[1]}", "ssh.protocol", decode_as=[f"tcp.port=={ssh[1]},ssh"])
    named = [f"{fact['name']}_{fact['version']}" for fact in facts(ssh_study, "Component")]
    assert [one for one in named if one in banner[0]] == named[:1]
    assert not found_by(ssh_study, "password_sent_in_clear")


def test_the_key_that_sshd_shows_is_its_own(ssh):
    events, complaints = loopback.events_of(ssh[0])
    (shown,) = (event for event in events if isinstance(event, KeyShown))
    public = (ssh[0].with_name("key.pub")).read_text("ascii").split()
    assert complaints == []
    assert shown.algorithm == public[0] == "ssh-ed25519"
