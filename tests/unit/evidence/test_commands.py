"""Command lines: what runs, which way in it opens, what must not be shown."""

from __future__ import annotations

import pytest

from asepsis.evidence.protocols.command_line import program
from asepsis.evidence.protocols.commands import Way, way_in, ways_in
from asepsis.evidence.protocols.credentials import find, names_a_secret, without_secrets
from asepsis.evidence.protocols.shell import commands, words_of
from asepsis.model.facts import Auth, Gives


def opened(line: str) -> Way | None:
    return way_in(words_of(line))


@pytest.mark.parametrize(
    ("line", "runs"),
    [
        ("nohup /usr/sbin/telnetd -F", "/usr/sbin/telnetd -F"),
        ("/bin/busybox telnetd -l /bin/sh", "telnetd -l /bin/sh"),
        ("start-stop-daemon -S -b -x /usr/sbin/dropbear -- -B", "/usr/sbin/dropbear -B"),
        ("start-stop-daemon --stop --exec /usr/sbin/dropbear", ""),
        ("sh -c 'exec /opt/pump --serve'", "/opt/pump --serve"),
        ("su - pump -c '/opt/pump'", "/opt/pump"),
        ("nice -n 5 /opt/pump x", "/opt/pump x"),
        ("LD_PRELOAD=/x /opt/pump", "/opt/pump"),
        ("tcpsvd -E 0 21 ftpd -w /", "ftpd -w / -p 21"),
        ("tcpsvd -E 0 $PORT ftpd -w /", "ftpd -w / -p $PORT"),
        ("procd_set_param command /usr/sbin/uhttpd -f", "/usr/sbin/uhttpd -f"),
        ("/usr/sbin/tcpd /usr/sbin/in.ftpd -l", "/usr/sbin/in.ftpd -l"),
        ("busybox", "busybox"),
        ("nice", "nice"),
        ("sh -c", "sh -c"),
    ],
)
def test_wrappers_are_taken_off(line: str, runs: str):
    assert " ".join(program(words_of(line))) == runs


@pytest.mark.parametrize(
    ("line", "name", "auth", "port"),
    [
        ("telnetd", "telnet", Auth.PASSWORD, 23),
        ("telnetd -l /bin/sh", "telnet", Auth.NONE, 23),
        ("telnetd -l/bin/ash -p 2323", "telnet", Auth.NONE, 2323),
        ("telnetd -l /bin/login", "telnet", Auth.PASSWORD, 23),
        ("/usr/sbin/in.telnetd", "telnet", Auth.PASSWORD, 23),
        ("dropbear -p 0.0.0.0:2222", "ssh", Auth.PASSWORD, 2222),
        ("dropbear -s", "ssh", Auth.KEY, 22),
        ("dropbear -Fs", "ssh", Auth.KEY, 22),
        ("sshd -D", "ssh", Auth.UNKNOWN, None),
        ("sshd -p 2200", "ssh", Auth.UNKNOWN, 2200),
        ("/usr/sbin/tcpd /usr/sbin/in.ftpd -l", "ftp", Auth.UNKNOWN, 21),
        ("ftpd -A -w /", "ftp", Auth.NONE, 21),
        ("in.tftpd -s /srv", "tftp", Auth.NONE, 69),
        ("x11vnc -nopw -display :0", "vnc", Auth.NONE, 5900),
        ("x11vnc -display :0", "vnc", Auth.NONE, 5900),
        ("x11vnc -rfbauth /etc/vncpw -rfbport 5901", "vnc", Auth.PASSWORD, 5901),
        ("Xvnc :1 -SecurityTypes None", "vnc", Auth.NONE, 5900),
        ("Xvnc :1", "vnc", Auth.UNKNOWN, 5900),
        ("nc -l -p 4444 -e /bin/sh", "bind-shell", Auth.NONE, 4444),
        ("nc -lp 4444 -e /bin/sh", "bind-shell", Auth.NONE, 4444),
        ("ncat -l 4444 --exec /bin/sh", "bind-shell", Auth.NONE, 4444),
        ("socat TCP-LISTEN:4444,fork EXEC:/bin/sh", "bind-shell", Auth.NONE, 4444),
        ("gdbserver :9999 /opt/pump", "debug-agent", Auth.NONE, 9999),
        ("snmpd -c /etc/snmpd.conf", "snmp", Auth.UNKNOWN, 161),
        ("rsync --daemon", "rsync", Auth.UNKNOWN, 873),
        ("getty -L ttyS0 115200", "serial-console", Auth.PASSWORD, None),
        ("getty -n -l /bin/sh ttyS0 115200", "serial-console", Auth.NONE, None),
        ("agetty --autologin root ttyAMA0", "serial-console", Auth.NONE, None),
        ("agetty -a root tty1", "local-console", Auth.NONE, None),
    ],
)
def test_what_a_command_line_opens(line: str, name: str, auth: Auth, port: int | None):
    way = opened(line)
    assert way is not None
    assert (way.name, way.auth, way.port) == (name, auth, port)


