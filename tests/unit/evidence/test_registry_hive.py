"""Hives of the Windows registry, made by script."""

from __future__ import annotations

import random
import struct
from datetime import UTC, date, datetime

import pytest

from asepsis.evidence.protocols.registry import hive as codec
from asepsis.evidence.reader import Malformed, NotThisFormat
from asepsis.evidence.readers.windows.registry_hive import RegistryHiveReader
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import OutOfBounds
from asepsis.model.facts import (
    Account,
    Auth,
    Component,
    Confidence,
    Fact,
    FirewallRule,
    Gives,
    Hardening,
    OperatingSystem,
    PasswordHash,
    Protection,
    Service,
    StartedProgram,
    StoredSecret,
    UpdateMechanism,
)
from asepsis.model.secret import SecretForm, SecretKind
from tests.unit.evidence.hives import Tree, binary, dword, hive, merged, path, sz
from tests.unit.evidence.reading import KEY, read_file, source_of

WINLOGON = r"Microsoft\Windows NT\CurrentVersion\Winlogon"
SECRET = "Sc4nner!2009"


def facts(tree: Tree, **how: object) -> list[Fact]:
    return read_file(RegistryHiveReader(), hive(tree, **how), "Windows/System32/config/X")  # type: ignore[arg-type]


def system(*trees: Tree) -> Tree:
    return merged({"Select": {"Current": dword(2)}, "ControlSet001": {}}, *({"ControlSet002": tree} for tree in trees))


def log_on(**values: str) -> Tree:
    return path(WINLOGON, {name: sz(text) for name, text in values.items()})


ORDINARY = log_on(DefaultUserName="operator", DefaultPassword=SECRET, AutoAdminLogon="1")


@pytest.mark.parametrize("listed", [b"lf", b"lh", b"li", b"ri"])
@pytest.mark.parametrize("wide", [False, True])
def test_a_device_that_logs_itself_in_keeps_the_password_in_clear(listed: bytes, wide: bool):
    tree = ORDINARY if listed == b"lh" else merged(ORDINARY, {"Classes": {"Big": {}}})
    secret, service = facts(tree, wide=wide, listed=listed)
    assert isinstance(secret, StoredSecret)
    assert (secret.subject, secret.key_name, secret.store, secret.secret.form) == ("operator", "DefaultPassword", "registry", SecretForm.CLEARTEXT)
    assert secret.secret.digest == KEY.redact(SecretKind.LOGIN, SecretForm.CLEARTEXT, SECRET).digest
    assert isinstance(service, Service)
    assert (service.name, service.auth, service.enabled) == ("auto-logon", Auth.NONE, True)
    assert SECRET not in repr([secret, service])


def test_without_the_switch_nobody_is_logged_in():
    assert facts(log_on(DefaultUserName="operator", AutoAdminLogon="0")) == []


def test_only_the_current_control_set_counts():
    tree = system(path(r"Control\Terminal Server", {"fDenyTSConnections": dword(0)}))
    tree = merged(tree, {"ControlSet001": path(r"Control\Terminal Server", {"fDenyTSConnections": dword(1)})})
    (service,) = facts(tree)
    assert isinstance(service, Service)
    assert (service.name, service.enabled, service.auth) == ("rdp", True, Auth.PASSWORD)


def test_remote_desktop_says_its_port_and_that_its_log_in_screen_is_open():
    (service,) = facts(system(path(r"Control\Terminal Server\WinStations\RDP-Tcp", {"UserAuthentication": dword(0), "PortNumber": dword(3390)})))
    assert isinstance(service, Service)
    assert (service.port, service.enabled) == (3390, None)
    assert "no network level authentication" in service.detail


def a_service(name: str, command: str, start: int, kind: int = 0x10, user: str = "LocalSystem") -> Tree:
    return path(rf"Services\{name}", {"ImagePath": sz(command), "Start": dword(start), "Type": dword(kind), "ObjectName": sz(user)})


