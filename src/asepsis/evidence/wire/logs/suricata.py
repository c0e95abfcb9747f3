"""Suricata's ``eve.json`` as events: flow, dns, tls, ssh, http, ftp, smb, rdp, dhcp, snmp, mqtt.

Format: "Eve JSON Format" in the Suricata user guide (7.0): one JSON object a line, its kind in ``event_type``, its ends in ``src_ip``, ``src_port``,
``dest_ip``, ``dest_port``. In a ``flow`` the source is who opened it. How many packets the sensor itself lost stands in ``stats``.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator

from asepsis.evidence.wire.events import Banner, Closed, Event, LogIn, Named, Opened, TlsSaid
from asepsis.evidence.wire.logs.line import Fields, Line, NotUnderstood, address_of, moment, spoken
from asepsis.evidence.wire.logs.zeek import named_software, tls_version
from asepsis.evidence.wire.packet import Closing, Conversation, Endpoint, Side

_MOST_REMEMBERED = 4096
_LARGEST_CERTIFICATE = 32 * 1024
_PROTOCOLS = {"failed": "", "unknown": "", "dcerpc": "", "rfb": "vnc", "krb5": "kerberos", "http2": "http"}
_SILENT = frozenset({"stats", "fileinfo", "packetinfo", "netflow"})
"""Kinds of line that say nothing of who speaks with whom, or say again what a flow says."""
_SERVER = re.compile(r"server", re.IGNORECASE)


class Suricata:
    """One log being read: who is logging in where, and how many packets the sensor lost."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._users: OrderedDict[str, str] = OrderedDict()
        self.dropped = 0

    def json(self, values: dict[str, object], number: int) -> Line:
        """A line. Raises :class:`NotUnderstood`."""
        kind = values.get("event_type")
        if not isinstance(kind, str):
            raise NotUnderstood("it has no event_type")
        if kind in _SILENT:
            lost = Fields(values, number, 0).part("stats").part("capture").count("kernel_drops")
            self.dropped = max(self.dropped, lost)
            return Line(number, 0)
        say = _SAY.get(kind)
        if say is None and kind != "ftp":
            return Line(number, 0, left_out=f"Suricata's {kind[:40] if kind.replace('_', '').isalnum() else 'unknown'} events")
        line = Fields(values, number, moment(values.get("timestamp")))
        return Line(number, line.time, tuple(say(line) if say else self._ftp(line)))

    def _ftp(self, line: Fields) -> Iterator[Event]:
        """The user and the password come in two lines of one flow; both are the commands as they were sent (RFC 959)."""
        said, flow = line.part("ftp"), line.text("flow_id")
        command = said.text("command").upper()
        if command == "USER":
            self._users[flow] = said.text("command_data")
            if len(self._users) > _MOST_REMEMBERED:
                self._users.popitem(last=False)
        elif command == "PASS" and (secret := said.secret("command_data")) is not None:
            codes = said.many("completion_code")
            accepted = codes[-1].startswith("2") if codes else None
            user = self._users.get(flow, "")
            yield LogIn(_talk(line, "ftp"), Side.CLIENT, line.number, line.time, how="ftp", user=user, secret=secret, accepted=accepted)


def _talk(line: Fields, protocol: str) -> Conversation:
    ends = line.end("src_ip", "src_port"), line.end("dest_ip", "dest_port")
    transport = "udp" if line.text("proto").upper() == "UDP" else "tcp"
    return spoken(line.number, line.time, transport, ends, protocol)


def _flow(line: Fields) -> Iterator[Event]:
    if line.text("proto").upper() not in {"TCP", "UDP"}:
        return
    app, flow = line.text("app_proto"), line.part("flow")
    talk = _talk(line, _PROTOCOLS.get(app, app))
    talk.packets[:] = [flow.count("pkts_toserver"), flow.count("pkts_toclient")]
    talk.payload[:] = [flow.count("bytes_toserver"), flow.count("bytes_toclient")]
    talk.answered = talk.packets[1] > 0 and not (talk.transport == "tcp" and flow.text("state") == "new")
    talk.opened_seen = talk.transport == "udp" or bool(line.part("tcp").text("syn") in {"True", "true"})
    began, ended = flow.text("start"), flow.text("end")
    talk.first_time = moment(began) if began else line.time
    talk.last_time = moment(ended) if ended else line.time
    yield Opened(talk, Side.CLIENT, line.number, talk.first_time, answered=talk.answered)
    how = Closing.FINISHED if flow.text("state") == "closed" else Closing.SILENT
    yield Closed(talk, Side.CLIENT, line.number, talk.last_time, how=how)


