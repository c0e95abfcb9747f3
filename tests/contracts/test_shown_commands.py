"""No secret of a command line is shown, whichever reader tells of what the device starts."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

import pytest

from asepsis.evidence.look import Look
from asepsis.evidence.protocols.shown import without_user
from asepsis.evidence.reader import Reader
from asepsis.evidence.readers import FILE_READERS
from asepsis.evidence.readers.config.cron import CronReader
from asepsis.evidence.readers.config.inittab import InittabReader
from asepsis.evidence.readers.config.systemd import SystemdReader
from asepsis.evidence.readers.config.upstart import UpstartReader
from asepsis.evidence.readers.windows.registry_text import RegistryTextReader
from asepsis.evidence.readers.windows.scheduled_tasks import ScheduledTasksReader
from asepsis.model.facts import StartedProgram, StoredSecret
from tests.unit.evidence.reading import read_file, source_of

SECRET = "Zq7marker9X"
_MARK = re.compile(r"\bS\b")
LINES = (
    'curl -H "Authorization: Bearer S" http://h/x',
    'curl -H "X-Api-Key: S" http://h/x',
    "curl -d 'password=S' http://h/x",
    """curl -d '{"user":"u","password":"S"}' http://h/x""",
    "curl -sSu u:S http://h/x",
    "curl --user u:S http://h/x",
    "curl http://u:S@h/x",
    "env DB_PASSWORD=S /opt/app",
    "/usr/bin/java -Ddb.password=S -jar a.jar",
    'psql "host=h password=S"',
    "/opt/app password=S",
    "/opt/app --password=S",
    "/opt/app --api_key S",
    "/opt/app --pin S",
    "/opt/app --db Server=h;Password=S;User=u",
    "redis-cli -a S ping",
    "/bin/sh -c '/opt/x && redis-cli -a S ping'",
    "snmpget -v2c -c S h sysDescr.0",
    "snmpget -v3 -u u -A S -X S h sysDescr.0",
    "ipmitool -I lanplus -U u -P S chassis status",
    "xfreerdp /u:u /p:S /v:h",
    "smbclient -U u%S //h/s",
    "lftp -u u,S h",
    '/bin/sh -c "/opt/x && echo root:S | chpasswd"',
    "tailscale up --auth-key=S",
    "/usr/sbin/pppd /dev/ttyS0 user u password S",
    '/bin/sh -c "/opt/x; mount -t cifs -o user=u -o password=S //h/s /m; /opt/app"',
    "wpa_passphrase ssid S",
    "sqlcmd -U sa -P S",
    "winvnc.exe -pw S",
    "/opt/app.exe /pass:S",
    "/opt/app --password 'S two S'",
    "sshpass -p S ssh u@h",
    "mosquitto_sub -u u -P S -t x",
    "ngrok config add-authtoken S",
    "/opt/app --login u:S",
    "docker login -u u -p S",
    "htpasswd -b /etc/p u S",
)


def _inittab(line: str) -> tuple[Reader, bytes, str]:
    return InittabReader(), f"::respawn:{line}\n".encode(), "etc/inittab"


def _unit(line: str) -> tuple[Reader, bytes, str]:
    return SystemdReader(), f"[Service]\nExecStart={line}\n[Install]\nWantedBy=multi-user.target\n".encode(), "etc/systemd/system/x.service"


def _windows(line: str) -> str:
    return line.replace("'", '"')


def _run_key(line: str) -> tuple[Reader, bytes, str]:
    value = _windows(line).replace("\\", "\\\\").replace('"', '\\"')
    key = "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run]"
    return RegistryTextReader(), f'Windows Registry Editor Version 5.00\r\n\r\n{key}\r\n"x"="{value}"\r\n'.encode(), "x.reg"


def _image_path(line: str) -> tuple[Reader, bytes, str]:
    value = _windows(line).replace("\\", "\\\\").replace('"', '\\"')
    key = "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\x]"
    rows = f'"Type"=dword:00000010\r\n"Start"=dword:00000002\r\n"ImagePath"="{value}"\r\n'
    return RegistryTextReader(), f"Windows Registry Editor Version 5.00\r\n\r\n{key}\r\n{rows}".encode(), "x.reg"


def _task(line: str) -> tuple[Reader, bytes, str]:
    program, _, arguments = _windows(line).partition(" ")
    action = f"<Exec><Command>{escape(program)}</Command><Arguments>{escape(arguments)}</Arguments></Exec>"
    space = "http://schemas.microsoft.com/windows/2004/02/mit/task"
    text = f'<Task version="1.2" xmlns="{space}"><Triggers><BootTrigger/></Triggers><Actions>{action}</Actions></Task>'
    return ScheduledTasksReader(), text.encode(), "Windows/System32/Tasks/x"


