"""Every reader, in one list: one that is not here does not run. ``tests/contracts/test_readers.py`` compares it with the folder."""

from __future__ import annotations

from asepsis.evidence.patterns import PatternReader
from asepsis.evidence.reader import Reader
from asepsis.evidence.readers.advisories import ADVISORY_READERS
from asepsis.evidence.readers.bills.cyclonedx_json import CyclonedxJsonReader
from asepsis.evidence.readers.bills.cyclonedx_xml import CyclonedxXmlReader
from asepsis.evidence.readers.bills.grype_json import GrypeJsonReader
from asepsis.evidence.readers.bills.spdx3_json import Spdx3JsonReader
from asepsis.evidence.readers.bills.spdx_json import SpdxJsonReader
from asepsis.evidence.readers.bills.spdx_tag_value import SpdxTagValueReader
from asepsis.evidence.readers.bills.syft_json import SyftJsonReader
from asepsis.evidence.readers.bills.trivy_json import TrivyJsonReader
from asepsis.evidence.readers.bills.unread_bills import UnreadBillsReader
from asepsis.evidence.readers.clinical.conquest import ConquestReader
from asepsis.evidence.readers.clinical.dcmqrscp import DcmqrscpReader
from asepsis.evidence.readers.clinical.mirth_channel import MirthChannelReader
from asepsis.evidence.readers.clinical.records_database import RecordsDatabaseReader
from asepsis.evidence.readers.clinical.wildfly import WildflyReader
from asepsis.evidence.readers.config.android_init import AndroidInitReader
from asepsis.evidence.readers.config.anydesk import AnydeskReader
from asepsis.evidence.readers.config.apache import ApacheReader
from asepsis.evidence.readers.config.axeda import AxedaReader
from asepsis.evidence.readers.config.called_script import CalledScriptReader
from asepsis.evidence.readers.config.clinical_links import ClinicalLinksReader
from asepsis.evidence.readers.config.cron import CronReader
from asepsis.evidence.readers.config.cupsd import CupsdReader
from asepsis.evidence.readers.config.docker_daemon import DockerDaemonReader
from asepsis.evidence.readers.config.dropbear_uci import DropbearUciReader
from asepsis.evidence.readers.config.firewalld import FirewalldReader
from asepsis.evidence.readers.config.group import GroupReader
from asepsis.evidence.readers.config.hostapd import HostapdReader
from asepsis.evidence.readers.config.hosts_access import HostsAccessReader
from asepsis.evidence.readers.config.htpasswd import HtpasswdReader
from asepsis.evidence.readers.config.inetd import InetdReader
from asepsis.evidence.readers.config.init_d import InitScriptReader
from asepsis.evidence.readers.config.inittab import InittabReader
from asepsis.evidence.readers.config.interfaces import InterfacesReader
from asepsis.evidence.readers.config.iptables import IptablesReader
from asepsis.evidence.readers.config.lighttpd import LighttpdReader
from asepsis.evidence.readers.config.mirth import MirthReader
from asepsis.evidence.readers.config.mongod import MongodReader
from asepsis.evidence.readers.config.mqtt_broker import MqttBrokerReader
from asepsis.evidence.readers.config.mysqld import MysqldReader
from asepsis.evidence.readers.config.network_manager import NetworkManagerReader
from asepsis.evidence.readers.config.nfs_exports import NfsExportsReader
from asepsis.evidence.readers.config.nftables import NftablesReader
from asepsis.evidence.readers.config.nginx import NginxReader
from asepsis.evidence.readers.config.nologin import NologinReader
from asepsis.evidence.readers.config.nvram import NvramReader
from asepsis.evidence.readers.config.opkg_conf import OpkgConfReader
from asepsis.evidence.readers.config.orthanc import OrthancReader
from asepsis.evidence.readers.config.os_release import OsReleaseReader
from asepsis.evidence.readers.config.pam import PamReader
from asepsis.evidence.readers.config.passwd import PasswdReader
from asepsis.evidence.readers.config.pcanywhere import PcanywhereReader
from asepsis.evidence.readers.config.postgresql import PostgresqlReader
from asepsis.evidence.readers.config.proftpd import ProftpdReader
from asepsis.evidence.readers.config.r_services import RServicesReader
from asepsis.evidence.readers.config.rc_local import RcLocalReader
from asepsis.evidence.readers.config.redis import RedisReader
from asepsis.evidence.readers.config.rsyncd import RsyncdReader
from asepsis.evidence.readers.config.rustdesk import RustdeskReader
from asepsis.evidence.readers.config.samba import SambaReader
from asepsis.evidence.readers.config.scripts import ScriptsReader
from asepsis.evidence.readers.config.securetty import SecurettyReader
from asepsis.evidence.readers.config.shadow import ShadowReader
from asepsis.evidence.readers.config.small_httpd import SmallHttpdReader
from asepsis.evidence.readers.config.snmpd import SnmpdReader
from asepsis.evidence.readers.config.sshd_config import SshdConfigReader
from asepsis.evidence.readers.config.start_settings import StartSettingsReader
from asepsis.evidence.readers.config.sudoers import SudoersReader
from asepsis.evidence.readers.config.supervised import SupervisedReader
from asepsis.evidence.readers.config.systemd import SystemdReader
from asepsis.evidence.readers.config.systemd_preset import SystemdPresetReader
from asepsis.evidence.readers.config.teamviewer_conf import TeamviewerConfReader
from asepsis.evidence.readers.config.tunnels import TunnelsReader
from asepsis.evidence.readers.config.uci_firewall import UciFirewallReader
from asepsis.evidence.readers.config.uci_wireless import UciWirelessReader
from asepsis.evidence.readers.config.ufw import UfwReader
from asepsis.evidence.readers.config.update_script import UpdateScriptReader
from asepsis.evidence.readers.config.upstart import UpstartReader
from asepsis.evidence.readers.config.virus_definitions import VirusDefinitionsReader
from asepsis.evidence.readers.config.vnc import VncReader
from asepsis.evidence.readers.config.vsftpd import VsftpdReader
from asepsis.evidence.readers.config.wpa_supplicant import WpaSupplicantReader
from asepsis.evidence.readers.config.xinetd import XinetdReader
from asepsis.evidence.readers.designs import DESIGN_READERS
from asepsis.evidence.readers.embedded.boot_config import BootConfigReader
from asepsis.evidence.readers.embedded.broadcom_nvram import BroadcomNvramReader
from asepsis.evidence.readers.embedded.dbase import DbaseReader
from asepsis.evidence.readers.embedded.debug_lock import DebugLockReader
from asepsis.evidence.readers.embedded.device_tree import DeviceTreeReader
from asepsis.evidence.readers.embedded.esp_image import EspImageReader
from asepsis.evidence.readers.embedded.esp_nvs import EspNvsReader
from asepsis.evidence.readers.embedded.esp_wifi_config import EspWifiConfigReader
from asepsis.evidence.readers.embedded.sqlite import SqliteReader
from asepsis.evidence.readers.embedded.u_boot_env import UBootEnvReader
from asepsis.evidence.readers.embedded.unread_databases import UnreadDatabasesReader
from asepsis.evidence.readers.embedded.wifi_strings import WifiStringsReader
from asepsis.evidence.readers.embedded.zephyr_settings import ZephyrSettingsReader
from asepsis.evidence.readers.firmware.debug_link import DebugLinkReader
from asepsis.evidence.readers.firmware.hash_lines import HashLinesReader
from asepsis.evidence.readers.firmware.ikconfig import IkconfigReader
from asepsis.evidence.readers.firmware.kernel_config import KernelConfigReader
from asepsis.evidence.readers.firmware.kernel_modules import KernelModulesReader
from asepsis.evidence.readers.firmware.pattern_rules import PatternRulesReader
from asepsis.evidence.readers.firmware.private_keys import PrivateKeysReader
from asepsis.evidence.readers.firmware.uimage import UImageReader
from asepsis.evidence.readers.firmware.unchecked_peers import UncheckedPeersReader
from asepsis.evidence.readers.firmware.url_credentials import UrlCredentialsReader
from asepsis.evidence.readers.firmware.versions import VersionsReader
from asepsis.evidence.readers.keys.added_keys import AddedKeysReader
from asepsis.evidence.readers.keys.authorized_keys import AuthorizedKeysReader
from asepsis.evidence.readers.keys.certificates import CertificatesReader
from asepsis.evidence.readers.keys.gnupg import GnupgReader
from asepsis.evidence.readers.keys.java_keystore import JavaKeystoreReader
from asepsis.evidence.readers.keys.jwk import JwkReader
from asepsis.evidence.readers.keys.nss_keys import NssKeysReader
from asepsis.evidence.readers.keys.openpgp import OpenpgpReader
from asepsis.evidence.readers.keys.putty import PuttyReader
from asepsis.evidence.readers.keys.ssh1 import Ssh1Reader
from asepsis.evidence.readers.keys.windows_keys import WindowsKeysReader
from asepsis.evidence.readers.network.android_wifi import AndroidWifiReader
from asepsis.evidence.readers.network.connman import ConnmanReader
from asepsis.evidence.readers.network.ftp_users import FtpUsersReader
from asepsis.evidence.readers.network.hostapd_users import HostapdUsersReader
from asepsis.evidence.readers.network.ifcfg import IfcfgReader
from asepsis.evidence.readers.network.ipsec_secrets import IpsecSecretsReader
from asepsis.evidence.readers.network.iwd import IwdReader
from asepsis.evidence.readers.network.keytab import KeytabReader
from asepsis.evidence.readers.network.ldap_client import LdapClientReader
from asepsis.evidence.readers.network.logs import LogsReader
from asepsis.evidence.readers.network.mail_relay import MailRelayReader
from asepsis.evidence.readers.network.mosquitto import MosquittoReader
from asepsis.evidence.readers.network.mounts import MountsReader
from asepsis.evidence.readers.network.my_cnf import MyCnfReader
from asepsis.evidence.readers.network.netplan import NetplanReader
from asepsis.evidence.readers.network.netrc import NetrcReader
from asepsis.evidence.readers.network.openvpn import OpenvpnReader
from asepsis.evidence.readers.network.pgpass import PgpassReader
from asepsis.evidence.readers.network.plist import PlistReader
from asepsis.evidence.readers.network.ppp import PppReader
from asepsis.evidence.readers.network.radius import RadiusReader
from asepsis.evidence.readers.network.samba_tdb import SambaTdbReader
from asepsis.evidence.readers.network.shared_preferences import SharedPreferencesReader
from asepsis.evidence.readers.network.smbpasswd import SmbpasswdReader
from asepsis.evidence.readers.network.swanctl import SwanctlReader
from asepsis.evidence.readers.network.uci_secrets import UciSecretsReader
from asepsis.evidence.readers.network.wireguard import WireguardReader
from asepsis.evidence.readers.network.wlan_profile import WlanProfileReader
from asepsis.evidence.readers.packages.apk_installed import ApkInstalledReader
from asepsis.evidence.readers.packages.buildroot_manifest import BuildrootManifestReader
from asepsis.evidence.readers.packages.cargo_lock import CargoLockReader
from asepsis.evidence.readers.packages.composer_installed import ComposerInstalledReader
from asepsis.evidence.readers.packages.dotnet_deps import DotnetDepsReader
from asepsis.evidence.readers.packages.dpkg_status import DpkgStatusReader
from asepsis.evidence.readers.packages.go_build_info import GoBuildInfoReader
from asepsis.evidence.readers.packages.jar_manifest import JarManifestReader
from asepsis.evidence.readers.packages.maven_properties import MavenPropertiesReader
from asepsis.evidence.readers.packages.node_lock import NodeLockReader
from asepsis.evidence.readers.packages.node_package import NodePackageReader
from asepsis.evidence.readers.packages.opkg_status import OpkgStatusReader
from asepsis.evidence.readers.packages.package_files import PackageFilesReader
from asepsis.evidence.readers.packages.package_note import PackageNoteReader
from asepsis.evidence.readers.packages.pacman_desc import PacmanDescReader
from asepsis.evidence.readers.packages.python_metadata import PythonMetadataReader
from asepsis.evidence.readers.packages.rpm_database import RpmDatabaseReader
from asepsis.evidence.readers.packages.ruby_gem import RubyGemReader
from asepsis.evidence.readers.packages.rust_audit import RustAuditReader
from asepsis.evidence.readers.packages.version_resource import VersionResourceReader
from asepsis.evidence.readers.packages.yarn_lock import YarnLockReader
from asepsis.evidence.readers.packages.yocto_manifest import YoctoManifestReader
from asepsis.evidence.readers.programs.android_properties import AndroidPropertiesReader
from asepsis.evidence.readers.programs.compared_secrets import ComparedSecretsReader
from asepsis.evidence.readers.programs.debug_programs import DebugProgramsReader
from asepsis.evidence.readers.programs.debug_settings import DebugSettingsReader
from asepsis.evidence.readers.programs.elf_hardening import ElfHardeningReader
from asepsis.evidence.readers.programs.linkage import LinkageReader
from asepsis.evidence.readers.programs.outside_addresses import OutsideAddressesReader
from asepsis.evidence.readers.programs.pe_hardening import PeHardeningReader
from asepsis.evidence.readers.programs.php_debugger import PhpDebuggerReader
from asepsis.evidence.readers.programs.program_names import ProgramNamesReader
from asepsis.evidence.readers.programs.vxworks_services import VxworksServicesReader
from asepsis.evidence.readers.update import UPDATE_READERS
from asepsis.evidence.readers.windows.answer_files import AnswerFilesReader
from asepsis.evidence.readers.windows.connection_files import ConnectionFilesReader
from asepsis.evidence.readers.windows.dotnet_config import DotnetConfigReader
from asepsis.evidence.readers.windows.group_policy import GroupPolicyReader
from asepsis.evidence.readers.windows.registry_hive import RegistryHiveReader
from asepsis.evidence.readers.windows.registry_text import RegistryTextReader
from asepsis.evidence.readers.windows.scheduled_tasks import ScheduledTasksReader
from asepsis.evidence.readers.windows.windows_kernel import WindowsKernelReader
from asepsis.evidence.readers.windows.windows_scripts import WindowsScriptsReader

