r"""Suricata: rules that tell when somebody speaks to a medical device in a way that was not recorded.

Grammar: Suricata 7 user guide, "Rules Format", "Payload Keywords", "SSL/TLS Keywords". Each watch has its own range of ``sid``, out of those for
local use (1,000,000 to 1,999,999); within it rules count in the order of addresses:

==========================  =================  ==========================================================================================
watch                       sid                what it matches
==========================  =================  ==========================================================================================
HL7 from a stranger         1910000 – 1919999  ``0x0B MSH`` (MLLP) to a server or device, from an address that was not seen to send it
DICOM from a stranger       1920000 – 1929999  an A-ASSOCIATE-RQ of protocol version 1 (PS3.8, 9.3.2), likewise
orders from a stranger      1930000 – 1939999  an HL7 message whose MSH-9 is an order, from an address that was not seen to send any
Telnet with a device        1940000 – 1949999  the device begins with a Telnet command (RFC 854)
FTP log-in to a device      1950000 – 1959999  ``PASS`` (RFC 959)
old TLS at a device         1960000 – 1969999  the device agrees to SSL or to TLS before 1.2 (RFC 8996)
a device speaks outside     1970000 – 1979999  packets of the device to no private address
==========================  =================  ==========================================================================================

``metadata`` names the rule of Asepsis that judges the same. Problem and NotAssessed are comments at the beginning. Lost: all that is no traffic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from asepsis.model.study import Study
from asepsis.reports.exporter import ExporterInfo, Tells
from asepsis.reports.talks import Address, Talks, plain, preamble, talks

_WHAT = (
    "Suricata rules for medical devices, made from recorded traffic. To try them: suricata -T -S FILE",
    "They alert and block nothing. A sender that was not recorded is a stranger here, though it may be a new device or a spare gateway:",
    "somebody who knows the ward must read the lists of addresses.",
)
_MOST = 10_000
"""Rules of one watch: so many numbers it has."""
_ORDERS = "RGV|RDE|RDS|RAS|OMG|OML|OMP|ORM|OMI|OPR|SRM"
"""HL7 messages that tell somebody to do something (HL7 2.9, chapters 4, 4A, 10)."""
_PRIVATE = (
    "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/4", "255.255.255.255",
    "fc00::/7", "fe80::/10", "ff00::/8",
)  # fmt: skip


class _Watch(NamedTuple):
    """A kind of rule: what it says, its first number, the rule of Asepsis, the options that find it, the class of Suricata's own table."""

    title: str
    first: int
    judged_by: str
    options: str
    kind: str = "policy-violation"


_HL7 = _Watch("HL7 from a stranger", 1_910_000, "flow_without_authentication", 'flow:established; content:"|0b|MSH"; startswith;', "misc-attack")
_DICOM = _Watch(
    "DICOM association by a stranger", 1_920_000, "flow_without_authentication",
    'flow:to_server,established; content:"|01 00|"; startswith; content:"|00 01 00 00|"; offset:6; depth:4;', "misc-attack",
)  # fmt: skip
_ORDER = _Watch(
    "HL7 order from a stranger", 1_930_000, "flow_without_authentication",
    rf'flow:established; content:"|0b|MSH"; startswith; pcre:"/^\x0bMSH([^\r\n])(?:(?:(?!\1)[^\r])*\1){{7}}(?:{_ORDERS})(?![A-Z0-9])/";',
    "attempted-admin",
)  # fmt: skip
_TELNET = _Watch(
    "Telnet with a medical device", 1_940_000, "telnet_service",
    r'flow:from_server,established; content:"|ff|"; startswith; pcre:"/^\xff[\xfb-\xfe]/";',
)  # fmt: skip
_FTP = _Watch(
    "FTP log-in in clear to a medical device", 1_950_000, "password_sent_in_clear",
    'flow:to_server,established; content:"PASS "; startswith; nocase;',
)  # fmt: skip
_TLS = _Watch("TLS before 1.2 at a medical device", 1_960_000, "weak_tls", "flow:from_server,established; ssl_version:sslv2,sslv3,tls1.0,tls1.1;")
_OUTSIDE = _Watch(
    "A medical device speaks outside", 1_970_000, "flow_to_outside_address", "threshold:type limit, track by_both, count 1, seconds 3600;"
)


class _Rule(NamedTuple):
    """One alert: the protocol, from whom, to whom, and what the lists in it were made from."""

    watch: _Watch
    protocol: str
    source: str
    destination: str
    subject: str
    shown_by: str