@pytest.mark.parametrize(
    "line",
    [
        "nc host 80",
        "nc -l 80",
        "rsync -a x y",
        "socat - TCP:host:80",
        "getty 38400 tty1",
        "echo telnetd",
        "telnet host",
        "sshd -t",
        "sshd -T -C user=x",
        "",
    ],
)
def test_what_opens_nothing(line: str):
    assert opened(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "autossh -M 0 -f -N -R 2222:localhost:22 support@relay.maker.net",
        "ssh -fNR 2222:localhost:22 support@relay.maker.net",
        "/usr/bin/ssh -i /etc/key -R2222:localhost:22 support@relay.maker.net",
    ],
)
def test_a_tunnel_back_lets_in_whoever_is_let_in_there(line: str):
    way = opened(line)
    assert way is not None
    assert (way.name, way.auth) == ("remote-support", Auth.UNKNOWN)
    assert "to relay.maker.net" in way.detail


@pytest.mark.parametrize("line", ["ssh support@relay.maker.net reboot", "autossh -L 80:localhost:80 a@b", "ssh -oStrictHostKeyChecking=no a@b"])
def test_a_connection_to_elsewhere_opens_nothing_here(line: str):
    assert opened(line) is None


@pytest.mark.parametrize(
    ("line", "port"), [("anydesk --service", 7070), ("rustdesk --service", 21118), ("teamviewerd -d", 5938), ("frpc -c /etc/frpc.ini", None)]
)
def test_every_support_program_has_its_own_port(line: str, port: int | None):
    way = opened(line)
    assert way is not None
    assert (way.name, way.port) == ("remote-support", port)


@pytest.mark.parametrize(
    "line",
    ["telnetd -p $PORT", "telnetd -p${PORT}", "dropbear -p $PORT", "tcpsvd 0 $PORT ftpd", "x11vnc -rfbport $PORT", "nc -l -p $PORT -e /bin/sh"],
)
def test_a_port_in_a_variable_is_not_known(line: str):
    way = opened(line)
    assert way
    assert (way.port, way.stated, way.detail.endswith("its port is in a variable")) == (None, False, True)


def test_a_port_that_the_same_script_sets_is_known():
    rows = ["PORT=2323", "OTHER=${OTHER:-2424}", 'telnetd -p "$PORT"', "telnetd -p $OTHER"]
    ports = [way.port for command in commands(list(enumerate(rows, 1))) for way in [way_in(command.words)] if way]
    assert ports == [2323, 2424]


def test_a_pid_file_is_no_port():
    way = opened("snmpd -p /var/run/snmpd.pid")
    assert way
    assert way.port == 161


def test_a_server_may_be_told_of_several_ports_and_addresses():
    ways = ways_in(words_of("dropbear -R -p 127.0.0.1:22 -p 10.0.0.1:2222 -p [::1]:22"))
    assert [(way.port, way.address) for way in ways] == [(22, "127.0.0.1"), (2222, "10.0.0.1"), (22, "::1")]
    assert [way.port for way in ways_in(words_of("dropbear -R"))] == [22]


def test_writing_over_tftp_gives_control_reading_does_not():
    assert opened("tftpd -c /srv").gives is Gives.CONTROL
    assert opened("tftpd /srv").gives is Gives.READING


def test_a_vnc_server_for_the_device_itself_is_bound_to_it():
    assert opened("x11vnc -nopw -localhost").address == "127.0.0.1"


def test_root_is_kept_out_of_dropbear_by_w():
    assert opened("dropbear -w").root_log_in is False
    assert opened("dropbear -B").detail == "accepts blank passwords"


@pytest.mark.parametrize(
    ("line", "secrets"),
    [
        ("sshpass -p hunter22 ssh a@b", ["hunter22"]),
        ("sshpass -phunter22 ssh a@b", ["hunter22"]),
        ("sshpass -f /etc/pw ssh a@b", []),
        ("sh -c 'curl -u a:hunter22 http://x'", ["hunter22"]),
        ("curl -fsSu a:hunter22 http://x", ["hunter22"]),
        ("curl --user a:1ace4d19-fa7e-47e2-93f0-9129474bcd81 http://x", ["1ace4d19-fa7e-47e2-93f0-9129474bcd81"]),
        ("http --auth a:hunter22 x/y", ["hunter22"]),
        ("lftp -u a,hunter22 -e 'mirror out' x", ["hunter22"]),
        ("smbclient //x/y -U 'WARD/a%hunter22' -c ls", ["hunter22"]),
        ("smbclient //x/y -N -U a -c ls", []),
        ("mysqldump --password=hunter22 db", ["hunter22"]),
        ("mysql -p db", []),
        ("mysql -phunter22 db", ["hunter22"]),
        ("wget ftp://u:hunter22@host/x", ["hunter22"]),
        ("openssl enc -k hunter22 -in a", ["hunter22"]),
        ("openssl rsa -passin file:/etc/pw", []),
        ("agent --db-password hunter22 --verbose", ["hunter22"]),
        ("agent --password-file /etc/pw", []),
        ("agent -verbose --port 80", []),
    ],
)
def test_credentials_of_a_command_line(line: str, secrets: list[str]):
    assert [found.secret for found in find(words_of(line))] == secrets


def test_a_command_line_is_shown_without_its_secrets():
    assert without_secrets(words_of("sh -c 'sshpass -p hunter22 ssh a@b'")) == "sh -c sshpass -p <secret> ssh a@b"
    assert without_secrets(("x", "y" * 9999)) == ("x " + "y" * 9999)[:512]


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("DB_PASSWORD", True),
        ("PASS", True),
        ("wifi_psk", True),
        ("rootpasswd", True),
        ("PASSWORD_FILE", False),
        ("BYPASS", False),
        ("COMPASS", False),
    ],
)
def test_names_of_secrets(name: str, is_one: bool):
    assert names_a_secret(name) is is_one