def test_a_service_is_started_and_opens_a_way_in():
    agent = r'"C:\Program Files\ScreenConnect Client\ScreenConnect.ClientService.exe" "?e=Access&y=Guest&h=relay.maker.net&p=8041&k=BgIAAACk"'
    start, service = facts(system(a_service("ScreenConnect", agent, 2)))
    assert isinstance(start, StartedProgram)
    assert (start.program, start.by, start.enabled) == (
        "C:/Program Files/ScreenConnect Client/ScreenConnect.ClientService.exe",
        "windows-service",
        True,
    )
    assert start.user == "LocalSystem"
    assert isinstance(service, Service)
    assert (service.name, service.program, service.enabled) == ("remote-support", "ScreenConnect.ClientService.exe", True)
    assert service.detail == "ScreenConnect to the relay relay.maker.net port 8041"


@pytest.mark.parametrize(("start", "enabled"), [(2, True), (3, None), (4, False)])
def test_how_a_service_starts_decides_whether_it_is_on(start: int, enabled: bool | None):
    found = facts(system(a_service("TlntSvr", r"C:\WINDOWS\system32\tlntsvr.exe", start)))
    assert [fact.enabled for fact in found if isinstance(fact, Service)] == [enabled]
    assert [fact.enabled for fact in found if isinstance(fact, StartedProgram)] == ([] if enabled is None else [enabled])


def test_drivers_and_hosted_services_without_a_way_in_say_nothing():
    assert facts(system(a_service("disk", r"system32\drivers\disk.sys", 0, kind=1))) == []
    assert facts(system(a_service("Themes", r"%SystemRoot%\System32\svchost.exe -k netsvcs", 2, kind=0x20))) == []


def test_a_hosted_service_is_known_by_its_name():
    found = facts(system(a_service("ftpsvc", r"%windir%\system32\svchost.exe -k ftpsvc", 2, kind=0x20)))
    assert [(fact.name, fact.program, fact.enabled) for fact in found if isinstance(fact, Service)] == [("ftp", "ftpsvc", True)]


def test_a_secret_in_a_command_line_is_taken_out_of_it():
    found = facts(path(r"Microsoft\Windows\CurrentVersion\Run", {"agent": sz(rf"C:\agent\agent.exe --password {SECRET}")}))
    assert [type(fact).__name__ for fact in found] == ["StoredSecret", "StartedProgram"]
    assert SECRET not in repr(found)


def test_communities_are_the_names_of_their_values():
    tree = system(path(r"Services\SNMP\Parameters\ValidCommunities", {"public": dword(4), "ward-rw": dword(8)}))
    first, second, service = facts(tree)
    assert isinstance(first, StoredSecret)
    assert isinstance(second, StoredSecret)
    assert (first.secret.known_default, second.secret.known_default) == (True, False)
    assert isinstance(service, Service)
    assert (service.name, service.gives) == ("snmp", Gives.CONTROL)


def test_a_vnc_password_is_eight_bytes_that_anybody_can_undo():
    tree = path(r"TightVNC\Server", {"Password": binary(b"12345678"), "UseVncAuthentication": dword(1), "RfbPort": dword(5901)})
    secret, service = facts(merged(tree, {"Microsoft": {}}))
    assert isinstance(secret, StoredSecret)
    assert secret.secret == KEY.redact(SecretKind.REMOTE_SUPPORT, SecretForm.RECOVERABLE, b"12345678")
    assert isinstance(service, Service)
    assert (service.auth, service.port) == (Auth.UNKNOWN, 5901)


def test_a_vnc_password_as_hex_equals_the_same_as_bytes():
    tree = merged(path(r"Wow6432Node\RealVNC\WinVNC4", {"Password": sz(b"12345678".hex())}), {"Microsoft": {}})
    (secret,) = facts(tree)
    assert isinstance(secret, StoredSecret)
    assert secret.secret == KEY.redact(SecretKind.REMOTE_SUPPORT, SecretForm.RECOVERABLE, b"12345678")