FILE_READERS: tuple[Reader, ...] = (
    WpaSupplicantReader(),
    HostapdReader(),
    NetworkManagerReader(),
    UciWirelessReader(),
    InterfacesReader(),
    NvramReader(),
    BootConfigReader(),
    SqliteReader(),
    DebugLockReader(),
    DbaseReader(),
    UnreadDatabasesReader(),
    PasswdReader(),
    SudoersReader(),
    SecurettyReader(),
    NologinReader(),
    HostsAccessReader(),
    PamReader(),
    GroupReader(),
    ShadowReader(),
    HtpasswdReader(),
    InittabReader(),
    InitScriptReader(),
    SystemdReader(),
    SystemdPresetReader(),
    StartSettingsReader(),
    InetdReader(),
    XinetdReader(),
    RcLocalReader(),
    UfwReader(),
    FirewalldReader(),
    UciFirewallReader(),
    NftablesReader(),
    IptablesReader(),
    UpstartReader(),
    SupervisedReader(),
    CronReader(),
    CalledScriptReader(),
    AndroidInitReader(),
    SshdConfigReader(),
    DropbearUciReader(),
    AuthorizedKeysReader(),
    AddedKeysReader(),
    GnupgReader(),
    NssKeysReader(),
    VsftpdReader(),
    ProftpdReader(),
    SnmpdReader(),
    VncReader(),
    RServicesReader(),
    MqttBrokerReader(),
    RedisReader(),
    PostgresqlReader(),
    CupsdReader(),
    MongodReader(),
    MysqldReader(),
    SambaReader(),
    NfsExportsReader(),
    RsyncdReader(),
    DockerDaemonReader(),
    LighttpdReader(),
    NginxReader(),
    ApacheReader(),
    SmallHttpdReader(),
    OrthancReader(),
    MirthReader(),
    WildflyReader(),
    RecordsDatabaseReader(),
    MirthChannelReader(),
    DcmqrscpReader(),
    ConquestReader(),
    ClinicalLinksReader(),
    WlanProfileReader(),
    ConnmanReader(),
    HostapdUsersReader(),
    IfcfgReader(),
    IpsecSecretsReader(),
    IwdReader(),
    NetplanReader(),
    OpenvpnReader(),
    PppReader(),
    RadiusReader(),
    SwanctlReader(),
    UciSecretsReader(),
    WireguardReader(),
    MountsReader(),
    NetrcReader(),
    PgpassReader(),
    MyCnfReader(),
    LdapClientReader(),
    SambaTdbReader(),
    SmbpasswdReader(),
    KeytabReader(),
    MosquittoReader(),
    MailRelayReader(),
    FtpUsersReader(),
    LogsReader(),
    PlistReader(),
    SharedPreferencesReader(),
    AndroidWifiReader(),
    UpdateScriptReader(),
    ScriptsReader(),
    OsReleaseReader(),
    DpkgStatusReader(),
    OpkgStatusReader(),
    ApkInstalledReader(),
    RpmDatabaseReader(),
    PacmanDescReader(),
    PackageFilesReader(),
    YoctoManifestReader(),
    BuildrootManifestReader(),
    PythonMetadataReader(),
    NodePackageReader(),
    NodeLockReader(),
    YarnLockReader(),
    CargoLockReader(),
    RubyGemReader(),
    ComposerInstalledReader(),
    MavenPropertiesReader(),
    JarManifestReader(),
    DotnetDepsReader(),
    VersionResourceReader(),
    CyclonedxJsonReader(),
    CyclonedxXmlReader(),
    GrypeJsonReader(),
    Spdx3JsonReader(),
    SpdxJsonReader(),
    SpdxTagValueReader(),
    SyftJsonReader(),
    TrivyJsonReader(),
    UnreadBillsReader(),
    *ADVISORY_READERS,
    *DESIGN_READERS,
    OpkgConfReader(),
    *UPDATE_READERS,
    UImageReader(),
    KernelConfigReader(),
    KernelModulesReader(),
    ElfHardeningReader(),
    LinkageReader(),
    ProgramNamesReader(),
    PeHardeningReader(),
    DebugProgramsReader(),
    AndroidPropertiesReader(),
    PhpDebuggerReader(),
    RegistryHiveReader(),
    RegistryTextReader(),
    AnswerFilesReader(),
    GroupPolicyReader(),
    DotnetConfigReader(),
    ConnectionFilesReader(),
    ScheduledTasksReader(),
    WindowsScriptsReader(),
    WindowsKernelReader(),
    AnydeskReader(),
    AxedaReader(),
    PcanywhereReader(),
    RustdeskReader(),
    TeamviewerConfReader(),
    TunnelsReader(),
    VirusDefinitionsReader(),
)
"""Readers of whole files, in the order in which they are asked."""

PATTERN_READERS: tuple[PatternReader, ...] = (
    PrivateKeysReader(),
    PuttyReader(),
    Ssh1Reader(),
    OpenpgpReader(),
    JavaKeystoreReader(),
    JwkReader(),
    WindowsKeysReader(),
    CertificatesReader(),
    HashLinesReader(),
    EspNvsReader(),
    EspImageReader(),
    EspWifiConfigReader(),
    UBootEnvReader(),
    BroadcomNvramReader(),
    DeviceTreeReader(),
    UrlCredentialsReader(),
    PatternRulesReader(),
    WifiStringsReader(),
    ZephyrSettingsReader(),
    UncheckedPeersReader(),
    VersionsReader(),
    DebugLinkReader(),
    IkconfigReader(),
    GoBuildInfoReader(),
    RustAuditReader(),
    PackageNoteReader(),
    DebugSettingsReader(),
    VxworksServicesReader(),
    OutsideAddressesReader(),
    ComparedSecretsReader(),
)
"""Readers of matches, fed by one pass over all bytes."""
