"""Every decoder, in the order in which they are asked."""

from __future__ import annotations

from asepsis.evidence.wire.decoder import Decoder
from asepsis.evidence.wire.decoders.astm import AstmDecoder
from asepsis.evidence.wire.decoders.dhcp import DhcpDecoder
from asepsis.evidence.wire.decoders.dicom import DicomDecoder
from asepsis.evidence.wire.decoders.ftp import FtpDecoder
from asepsis.evidence.wire.decoders.http import HttpDecoder
from asepsis.evidence.wire.decoders.ike import IkeDecoder
from asepsis.evidence.wire.decoders.ldap import LdapDecoder
from asepsis.evidence.wire.decoders.mailbox import MailboxDecoder
from asepsis.evidence.wire.decoders.mllp import MllpDecoder
from asepsis.evidence.wire.decoders.mqtt import MqttDecoder
from asepsis.evidence.wire.decoders.names import NamesDecoder
from asepsis.evidence.wire.decoders.ntp import NtpDecoder
from asepsis.evidence.wire.decoders.personal_health import PersonalHealthDecoder
from asepsis.evidence.wire.decoders.poct1a import Poct1aDecoder
from asepsis.evidence.wire.decoders.rdp import RdpDecoder
from asepsis.evidence.wire.decoders.smb import SmbDecoder
from asepsis.evidence.wire.decoders.smtp import SmtpDecoder
from asepsis.evidence.wire.decoders.snmp import SnmpDecoder
from asepsis.evidence.wire.decoders.ssdp import SsdpDecoder
from asepsis.evidence.wire.decoders.ssh import SshDecoder
from asepsis.evidence.wire.decoders.syslog import SyslogDecoder
from asepsis.evidence.wire.decoders.telnet import TelnetDecoder
from asepsis.evidence.wire.decoders.tftp import TftpDecoder
from asepsis.evidence.wire.decoders.tls import TlsDecoder
from asepsis.evidence.wire.decoders.vnc import VncDecoder
from asepsis.evidence.wire.decoders.wireguard import WireguardDecoder
from asepsis.evidence.wire.decoders.ws_discovery import WsDiscoveryDecoder

DECODERS: tuple[Decoder, ...] = (
    TlsDecoder(),
    SshDecoder(),
    SmbDecoder(),
    HttpDecoder(),
    DicomDecoder(),
    RdpDecoder(),
    VncDecoder(),
    MllpDecoder(),
    Poct1aDecoder(),
    AstmDecoder(),
    PersonalHealthDecoder(),
    MqttDecoder(),
    LdapDecoder(),
    TelnetDecoder(),
    FtpDecoder(),
    MailboxDecoder(),
    SmtpDecoder(),
    WsDiscoveryDecoder(),
    SnmpDecoder(),
    DhcpDecoder(),
    TftpDecoder(),
    SsdpDecoder(),
    WireguardDecoder(),
    IkeDecoder(),
    SyslogDecoder(),
    NamesDecoder(),
    NtpDecoder(),
)
"""One file each; the more a protocol says of itself at once, the earlier it stands."""