def test_vnc_that_asks_for_nothing():
    (service,) = facts(merged(path(r"TightVNC\Server", {"UseVncAuthentication": dword(0)}), {"Microsoft": {}}))
    assert isinstance(service, Service)
    assert service.auth is Auth.NONE


@pytest.mark.parametrize(("version", "form"), [("12.0.7", SecretForm.RECOVERABLE), ("", SecretForm.RECOVERABLE), ("15.2.3", SecretForm.SEALED)])
def test_teamviewer_had_one_key_for_all(version: str, form: SecretForm):
    values: Tree = {"ClientID": dword(123), "SecurityPasswordAES": binary(bytes(range(1, 33))), "Version": sz(version)}
    secret, service = facts(merged(path(r"Wow6432Node\TeamViewer", values), {"Microsoft": {}}))
    assert isinstance(secret, StoredSecret)
    assert secret.secret.form is form
    assert isinstance(service, Service)
    assert (service.name, service.program) == ("remote-support", "TeamViewer_Service.exe")


def test_radmin_keeps_a_hash_and_a_port():
    tree = {
        "Select": {"Current": dword(1)},
        "ControlSet001": {},
        "RAdmin": path(r"v2.0\Server\Parameters", {"Parameter": binary(b"0123456789abcdef")}),
    }
    secret, service = facts(tree)
    assert isinstance(secret, StoredSecret)
    assert secret.secret.form is SecretForm.HASHED
    assert isinstance(service, Service)
    assert service.port == 4899


def wireless(ssid: bytes, key: bytes) -> bytes:
    head = struct.pack("<II6s2xI32s", 0, 0, bytes(6), len(ssid), ssid)
    return (head.ljust(112, b"\0") + struct.pack("<I32s", len(key), key)).ljust(160, b"\0")


def test_windows_xp_keeps_wireless_keys_that_the_system_opens_itself():
    interface = r"Microsoft\WZCSVC\Parameters\Interfaces\{1}"
    (secret,) = facts(path(interface, {"Static#0000": binary(wireless(b"WARD7", b"x" * 26)), "Static#0001": binary(wireless(b"GUEST", b""))}))
    assert isinstance(secret, StoredSecret)
    assert (secret.subject, secret.secret.kind, secret.secret.form, secret.secret.length) == ("WARD7", SecretKind.WIFI, SecretForm.RECOVERABLE, 26)


@pytest.mark.parametrize(
    ("values", "version", "product"),
    [
        ({"ProductName": "Microsoft Windows XP", "CurrentVersion": "5.1", "CurrentBuildNumber": "2600"}, "XP", "windows"),
        ({"ProductName": "Windows Embedded Standard", "CurrentVersion": "6.1", "CurrentBuild": "7601"}, "Standard 7", "windows-embedded"),
        (
            {"ProductName": "Windows 10 Enterprise LTSC 2019", "CurrentVersion": "6.3", "CurrentBuild": "17763", "EditionID": "EnterpriseS"},
            "10 2019 LTSC",
            "windows",
        ),
        ({"ProductName": "Windows 10 Pro", "CurrentVersion": "6.3", "CurrentBuild": "22631", "EditionID": "Professional"}, "11 23H2", "windows"),
        ({"ProductName": "Windows Server 2016 Standard", "CurrentVersion": "6.3", "CurrentBuild": "14393"}, "2016", "windows-server"),
        ({"ProductName": "Windows 10", "CurrentVersion": "6.3", "CurrentBuild": "14393"}, "10.0.14393", "windows"),
        ({"ProductName": "Windows Tomorrow Pro", "CurrentVersion": "6.3", "CurrentBuild": "99999"}, "build 99999", ""),
    ],
)
def test_the_release_of_windows_is_a_line_of_the_table(values: dict[str, str], version: str, product: str):
    tree = path(r"Microsoft\Windows NT\CurrentVersion", {name: sz(text) for name, text in values.items()})
    (found,) = facts(tree)
    assert isinstance(found, OperatingSystem)
    assert (found.version, found.product) == (version, product)