def _tls(line: Fields) -> Iterator[Event]:
    talk, said = _talk(line, "tls"), line.part("tls")
    where = talk, Side.SERVER, line.number, line.time
    version, suite = tls_version(said.text("version")), said.part("ja3s").text("string").split(",")[1:2]
    if version:
        number = int(suite[0]) if suite and suite[0].isdecimal() and len(suite[0]) < 6 else 0  # noqa: PLR2004 - digits of 16 bits
        name = "" if number else "unknown"
        yield TlsSaid(*where, step="server-hello", version=version, suite=number, suite_name=name, server_name=said.text("sni"), summary=True)
    if certificate := _certificate(said):
        yield TlsSaid(*where, step="certificate", certificates=(certificate,))
    if said.part("client").text("subject"):
        yield TlsSaid(*where, step="certificate-request")


def _certificate(said: Fields) -> bytes:
    """The server's own, if the log holds it whole."""
    text = said.secret("certificate") or b""
    try:
        return base64.b64decode(text, validate=True) if 0 < len(text) <= _LARGEST_CERTIFICATE else b""
    except binascii.Error:
        return b""


def _ssh(line: Fields) -> Iterator[Event]:
    talk = _talk(line, "ssh")
    for side, name in ((Side.CLIENT, "client"), (Side.SERVER, "server")):
        text = line.part("ssh").part(name).text("software_version")
        if text:
            product, version = named_software(text)
            yield Banner(talk, side, line.number, line.time, text=text, product=product, version=version, what=name)


def _http(line: Fields) -> Iterator[Event]:
    talk, said = _talk(line, "http"), line.part("http")
    for header in said.parts("request_headers"):
        if header.text("name").lower() == "authorization" and (pair := _basic(header.text("value"))):
            status = said.text("status")
            accepted = False if status == "401" else True if status.startswith("2") else None
            yield LogIn(talk, Side.CLIENT, line.number, line.time, how="basic", user=pair[0], secret=pair[1], accepted=accepted)
    servers = [header.text("value") for header in said.parts("response_headers") if _SERVER.fullmatch(header.text("name"))]
    for text in [*servers, said.text("server")][:1]:
        product, version = named_software(text)
        yield Banner(talk, Side.SERVER, line.number, line.time, text=text, product=product, version=version)


def _basic(value: str) -> tuple[str, bytes] | None:
    """The user and the password of RFC 7617."""
    scheme, _, text = value.partition(" ")
    try:
        user, colon, secret = base64.b64decode(text, validate=True).partition(b":")
    except (binascii.Error, ValueError):
        return None
    return (user.decode("utf-8", "replace"), secret) if colon and scheme.lower() == "basic" else None


def _dns(line: Fields) -> Iterator[Event]:
    talk, said = _talk(line, "dns"), line.part("dns")
    for answer in said.parts("answers"):
        if answer.text("rrtype") in {"A", "AAAA"} and (address := address_of(answer.text("rdata"))):
            yield Named(talk, Side.SERVER, line.number, line.time, address=address, name=answer.text("rrname"), how="dns")


def _smb(line: Fields) -> Iterator[Event]:
    talk, host = _talk(line, "smb"), line.part("smb").part("ntlmssp").text("host")
    if host:
        yield Named(talk, Side.CLIENT, line.number, line.time, address=talk.client.address, name=host, how="smb")


def _rdp(line: Fields) -> Iterator[Event]:
    talk, name = _talk(line, "rdp"), line.part("rdp").part("client").text("client_name")
    if name:
        yield Named(talk, Side.CLIENT, line.number, line.time, address=talk.client.address, name=name, how="rdp")


def _dhcp(line: Fields) -> Iterator[Event]:
    said = line.part("dhcp")
    address = next((one for one in (said.address("assigned_ip"), said.address("client_ip")) if one not in {"", "0.0.0.0"}), "")  # noqa: S104
    name, hardware = said.text("hostname"), said.text("client_mac")
    if address and (name or hardware):
        talk = spoken(line.number, line.time, "udp", (Endpoint(address, 68), Endpoint("255.255.255.255", 67)), "dhcp")
        attributes = {"hardware": hardware} if hardware else {}
        yield Named(talk, Side.CLIENT, line.number, line.time, address=address, name=name, how="dhcp", attributes=attributes)


def _snmp(line: Fields) -> Iterator[Event]:
    community = line.part("snmp").secret("community")
    if community is not None:
        yield LogIn(_talk(line, "snmp"), Side.CLIENT, line.number, line.time, how="community", secret=community)


def _mqtt(line: Fields) -> Iterator[Event]:
    said = line.part("mqtt").part("connect")
    if said.text("protocol_version") or said.text("client_id") or said.text("username"):
        code = line.part("mqtt").part("connack").text("return_code")
        accepted = code == "0" if code else None
        talk, secret = _talk(line, "mqtt"), said.secret("password")
        yield LogIn(talk, Side.CLIENT, line.number, line.time, how="mqtt", user=said.text("username"), secret=secret, accepted=accepted)


_SAY: dict[str, Callable[[Fields], Iterator[Event]]] = {
    "flow": _flow, "tls": _tls, "ssh": _ssh, "http": _http, "dns": _dns, "smb": _smb, "rdp": _rdp, "dhcp": _dhcp, "snmp": _snmp, "mqtt": _mqtt,
}  # fmt: skip
