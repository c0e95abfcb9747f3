"""Promises of every reader: it is listed, named after its file, documented, has cases, and never says a secret."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import msgspec
import pytest

import asepsis.evidence.readers as package
from asepsis.evidence.look import Look
from asepsis.evidence.patterns import PatternPass
from asepsis.evidence.readers import FILE_READERS, PATTERN_READERS
from asepsis.model.facts import FACT_KINDS, Fact
from asepsis.model.record import from_record, to_record
from tests.unit.evidence.reading import source_of

FOLDER = Path(package.__file__).parent
ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases" / "evidence" / "readers"
LISTED = (*FILE_READERS, *PATTERN_READERS)
FILES = {path.stem: path for path in FOLDER.glob("*/*.py") if path.stem != "__init__"}
CASE_FILES = sorted(CASES.glob("*/*/*/case.toml"))
STANDARD_CASES = ("ordinary", "smallest")
WITH_UNIT_TESTS = frozenset(
    {
        "broadcom_nvram",
        "clinical_links",
        "compared_secrets",
        "debug_programs",
        "elf_hardening",
        "keytab",
        "pe_hardening",
        "registry_hive",
        "uimage",
        "update_script",
        "windows_kernel",
    }
)
"""Readers whose cases are written in Python: their input is binary or their author preferred it."""


def test_the_list_is_the_folder():
    assert sorted(reader.info.name for reader in LISTED) == sorted(FILES)


def test_every_reader_is_named_after_its_file():
    for reader in LISTED:
        assert type(reader).__module__.rsplit(".", 1)[-1] == reader.info.name


@pytest.mark.parametrize("name", FILES)
def test_every_reader_says_what_its_format_is_and_how_it_lies(name: str):
    text = ast.get_docstring(ast.parse(FILES[name].read_text("utf-8"))) or ""
    assert "Known ways it lies:" in text or name in {"clinical_links", "update_script"}
    assert len(text.splitlines()[0]) <= 150


def test_every_reader_says_what_it_emits():
    for reader in LISTED:
        assert reader.info.emits
        assert set(reader.info.emits) <= set(FACT_KINDS)
        assert reader.info.title
        assert reader.info.formats


@pytest.mark.parametrize("reader", FILE_READERS, ids=lambda reader: reader.info.name)
def test_every_reader_of_files_has_its_cases(reader):
    name = reader.info.name
    written_in_python = (ROOT / "tests" / "unit" / "evidence" / f"test_{name}.py").is_file()
    if written_in_python or name in WITH_UNIT_TESTS:
        assert written_in_python
        return
    assert [case for case in STANDARD_CASES if not list(CASES.glob(f"*/{name}/{case}/case.toml"))] == []


def test_every_case_belongs_to_a_reader_and_its_name_is_words():
    known = {f"{path.parent.name}/{path.stem}" for path in FILES.values()}
    for case in CASE_FILES:
        assert f"{case.parts[-4]}/{case.parts[-3]}" in known
        assert re.fullmatch(r"[a-z0-9_]+", case.parent.name)


def test_every_reader_has_a_fuzz_target():
    targets = {name for path in (ROOT / "fuzz").glob("fuzz_*.py") if not (name := path.stem.removeprefix("fuzz_")).startswith(("feed_", "wire_"))}
    assert targets - {"wide"} == set(FILES)  # not a reader: the view of bytes that all readers of matches get


def facts_of(data: bytes, path: str) -> list[bytes]:
    """What all readers together say of a file, as it travels."""
    look = Look(source_of(data, path), 10_000)
    look.with_readers(FILE_READERS)
    look.with_patterns(PATTERNS)
    look.as_program()
    assert [problem for problem in look.problems if problem.cause == "our-bug"] == []
    assert [from_record(to_record(fact)) for fact in look.facts] == look.facts
    return [msgspec.json.encode(to_record(fact)) for fact in look.facts] + [msgspec.json.encode(problem) for problem in look.problems]


PATTERNS = PatternPass(PATTERN_READERS)


@pytest.mark.parametrize("file", CASE_FILES, ids=lambda file: f"{file.parts[-3]}-{file.parts[-2]}")
def test_no_reader_says_a_secret_of_any_case(file: Path):
    case = tomllib.loads(file.read_text("utf-8"))
    said = b"\n".join(facts_of(case["text"].encode(), case["path"])).decode()
    for secret in case.get("secrets", ()):
        assert msgspec.json.encode(secret).decode().strip('"') not in said


@pytest.mark.parametrize("reader", FILE_READERS, ids=lambda reader: reader.info.name)
def test_a_reader_emits_only_what_it_declares(reader):
    """A problem of a reader is said to hide no other kinds of fact."""
    seen: set[type[Fact]] = set()
    for file in CASES.glob(f"*/{reader.info.name}/*/case.toml"):
        case = tomllib.loads(file.read_text("utf-8"))
        look = Look(source_of(case["text"].encode(), case["path"]), 10_000)
        look.with_readers([reader])
        seen |= set(map(type, look.facts))
    assert seen <= {*reader.info.emits, *reader.info.may_emit}


def test_a_reader_of_matches_emits_only_what_it_declares():
    for file in CASE_FILES:
        case = tomllib.loads(file.read_text("utf-8"))
        source = source_of(case["text"].encode(), case["path"])
        for reader, matches in PATTERNS.scan(source.buffer, lambda _limit: None):
            facts: list[Fact] = []
            reader.read_matches(source, matches, facts.append)
            assert set(map(type, facts)) <= {*reader.info.emits, *reader.info.may_emit}, reader.info.name


SECRET = "Zq7-known-secret-9"
PLACES = {
    "etc/wpa_supplicant.conf": 'network={{\nssid="a"\npsk="{0}"\npassword="{0}"\n',
    "etc/hostapd.conf": "ssid=a\nwpa=2\nwpa_passphrase={0}\nsae_password={0}|id=x\n",
    "x.nmconnection": "[wifi]\nssid=a\n[wifi-security]\npsk={0}\n",
    "etc/config/wireless": "config wifi-iface\n option ssid a\n option key '{0}'\n",
    "etc/network/interfaces": "iface wlan0 inet dhcp\n wpa-psk {0}\n",
    "mtd.bin": "FLSH\x00\x01\0\0            wl0_ssid=a\0wl0_wpa_psk={0}\0http_passwd={0}\0\0",
    "nvram": "wl0_ssid=a\nlan_ifname=b\nwl0_wpa_psk={0}\nhttp_passwd={0}\n",
    ".htpasswd": "admin:{0}\n",
    "etc/snmpd.conf": "rwcommunity {0}\ncreateUser a MD5 {0} DES {0}\ncreateUser -e 0x80 b SHA {0}\n",
    "boot/uEnv.txt": "bootdelay=2\nwifi_psk={0}\nbootstopkey={0}\nbootargs=init=/bin/sh key={0}\n",
    "u-boot.bin": "\0bootcmd=run a\0bootdelay=1\0baudrate=1\0a=curl {0}\0mqtt_pass={0}\0\0",
    "etc/orthanc.json": '{{"RegisteredUsers": {{"a": "{0}"}}}}',
    "etc/mender/mender.conf": '{{"TenantToken": "{0}"}}',
    "etc/rauc-hawkbit-updater/config.conf": "[client]\nhawkbit_server=a\nauth_token={0}\n",
    "opt/dicom.ini": "[sscscp]\nMyACRNema=a\nPassword={0}\n",
    "srv/openmrs-runtime.properties": "connection.password={0}\n",
    "etc/standalone.xml": '<server xmlns="urn:jboss:domain:1"><password>{0}</password><a key-password="{0}"/></server>',
    "srv/channel.xml": '<channel><nextMetaDataId/><properties class="com.mirth.connect.X"><password>{0}</password></properties></channel>',
    "conf/mirth.properties": "keystore.storepass = {0}\ndatabase.password = {0}\n",
    "etc/inittab": "::respawn:/usr/bin/agent --password {0}\n::respawn:sshpass -p {0} ssh a@b\n",
    "etc/init.d/S50x": '#!/bin/sh\nPASSWORD="{0}"\n/usr/bin/agent --token={0} &\nmosquitto_sub -P {0} -t x &\n',
    "set.sh": "#!/bin/sh\ncurl -u a:{0} http://h\necho a:{0} | chpasswd\nmysql -p{0}\nmysql -psecret-{0}-token\n",
    "etc/rc.local": "sh -c 'wget http://a:{0}@host.net/x'\nx11vnc -passwd {0}\nopenssl enc -k {0}\n",
    "lib/systemd/system/a.service": "[Service]\nEnvironment=PASSWORD={0}\nExecStart=/usr/bin/agent --api-key={0}\n",
    "etc/inetd.conf": "x stream tcp nowait root /usr/bin/agent agent --secret={0}\n",
    "etc/xinetd.d/x": "service x\n{{\nserver=/usr/bin/agent\nserver_args = --passphrase {0}\n}}\n",
    "login.exp": '#!/usr/bin/expect\nexpect "Password:"\nsend "{0}\\r"\n',
    "ftp.sh": "#!/bin/sh\nftp -n h <<EOF\nuser a {0}\nEOF\n",
    "bin/agent": "\0mqtts://device:{0}@broker.net/\0",
    "root/.ssh/authorized_keys": 'command="x {0}",environment="A={0}" ssh-ed25519 '
    "AAAAC3NzaC1lZDI1NTE5AAAAIAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4 a\\n",
    "Wi-Fi.xml": "<WLANProfile><sharedKey><keyMaterial>{0}</keyMaterial></sharedKey><Password>{0}</Password></WLANProfile>",
    "var/lib/iwd/a.8021x": "[Security]\nPassphrase={0}\nEAP-PEAP-Phase2-Password={0}\n",
    "var/lib/connman/a.config": "[service_a]\nPassphrase={0}\nPrivateKeyPassphrase={0}\n",
    "etc/wireguard/wg0.conf": "[Interface]\nPrivateKey = {0}\n",
    "etc/netplan/a.yaml": "wifis: {{w: {{access-points: {{a: {{password: {0}}}}}}}}}\nmodems:\n m:\n  pin: {0}\n",
    "etc/swanctl/swanctl.conf": "secrets {{ ike {{ secret = {0} }} }}\n",
    "etc/ipsec.secrets": ': PSK "{0}"\nx : EAP {0}\n',
    "etc/racoon/psk.txt": "a {0}\n",
    "etc/openvpn/x.ovpn": "<auth-user-pass>\na\n{0}\n</auth-user-pass>\n",
    "etc/openvpn/auth.txt": "a\n{0}\n",
    "etc/ppp/chap-secrets": 'a * "{0}"\n',
    "etc/ppp/peers/a": 'user a\npassword "{0}"\n',
    "etc/wvdial.conf": "[Dialer a]\nPassword = {0}\n",
    "etc/raddb/clients.conf": "client a {{ secret = {0} }}\n",
    "etc/raddb/users": 'a Cleartext-Password := "{0}"\n',
    "etc/hostapd.wpa_psk": "00:00:00:00:00:00 {0}\n",
    "etc/hostapd.eap_user": '"a" MD5 "{0}"\n',
    "etc/config/network": "config interface 'wan'\n option password '{0}'\n",
    "etc/sysconfig/network-scripts/keys-a": "WPA_PSK={0}\nIEEE_8021X_PASSWORD={0}\n",
    "etc/fstab": "//a/b /c cifs username=a,password={0} 0 0\n",
    "etc/.smbcredentials": "username=a\npassword={0}\n",
    "root/.netrc": "machine a login b password {0}\n",
    "root/.pgpass": "*:*:*:a:{0}\n",
    "root/.my.cnf": "[client]\npassword={0}\nwsrep_sst_auth=a:{0}\n",
    "etc/nslcd.conf": "bindpw {0}\n",
    "etc/sssd/sssd.conf": "[domain/a]\nldap_default_authtok = {0}\n",
    "etc/mosquitto/mosquitto.conf": "connection a\nremote_password {0}\n",
    "etc/msmtprc": "password {0}\n",
    "etc/postfix/sasl_passwd": "a b:{0}\n",
    "etc/rsyncd.secrets": "a:{0}\n",
    "etc/vsftpd/virtual_users.txt": "a\n{0}\n",
    "var/log/messages": 'psk="{0}"\npassword={0}\nAuthorization: Bearer {0}\n',
    "a/shared_prefs/a.xml": "<map><string name='password'>{0}</string></map>",
    "a.plist": "<plist><dict><key>password</key><string>{0}</string></dict></plist>",
    "WifiConfigStore.xml": "<WifiConfigStoreData><Network><string name='PreSharedKey'>{0}</string></Network></WifiConfigStoreData>",
    "etc/redis/redis.conf": "requirepass {0}\nmasterauth {0}\n",
    "etc/ultravnc.ini": "passwd=0123456789ABCDEF\n",
    "export.reg": "REGEDIT4\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon]\n"
    '"DefaultPassword"="{0}"\n[HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run]\n"a"="a.exe --password {0}"\n',
    "Unattend.xml": "<unattend><AutoLogon><Password><Value>{0}</Value></Password></AutoLogon></unattend>",
    "sysprep/sysprep.inf": "[GuiUnattended]\nAdminPassword={0}\n",
    "Groups.xml": '<Groups><Properties cpassword="{0}" userName="a"/></Groups>',
    "web.config": '<configuration><add connectionString="Server=a;Password={0}"/><machineKey validationKey="{0}"/></configuration>',
    "x.udl": "[oledb]\nProvider=a;Data Source=b;Password={0}\n",
    "x.dsn": "[ODBC]\nPWD={0}\n",
    "Tasks/x": '<Task xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Actions><Exec><Command>net.exe</Command>'
    "<Arguments>use Z: \\\\h\\s {0} /user:a</Arguments></Exec></Actions></Task>",
    "x.bat": 'net user a {0}\nreg add "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run" /v a /d "a.exe --password {0}"\n',
    "x.ps1": '$password = "{0}"\n',
    "anydesk/service.conf": "ad.anynet.pkey={0}\nad.anynet.pwd_hash={0}\n",
    "RustDesk.toml": "password = '{0}'\nunlock_pin = '{0}'\n",
    "teamviewer/global.conf": '[bin  ] SecurityPasswordAES = "{0}"\n',
    "frpc.toml": 'auth.token = "{0}"\n',
    "xGate.ini": "ProxyPassword={0}\n",
    "pcAnywhere/a.cif": "{0}",
}
"""A path and a text that holds the secret where the reader looks for one."""


@pytest.mark.parametrize("path", PLACES)
def test_no_reader_says_a_secret_that_it_was_given(path: str):
    secret = SECRET if "ultravnc" not in path else "0123456789ABCDEF"
    found = facts_of(PLACES[path].format(SECRET).encode(), path)
    said = b"\n".join(found).decode()
    assert said, "the sample reaches no reader"
    assert secret.lower() not in said.lower()
