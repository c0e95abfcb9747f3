"""What is understood of every real capture, beside what tshark saw in it when the shared data were made; where it is not the same, it is said why.

Packets and sessions are compared in ``test_captures`` and ``test_conversations_of_captures``, HL7 in ``test_hl7_traffic``.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from asepsis.evidence.wire.decoders import DECODERS
from asepsis.evidence.wire.events import Closed, Event, LogIn, TlsSaid
from tests.real.loopback import dicom_agrees, events_of
from tests.real.shared import DATA

FOLDER = (DATA or Path()) / "b_pcap"
TRUTH = json.loads((FOLDER / "truth.json").read_text("utf-8")) if FOLDER.is_dir() and DATA else {}
pytestmark = [pytest.mark.real, pytest.mark.skipif(not TRUTH, reason="the shared data folder is not here")]
EVERY = pytest.mark.parametrize("name", sorted(TRUTH))


@cache
def heard(name: str) -> tuple[list[Event], list[str]]:
    return events_of(FOLDER / name)


# --- protocols -----------------------------------------------------------------------------------------------

OURS = {decoder.info.name for decoder in DECODERS}
CALLED = {
    "smb2": "smb", "nbns": "dns", "mdns": "dns", "llmnr": "dns", "imap": "mailbox", "pop": "mailbox", "isakmp": "ike", "wg": "wireguard",
}  # fmt: skip
"""What tshark calls otherwise, or tells apart."""
UNLIKE = {
    "iti/EIP-SoftwareUploadFailure.pcap": ({"smb"}, set(), "mailslots in datagrams of NetBIOS: only SMB over TCP is read"),
    "ndpi/coap_mqtt.pcap": (set(), {"mqtt"}, "MQTT at port 17501, which tshark does not look for there"),
    "ndpi/kerberos.pcap": ({"ldap"}, set(), "answers of a directory alone, after the capture had missed what was asked"),
    "ndpi/pop3_stls.pcap": ({"mailbox"}, set(), "POP3 goes over to TLS: it is called by what it is last"),
    "ndpi/rdp_over_tls.pcap": ({"rdp"}, {"tls"}, "Remote Desktop goes over to TLS: it is called by what it is last"),
    "suri/bug-5633-gre-01__gre-udp.pcap": ({"syslog"}, set(), "a port of syslog, but nothing of syslog is said there"),
    "suri/output-multi-eve__input.pcap": (set(), {"ldap"}, "a directory at port 1389, which tshark does not look for there: an attack on Log4j"),
    "suri/sip-method__sip.pcap": ({"smb"}, set(), "mailslots in datagrams of NetBIOS"),
    "suri/smtp-errors__smtperr.pcap": ({"tls"}, set(), "a hello of TLS to a server of SMTP that was not asked for it and does not answer it"),
    "suri/pop3-auth-01__input.pcap": ({"mailbox"}, set(), "the server does not greet, as POP3 has it"),
    "zeek/bad-list-retr-crafted.pcap": ({"mailbox"}, set(), "made up: the client begins with LIST, for which it has to log in first"),
    "zeek/encrypted.pcap": ({"tls"}, set(), "TLS that begins within MySQL, which is not read"),
    "zeek/rdp-no-cookie-mstshash.pcap": ({"rdp"}, {"tls"}, "Remote Desktop goes over to TLS"),
    "zeek/smtp.pcap": ({"smb"}, set(), "mailslots in datagrams of NetBIOS"),
}
"""What tshark alone saw, what was understood here alone, and why."""


@EVERY
def test_protocols_are_those_that_tshark_names(name: str):
    frames = TRUTH[name].get("protocol_frames")
    if frames is None:
        pytest.skip("made in the laboratory: its truth is about messages")
    ours = {event.conversation.protocol for event in heard(name)[0] if isinstance(event, Closed) and event.conversation.protocol}
    theirs = {CALLED.get(one, one) for one in frames} & OURS
    missing, more, _ = UNLIKE.get(name, (set(), set(), ""))
    assert (theirs - ours, ours - theirs) == (missing, more)


@pytest.mark.parametrize("name", sorted(name for name in TRUTH if "lab_dicom" in name and "tls" not in name))
def test_associations_and_messages_of_dicom_are_those_of_tshark(name: str):
    dicom_agrees(FOLDER / name)


# --- log-ins -------------------------------------------------------------------------------------------------

IN_PART = {"ndpi/imap.pcap"}
"""Of which tshark 4.0 shows only the end of the password."""
ALSO = {"ndpi/telnet.pcap": {b"user"}, "lab/lab_fhir_http_basic_clear.pcap": {b"Bedside2020"}}
"""What only stands in the text of a session, or in the words of the truth."""


def secrets(seen: list[dict[str, str]]) -> set[bytes]:
    """Those that tshark saw in clear; a hash, an NTLM answer, a name alone is none."""
    found = set()
    for one in seen:
        if one.get("ftp_cmd") == "PASS":
            found.add(one["ftp_arg"])
        found |= {one[key] for key in ("snmp_community", "mqtt_password", "imap_password", "ldap_simple") if one.get(key)}
        if "decoded" in one:
            found.add(one["decoded"].partition(":")[2])
        if "smtp_password" in one:
            found.add(b64decode(one["smtp_password"]).decode())
    return {text.encode() for text in found}


@EVERY
def test_secrets_in_clear_are_those_that_tshark_shows(name: str):
    told = {event.secret for event in heard(name)[0] if isinstance(event, LogIn) and event.secret}
    seen = secrets(TRUTH[name].get("cleartext_auth_seen_by_tshark", [])) | ALSO.get(name, set())
    if name in IN_PART:
        assert len(told) == len(seen)
        assert all(any(part in whole for whole in told) for part in seen)
    else:
        assert told == seen


# --- TLS -----------------------------------------------------------------------------------------------------

VERSIONS = {"TLS1.0": 0x0301, "TLS1.1": 0x0302, "TLS1.2": 0x0303, "TLS1.3": 0x0304, "0x7f13": 0x7F13}
HELLOS = {
    "lab/lab_dicom_tls_store.pcap": (Counter({(0x0304, 0x1302): 1}), "its truth tells only that nothing of DICOM is readable"),
    "ndpi/rdp_over_tls.pcap": (Counter({(0x0303, 0xC030): 1}), "within Remote Desktop, where tshark does not look"),
    "ndpi/tls_heur__shadowsocks-tcp.pcapng": (Counter({(0x0304, 0x1302): -1}), "the same hello a second time, behind a greeting of SOCKS"),
    "zeek/encrypted.pcap": (Counter({(0x0302, 0x0039): -1}), "within MySQL, which is not read"),
    "zeek/rdp-no-cookie-mstshash.pcap": (Counter({(0x0303, 0x009D): 1}), "within Remote Desktop"),
}
"""How many more hellos of servers are heard here than tshark shows, and why."""


@EVERY
def test_versions_and_suites_of_tls_are_those_that_tshark_shows(name: str):
    told = Counter((event.version, event.suite) for event in heard(name)[0] if isinstance(event, TlsSaid) and event.step == "server-hello")
    seen = Counter({(VERSIONS[one["version"]], int(one["ciphersuite"], 16)): one["count"] for one in TRUTH[name].get("tls_server_hello", [])})
    told.subtract(seen)
    assert {key: more for key, more in told.items() if more} == dict(HELLOS.get(name, (Counter(), ""))[0])


# --- complaints ----------------------------------------------------------------------------------------------

BROKEN = {
    "ndpi/telnet.pcap": "an IP header says more bytes than the packet has",
    "suri/ruletype-firewall-54-snmp-v1-trap__public-wiresharkwiki-c06-snmpv1-trap-app-r1-1-12.pcap": "snmp: SNMP: no message of versions 1 to 3",
    "tcpd/mptcp-v0.pcap": "ssh: SSH: a packet of 1122589567 bytes before the keys are in use",
}
"""Packets that were cut and made to look whole; traps made to break their reader; one connection over several paths (MPTCP), each with a part."""


@EVERY
def test_nothing_is_called_broken_that_is_whole(name: str):
    assert set(heard(name)[1]) == ({BROKEN[name]} if name in BROKEN else set())