class SuricataExporter:
    """What was recorded of medical devices as rules that tell what is new."""

    info = ExporterInfo("suricata", "Suricata rules", "text/plain", "intrusion detection beside medical devices", Tells.TRAFFIC)

    def write(self, study: Study) -> bytes:
        """The whole file. Raises ``NothingToTell`` without recorded traffic of a medical device."""
        recorded = talks(study)
        lines = [f"# {line}".rstrip() for line in preamble(study, recorded, _WHAT)]
        used: dict[int, int] = {}
        for rule in _rules(recorded):
            number = used[rule.watch.first] = used.get(rule.watch.first, 0) + 1
            if number == 1:
                lines += ["", f"# {rule.watch.title}"]
            lines.append(_written(rule, rule.watch.first + number - 1) if number <= _MOST else f"# no number is left for {rule.subject}")
        return ("\n".join(lines) + "\n").encode("ascii")


def _rules(recorded: Talks) -> Iterator[_Rule]:
    for watch, protocol in ((_HL7, "hl7"), (_DICOM, "dicom")):
        yield from (_strangers(recorded, watch, protocol, one) for one in _spoken_to(recorded, protocol))
    yield from (_ordered(recorded, one) for one in _spoken_to(recorded, "hl7"))
    devices = [(str(address), f"{address} {words}") for address, words in recorded.devices.items()]
    inside = ",".join((*_PRIVATE, *(str(address) for address in recorded.devices if address.is_global)))
    yield from (_Rule(_TELNET, "tcp", device, "any", subject, "") for device, subject in devices)
    yield from (_Rule(_FTP, "tcp", "any", device, subject, "") for device, subject in devices)
    yield from (_Rule(_TLS, "tls", device, "any", subject, "") for device, subject in devices)
    yield from (_Rule(_OUTSIDE, "ip", device, f"![{inside}]", subject, "") for device, subject in devices)


def _spoken_to(recorded: Talks, protocol: str) -> list[Address]:
    """The devices, and whoever answers in a protocol though it is none."""
    every = {*recorded.devices, *(talk.server for talk in recorded.every if talk.seen.protocol == protocol)}
    return sorted(every, key=lambda one: (one.version, int(one)))


def _strangers(recorded: Talks, watch: _Watch, protocol: str, server: Address) -> _Rule:
    """Whoever was seen to open such a conversation with it, or in HL7 to answer it, is none."""
    peers = {talk.client: str(talk.seen.where) for talk in recorded.to(server, protocol)}
    if protocol == "hl7":
        peers |= {talk.server: str(talk.seen.where) for talk in recorded.every if talk.client == server and talk.seen.protocol == protocol}
    return _Rule(watch, "tcp", _but(peers), str(server), f"{server} {recorded.devices.get(server, '')}", _places(peers.values()))


def _ordered(recorded: Talks, receiver: Address) -> _Rule:
    """Whoever was seen to send it an order is none."""
    senders: dict[Address, str] = {}
    for talk in recorded.every:
        for sender, hearer, kinds in ((talk.client, talk.server, talk.seen.says), (talk.server, talk.client, talk.seen.answers)):
            if hearer == receiver and any(kind[:3] in _ORDERS.split("|") for kind in kinds):
                senders[sender] = str(talk.seen.where)
    return _Rule(_ORDER, "tcp", _but(senders), str(receiver), f"{receiver} {recorded.devices.get(receiver, '')}", _places(senders.values()))


def _but(known: Iterable[Address]) -> str:
    """Everybody but these."""
    listed = ",".join(str(one) for one in sorted(known, key=lambda one: (one.version, int(one))))
    return f"![{listed}]" if listed else "any"


def _places(places: Iterable[str]) -> str:
    return plain(" + ".join(sorted(set(places))), 120).replace(",", " ")


def _written(rule: _Rule, number: int) -> str:
    watch = rule.watch
    said = plain(f"Asepsis: {watch.title}: {rule.subject}".rstrip(), 160).replace(":", r"\:")
    told = f"asepsis {watch.judged_by}" + (f", seen {rule.shown_by}" if rule.shown_by else "")
    return (
        f'alert {rule.protocol} {rule.source} any -> {rule.destination} any (msg:"{said}"; {watch.options} '
        f"classtype:{watch.kind}; metadata:{told}; sid:{number}; rev:1;)"
    )