@pytest.mark.parametrize("built", [_inittab, _unit, _run_key, _image_path, _task], ids=lambda built: built.__name__.strip("_"))
@pytest.mark.parametrize("line", LINES)
def test_no_secret_of_a_command_line_is_shown(built, line: str):
    facts = read_file(*built(_MARK.sub(SECRET, line)))
    assert any(isinstance(fact, StartedProgram) for fact in facts)
    assert SECRET not in repr(facts)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("/usr/sbin/snmpd -c /etc/snmp/snmpd.conf -p 161", None),
        ("/opt/agent --password-file /etc/pw --verbose", None),
        ("/opt/agent --password=/etc/keys/pw -c /etc/agent.conf", None),
        ("/usr/sbin/dropbear -F -E -p 22 -r /etc/dropbear/host_key", None),
        ("/usr/bin/x11vnc -rfbauth /etc/vnc -rfbport 5900 -display :0", None),
        ("/usr/bin/ssh -N -R 2222:localhost:22 support@h", None),
        ("/usr/bin/docker run -p 8080:80 image", None),
        ("/usr/sbin/hostapd -B /etc/hostapd.conf", None),
        ("/opt/app --user u --token S --port 80", "/opt/app --user u --token <secret> --port 80"),
        ("curl -sSu u:S http://h/x", "curl -sSu u:<secret> http://h/x"),
    ],
)
def test_the_rest_of_a_command_line_stays_readable(line: str, shown: str | None):
    facts = read_file(*_inittab(_MARK.sub(SECRET, line)))
    assert [fact.command for fact in facts if isinstance(fact, StartedProgram)] == [shown or line]


def _cron(line: str) -> tuple[Reader, bytes, str]:
    return CronReader(), f"1 1 * * * root {line}\n".encode(), "etc/cron.d/x"


def _job(line: str) -> tuple[Reader, bytes, str]:
    return UpstartReader(), f"start on startup\nexec {line}\n".encode(), "etc/init/x.conf"


@pytest.mark.parametrize("built", [_inittab, _unit, _cron, _job], ids=lambda built: built.__name__.strip("_"))
def test_a_secret_of_a_started_command_is_told_once(built):
    _, data, path = built(f"sshpass -p {SECRET} ssh u@h")
    source = source_of(data, path)
    look = Look(source, 100)
    look.with_readers(FILE_READERS)
    assert [fact.key_name for fact in look.facts if isinstance(fact, StoredSecret)] == ["sshpass -p"]
    assert SECRET not in repr(look.facts)


def test_an_option_of_a_cron_table_is_told_once():
    look = Look(source_of(f"1 1 * * * root /opt/a --token={SECRET}\n".encode(), "etc/cron.d/x"), 100)
    look.with_readers(FILE_READERS)
    assert [fact.key_name for fact in look.facts if isinstance(fact, StoredSecret)] == ["token"]


def test_a_specifier_of_a_unit_is_no_secret():
    assert not [fact for fact in read_file(*_unit("/opt/a --token=%i")) if isinstance(fact, StoredSecret)]


@pytest.mark.parametrize(
    ("text", "host"),
    [
        (f"http://u:{SECRET}@h/x", "http://h/x"),
        (f"https://{SECRET}@h:80/x", "https://h:80/x"),
        (f"http://u:a@{SECRET}@h", "http://h"),
        (f"//u:a/{SECRET}@h/s", "//h/s"),
        ("http://h:80/x@y", "http://h:80/x@y"),
    ],
)
def test_an_address_is_named_without_its_log_in(text: str, host: str):
    assert without_user(text) == host


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("etc/mender/mender.conf", f'{{"ServerURL": "http://user:{SECRET}@host", "SkipVerify": true}}'),
        ("etc/fstab", f"//u:{SECRET}@h/share /mnt cifs password=other 0 0\n"),
        ("etc/fstab", f"//h/share /mnt cifs user=u%{SECRET},password=other 0 0\n"),
        ("etc/rauc-hawkbit-updater/config.conf", f"[client]\nhawkbit_server=u:{SECRET}@host\nssl_verify=false\nauth_token=other\n"),
    ],
)
def test_no_log_in_of_an_address_is_shown(path: str, text: str):
    look = Look(source_of(text.encode(), path), 100)
    look.with_readers(FILE_READERS)
    assert look.facts
    assert SECRET not in repr(look.facts)