def test_embedded_systems_of_2009_have_keys_of_their_own():
    tree = merged(system({}), path(r"WPA\PosReady", {"Installed": dword(1)}))
    (found,) = facts(tree)
    assert isinstance(found, OperatingSystem)
    assert (found.version, found.product) == ("POSReady 2009", "windows-embedded")


def ticks(day: date) -> bytes:
    seconds = (datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()
    return struct.pack("<Q", int(seconds) * 10_000_000)


def test_the_age_of_definitions_is_read_and_that_defender_is_off():
    day = date(2019, 3, 5)
    tree = merged(
        path(r"Microsoft\Windows Defender", {"DisableAntiSpyware": dword(1)}),
        path(r"Microsoft\Windows Defender\Signature Updates", {"AVSignatureApplied": binary(ticks(day))}),
        path(r"McAfee\AVEngine", {"AVDatDate": sz("2016/03/10")}),
        path(r"Symantec\SharedDefs", {"DEFWATCH_10": sz(r"C:\ProgramData\Symantec\Definitions\VirusDefs\20110314.003")}),
    )
    found = [fact for fact in facts(tree) if isinstance(fact, Protection)]
    assert [(fact.name, fact.definitions_date, fact.enabled) for fact in found] == [
        ("Microsoft Defender", None, False),
        ("Microsoft Defender", day, None),
        ("McAfee", date(2016, 3, 10), None),
        ("Symantec Endpoint Protection", date(2011, 3, 14), None),
    ]


@pytest.mark.parametrize(
    ("name", "kind", "start", "said"),
    [
        ("AVP.KES.21.3", 0x10, 2, ("Kaspersky", "anti-virus", True)),
        ("AVP18.0.0", 0x10, 4, ("Kaspersky", "anti-virus", False)),
        ("Parity", 0x10, 2, ("Carbon Black App Control (Bit9)", "allow-listing", True)),
        ("swin", 0x1, 0, ("McAfee Solidcore", "allow-listing", True)),
        ("scsrvc", 0x10, 4, ("McAfee Solidcore", "allow-listing", False)),
        ("WkSrv", 0x10, 4, ("Trend Micro Safe Lock", "allow-listing", False)),
    ],
)
def test_security_software_is_on_or_off_as_its_service_starts(name: str, kind: int, start: int, said: tuple[str, str, bool]):
    found = [fact for fact in facts(system(a_service(name, r"C:\Programs\x.exe", start, kind))) if isinstance(fact, Protection)]
    assert [(fact.name, fact.kind, fact.enabled) for fact in found] == [said]


@pytest.mark.parametrize("name", ["AVPlayer", "ParityCheck", "Spooler"])
def test_a_service_with_a_like_name_is_no_security_software(name: str):
    assert not any(isinstance(fact, Protection) for fact in facts(system(a_service(name, r"C:\Programs\x.exe", 4))))


def test_of_security_software_known_by_its_folder_neither_on_nor_off_is_said():
    found = facts(system(a_service("helper", r'"C:\Program Files\TXOne\StellarProtect\helper.exe"', 4)))
    assert [(fact.name, fact.enabled) for fact in found if isinstance(fact, Protection)] == [("TXOne StellarProtect", None)]


def test_solidcore_that_lets_everything_run_is_off_though_it_is_started():
    tree = system(a_service("scsrvc", r"C:\Programs\scsrvc.exe", 2), path(r"Services\swin\Parameters", {"RTEMode": dword(0)}))
    assert {fact.enabled for fact in facts(tree) if isinstance(fact, Protection)} == {True, False}


def test_the_day_of_kasperskys_definitions_and_a_policy_that_is_given_out_are_read():
    state = r"Components\34\1103\1.0.0.0\Statistics\AVState"
    tree = merged(
        path(r"Microsoft\Windows Defender", {}),
        path(rf"KasperskyLab\{state}", {"Protection_BasesDate": sz("27-11-2015 18:44:00")}),
        path(r"Policies\Microsoft\Windows\DeviceGuard", {"DeployConfigCIPolicy": dword(1)}),
    )
    found = [(fact.name, fact.definitions_date, fact.enabled) for fact in facts(tree) if isinstance(fact, Protection)]
    assert found == [("Kaspersky", date(2015, 11, 27), None), ("Windows Defender Application Control", None, None)]


def test_a_firewall_that_is_off_lets_everything_in():
    policy = r"Services\SharedAccess\Parameters\FirewallPolicy"
    rule = "v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|RA4=10.0.0.0/255.0.0.0|App=System|"
    tree = system(
        path(rf"{policy}\StandardProfile", {"EnableFirewall": dword(0)}),
        path(rf"{policy}\DomainProfile", {"EnableFirewall": dword(1)}),
        path(rf"{policy}\StandardProfile\GloballyOpenPorts\List", {"5900:TCP": sz("5900:TCP:*:Enabled:VNC")}),
        path(rf"{policy}\FirewallRules", {"{1}": sz(rule), "{2}": sz(rule.replace("TRUE", "FALSE"))}),
    )
    assert {(fact.action, fact.interface, fact.port, fact.source) for fact in facts(tree) if isinstance(fact, FirewallRule)} == {
        ("default-accept", "standardprofile", None, ""),
        ("default-drop", "domainprofile", None, ""),
        ("accept", "", 5900, ""),
        ("accept", "", 3389, "10.0.0.0/255.0.0.0"),
    }
    assert {(fact.name, fact.present) for fact in facts(tree) if isinstance(fact, Hardening)} == {
        ("firewall (standard networks)", False),
        ("firewall (domain networks)", True),
    }


def test_old_protocols_and_updates_are_settings():
    schannel = r"Control\SecurityProviders\SCHANNEL\Protocols"
    tree = system(
        path(r"Services\LanmanServer\Parameters", {"SMB1": dword(1)}),
        path(r"Control\Lsa", {"LmCompatibilityLevel": dword(1), "NoLMHash": dword(1)}),
        path(rf"{schannel}\SSL 3.0\Server", {"Enabled": dword(1)}),
        path(rf"{schannel}\TLS 1.0\Server", {"Enabled": dword(0)}),
    )
    assert {(fact.name, fact.present) for fact in facts(tree) if isinstance(fact, Hardening)} == {
        ("SMB 1 switched off", False),
        ("only NTLMv2 log-ons", False),
        ("no LM hashes", True),
        ("SSL 3.0 (server) switched off", False),
        ("TLS 1.0 (server) switched off", True),
    }
    software = merged(
        path(r"Policies\Microsoft\Windows\WindowsUpdate", {"WUServer": sz("http://wsus:8530")}),
        path(r"Policies\Microsoft\Windows\WindowsUpdate\AU", {"NoAutoUpdate": dword(1)}),
        {"Microsoft": {}},
    )
    update, setting = facts(software)
    assert isinstance(update, UpdateMechanism)
    assert update.transport_protected is False
    assert setting == Hardening(setting.where, "automatic updates", False, "Windows")


def account(name: str, nt: bytes, lm: bytes = b"") -> bytes:
    raw = name.encode("utf-16-le")
    table = bytearray(0xCC)
    struct.pack_into("<II", table, 0x0C, 0, len(raw))
    struct.pack_into("<II", table, 0x9C, len(raw), len(lm))
    struct.pack_into("<II", table, 0xA8, len(raw) + len(lm), len(nt))
    return bytes(table) + raw + lm + nt


def users(*entries: tuple[str, bytes, int]) -> Tree:
    below: Tree = {name: {"V": binary(table), "F": binary(bytes(0x38) + struct.pack("<H", bits) + bytes(22))} for name, table, bits in entries}
    return path(r"SAM\Domains\Account\Users", below)


def test_accounts_have_hashes_that_stay_sealed_under_the_boot_key():
    found = facts(users(("000001F4", account("Administrator", b"n" * 20, b"l" * 20), 0x10), ("000001F5", account("Guest", b"n" * 4), 0x11)))
    assert [(fact.name, fact.uid, fact.can_log_in) for fact in found if isinstance(fact, Account)] == [
        ("Administrator", 500, True),
        ("Guest", 501, False),
    ]
    assert [(fact.account, fact.scheme, fact.secret.form) for fact in found if isinstance(fact, PasswordHash)] == [
        ("Administrator", "nt", SecretForm.HASHED),
        ("Administrator", "lm", SecretForm.HASHED),
    ]


def test_an_account_that_can_log_in_without_a_hash_has_an_empty_password():
    found = facts(users(("000003E8", account("operator", b"n" * 24), 0x10)))
    assert [(fact.scheme, fact.secret.form) for fact in found if isinstance(fact, PasswordHash)] == [("empty", SecretForm.EMPTY)]


def test_secrets_of_the_security_authority_are_there_for_whoever_has_both_hives():
    secrets = merged(
        path(r"Policy\Secrets\DefaultPassword\CurrVal", {"": binary(bytes(range(60)))}),
        path(r"Policy\Secrets\_SC_Monitor\CurrVal", {"": binary(bytes(range(70)))}),
        path(r"Policy\Secrets\DPAPI_SYSTEM\CurrVal", {"": binary(bytes(range(80)))}),
    )
    found = [fact for fact in facts(secrets) if isinstance(fact, StoredSecret)]
    assert [(fact.key_name, fact.secret.form) for fact in found] == [
        ("defaultpassword", SecretForm.RECOVERABLE),
        ("_sc_monitor", SecretForm.RECOVERABLE),
    ]


def test_large_values_lie_in_segments():
    text = "x" * 20_000 + SECRET
    (secret,) = facts(log_on(DefaultPassword=text))
    assert isinstance(secret, StoredSecret)
    assert secret.secret.length == len(text)


def test_the_smallest_hive_says_nothing():
    assert facts({}) == []


def test_changes_that_are_not_in_the_hive_are_said_after_the_rest():
    emitted: list[Fact] = []
    with pytest.raises(Malformed, match="closed cleanly"):
        RegistryHiveReader().read(source_of(hive(ORDINARY, clean=False), "SOFTWARE"), emitted.append)
    assert len(emitted) == 2


def test_a_broken_key_is_said_and_the_others_are_read():
    data = bytearray(hive(merged({"Aaa": {}}, ORDINARY)))
    data[data.index(b"nk", 4096)] = 0
    emitted: list[Fact] = []
    with pytest.raises(Malformed, match="no key where one should be"):
        RegistryHiveReader().read(source_of(bytes(data), "SOFTWARE"), emitted.append)
    assert len(emitted) == 2


@pytest.mark.parametrize("size", [4, 40, 4096, 4100, 4200])
def test_a_hive_cut_short_is_broken_input(size: int):
    with pytest.raises((Malformed, OutOfBounds)):
        RegistryHiveReader().read(source_of(hive(ORDINARY)[:size], "SOFTWARE"), lambda _: None)


def test_a_list_that_names_one_key_for_ever_ends_at_a_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(codec, "MOST_CELLS", 100)
    with pytest.raises(LimitReached, match="registry_cells"):
        facts({f"K{i}": {} for i in range(200)})
    monkeypatch.setattr(codec, "MOST_CELLS", 10_000)
    monkeypatch.setattr(codec, "MOST_BYTES", 1000)
    with pytest.raises(LimitReached, match="registry_bytes"):
        facts(log_on(DefaultPassword="x" * 2000))


def test_no_change_of_a_byte_breaks_a_promise():
    dice = random.Random(7)
    seeds = [hive(ORDINARY), hive(ORDINARY, listed=b"ri", wide=True), hive(users(("000001F4", account("a", b"n" * 20), 0x10)))]
    for _ in range(3000):
        data = bytearray(dice.choice(seeds))
        for _ in range(dice.randrange(1, 8)):
            place = dice.choice((dice.randrange(len(data)), dice.randrange(4096, min(len(data), 6000))))
            data[place] = dice.choice((0, 0xFF, dice.randrange(256)))
        try:
            RegistryHiveReader().read(source_of(bytes(data), "SOFTWARE"), lambda _: None)
        except (Malformed, NotThisFormat, OutOfBounds, LimitReached):
            continue


def test_passwords_of_saved_sessions():
    putty = path(r"Software\SimonTatham\PuTTY\Sessions\archive", {"ProxyUsername": sz("pump"), "ProxyPassword": sz(SECRET), "HostName": sz("pacs")})
    winscp = path(
        r"Software\Martin Prikryl\WinSCP 2\Sessions\backup", {"UserName": sz("ward"), "Password": sz("A35C7359B6B6F6E6D2"), "HostName": sz("h")}
    )
    found = [fact for fact in facts(merged(putty, winscp)) if isinstance(fact, StoredSecret)]
    assert [(fact.subject, fact.key_name, fact.secret.form) for fact in found] == [
        ("pump", "ProxyPassword", SecretForm.CLEARTEXT),
        ("ward", "Password", SecretForm.RECOVERABLE),
    ]
    assert facts(path(r"Software\SimonTatham\PuTTY\Sessions\plain", {"ProxyPassword": sz(""), "UserName": sz("pump")})) == []


UNINSTALL = r"Microsoft\Windows\CurrentVersion\Uninstall"


def installed(**values: str) -> list[Fact]:
    return facts(path(UNINSTALL + r"\{1}", {name: sz(text) for name, text in values.items()}))


@pytest.mark.parametrize("below", [UNINSTALL, r"Wow6432Node" + "\\" + UNINSTALL])
def test_an_installed_program_is_named_with_its_version(below: str):
    values = {"DisplayName": sz("OpenVPN 2.4.6-I602"), "DisplayVersion": sz("2.4.6-I602"), "Publisher": sz("OpenVPN Technologies, Inc.")}
    (part,) = facts(merged({"Microsoft": {}}, path(below + r"\OpenVPN", values)))
    assert isinstance(part, Component)
    assert (part.name, part.version, part.product, part.supplier) == ("OpenVPN", "2.4.6-I602", "openvpn", "OpenVPN Technologies, Inc.")
    assert (part.method, part.confidence) == ("installed program", Confidence.CONFIRMED)


@pytest.mark.parametrize(
    ("shown", "version", "name"),
    [
        ("7-Zip 19.00 (x64 edition)", "19.00.00.0", "7-Zip 19.00 (x64 edition)"),
        ("PostgreSQL 9.6 ", "9.6", "PostgreSQL"),
        ("Viewer", "", "Viewer"),
        ("Microsoft SQL Server 2012", "11.0", "Microsoft SQL Server 2012"),
    ],
)
def test_a_version_that_stands_in_the_name_is_taken_out_where_it_is_the_same(shown: str, version: str, name: str):
    (part,) = installed(DisplayName=shown, DisplayVersion=version)
    assert isinstance(part, Component)
    assert (part.name, part.version) == (name, version)


@pytest.mark.parametrize(
    "values",
    [
        {"DisplayVersion": "1.0"},
        {"DisplayName": "Update for X", "ParentKeyName": "X"},
        {"DisplayName": "Security Update for Windows (KB4012598)", "DisplayVersion": "1"},
        {"DisplayName": "Hotfix (KB2999226)"},
    ],
)
def test_an_update_of_a_program_or_what_has_no_name_is_none(values: dict[str, str]):
    assert installed(**values) == []
