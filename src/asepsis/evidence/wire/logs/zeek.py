"""Zeek's logs as events: conn, dns, ssl, ssh, http, ftp, snmp, rdp, dhcp, software; as tab-separated text or as JSON.

Format: "Zeek Log Formats and Inspection" and "Logs" in the Book of Zeek (docs.zeek.org, 7.0). Text begins with lines ``#separator``,
``#set_separator``, ``#empty_field``, ``#unset_field``, ``#path`` and ``#fields``; JSON has neither path nor types, so the kind of a line is told by
fields that only that log has (or by ``_path``, which some sites add). Nothing is told of what a log leaves out: that no password stands in
``ftp.log`` says only that Zeek was told to hide it.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator

from asepsis.evidence.wire.events import Banner, Closed, Event, LogIn, Named, Opened, TlsSaid
from asepsis.evidence.wire.logs.line import Fields, Line, NotUnderstood, address_of, moment, over, spoken
from asepsis.evidence.wire.packet import Closing, Conversation, Endpoint, Side

_HIDDEN = frozenset({"<hidden>", "(hidden)"})
_MOST_REMEMBERED = 4096
_MOST_FIELDS = 512
_ANSWERED = frozenset({"SF", "S1", "S2", "S3", "RSTO", "RSTR"})
_BEGINNING_UNSEEN = frozenset({"OTH", "SHR", "RSTRH"})
"""Values of ``conn_state`` (Book of Zeek, conn.log)."""
_PROTOCOLS = {"ssl": "tls", "rfb": "vnc", "krb": "kerberos", "gssapi": "", "ntlm": "", "dce_rpc": "", "xmpp": "", "websocket": "http"}
"""Zeek's names of services that are called otherwise here; empty for what only lies over another one."""
_VERSIONS = re.compile(r"(D?TLS|SSL)\s?v?([123])[._]?([0-3])?", re.IGNORECASE)
_SOFTWARE = re.compile(r"([A-Za-z][A-Za-z+ .-]*?)[_/ -]v?(\d[\w.+-]*)")
_SIGNS = (
    ("conn", "conn_state"), ("dns", "qtype_name"), ("dns", "rcode"), ("ssl", "resumed"), ("ssl", "established"), ("ssh", "auth_attempts"),
    ("ssh", "kex_alg"), ("http", "trans_depth"), ("ftp", "reply_code"), ("ftp", "reply_msg"), ("snmp", "get_requests"),
    ("rdp", "security_protocol"), ("rdp", "cookie"), ("dhcp", "msg_types"), ("software", "software_type"), ("notice", "note"),
    ("capture_loss", "percent_lost"),
)  # fmt: skip
"""Fields that only one log has, which JSON is told by."""


class Zeek:
    """One log being read: what its head says, and which conversations were told already."""

    def __init__(self) -> None:
        """No head yet."""
        self._path, self._names = "", list[str]()
        self._separator, self._set_separator, self._unset, self._empty = "\t", ",", "-", "(empty)"
        self._told: OrderedDict[str, None] = OrderedDict()

    def head(self, text: str) -> None:
        """A line that begins with ``#``."""
        if text.startswith("#separator"):
            self._separator = _plain(text[10:].strip()) or "\t"
            return
        key, _, rest = text.partition(self._separator)
        match key:
            case "#set_separator":
                self._set_separator = _plain(rest) or ","
            case "#unset_field":
                self._unset = rest
            case "#empty_field":
                self._empty = rest
            case "#path":
                self._path = rest[:64]
            case "#fields":
                self._names = rest.split(self._separator)[:_MOST_FIELDS]

    def text(self, text: str, number: int) -> Line:
        """A line of values. Raises :class:`NotUnderstood`."""
        values = text.split(self._separator, len(self._names) + 1)
        if not self._names:
            raise NotUnderstood("no line has named its fields yet")
        if len(values) != len(self._names):
            raise NotUnderstood("it has another number of fields than its head names")
        named = {name: "" if value == self._empty else value for name, value in zip(self._names, values, strict=True) if value != self._unset}
        return self._line(self._path, named, number)

    def json(self, values: dict[str, object], number: int) -> Line:
        """A line of JSON. Raises :class:`NotUnderstood`."""
        path = values.get("_path")
        kind = path if isinstance(path, str) else next((kind for kind, sign in _SIGNS if sign in values), "unknown")
        return self._line(kind[:64], values, number)

    def _line(self, kind: str, values: dict[str, object] | dict[str, str], number: int) -> Line:
        say = _SAY.get(kind)
        if say is None:
            return Line(number, 0, left_out=f"Zeek's {kind if kind.replace('_', '').isalnum() else 'unknown'}.log")
        line = Fields(values, number, moment(values.get("ts")))
        said = say(line, self._set_separator)
        return Line(number, line.time, tuple(said if kind == "conn" else self._once(line, said)))

    def _once(self, line: Fields, events: Iterator[Event]) -> Iterator[Event]:
        """Of a conversation that several lines are about, its end once."""
        known, several = line.text("uid"), False
        for event in events:
            several = isinstance(event, Closed) and known in self._told
            if not several:
                yield event
        if known:
            self._told[known] = None
            if len(self._told) > _MOST_REMEMBERED:
                self._told.popitem(last=False)


def _plain(text: str) -> str:
    r"""A separator as the head writes it: ``\x09``."""
    return re.sub(r"\\x([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), text)[:8]


def _talk(line: Fields, protocol: str, transport: str = "tcp") -> Conversation:
    ends = line.end("id.orig_h", "id.orig_p"), line.end("id.resp_h", "id.resp_p")
    return spoken(line.number, line.time, transport, ends, protocol)


def _conn(line: Fields, separator: str) -> Iterator[Event]:
    transport, state = line.text("proto"), line.text("conn_state")
    if transport not in {"tcp", "udp"}:
        return
    services = [_PROTOCOLS.get(one, one) for one in line.many("service", separator)]
    talk = _talk(line, next((one for one in sorted(services) if one), ""), transport)
    packets = [line.count("orig_pkts"), line.count("resp_pkts")]
    talk.payload[:] = [line.count("orig_bytes"), line.count("resp_bytes")]
    talk.answered = state in _ANSWERED or (state == "OTH" and bool(packets[1] or talk.payload[1]))
    talk.packets[:] = packets if any(packets) else [1, int(talk.answered)]
    talk.opened_seen = state not in _BEGINNING_UNSEEN
    talk.lost[1], talk.last_time = line.count("missed_bytes"), line.time + line.seconds("duration")
    yield Opened(talk, Side.CLIENT, line.number, line.time, answered=talk.answered)
    how = Closing.RESET if state.startswith(("RST", "REJ")) else Closing.FINISHED if state == "SF" else Closing.CAPTURE_ENDED
    yield Closed(talk, Side.CLIENT, line.number, talk.last_time, how=how)


def _dns(line: Fields, separator: str) -> Iterator[Event]:
    talk = _talk(line, "dns", line.text("proto") or "udp")
    for answer in line.many("answers", separator):
        if address := address_of(answer):
            yield Named(talk, Side.SERVER, line.number, line.time, address=address, name=line.text("query"), how="dns")
    yield over(talk)


def _ssl(line: Fields, separator: str) -> Iterator[Event]:
    talk, version = _talk(line, "tls"), tls_version(line.text("version"))
    if version:
        yield TlsSaid(
            talk, Side.SERVER, line.number, line.time, step="server-hello", version=version, server_name=line.text("server_name"),
            suite_name=line.text("cipher") or "unknown", summary=True,
        )  # fmt: skip
        if line.many("client_cert_chain_fps", separator) or line.text("client_subject"):
            yield TlsSaid(talk, Side.SERVER, line.number, line.time, step="certificate-request")
        yield over(talk)


def _ssh(line: Fields, _separator: str) -> Iterator[Event]:
    talk = _talk(line, "ssh")
    for side, name in ((Side.CLIENT, "client"), (Side.SERVER, "server")):
        text = line.text(name)
        if text:
            product, version = named_software(text.split("-", 2)[-1])
            yield Banner(talk, side, line.number, line.time, text=text, product=product, version=version, what=name)
    if line.text("server"):
        yield over(talk)


def _http(line: Fields, _separator: str) -> Iterator[Event]:
    talk = _talk(line, "http")
    secret = line.secret("password")
    if secret is not None and secret.decode("utf-8", "replace") not in _HIDDEN:
        accepted = {"401": False}.get(line.text("status_code"), True if line.text("status_code").startswith("2") else None)
        yield LogIn(talk, Side.CLIENT, line.number, line.time, how="basic", user=line.text("username"), secret=secret, accepted=accepted)
    if line.text("status_code"):
        yield over(talk)


def _ftp(line: Fields, _separator: str) -> Iterator[Event]:
    talk, secret = _talk(line, "ftp"), line.secret("password")
    if secret is not None and secret.decode("utf-8", "replace") not in _HIDDEN:
        code = line.text("reply_code") if line.text("command") == "PASS" else ""
        accepted = code.startswith("2") if code else True  # other commands are logged once somebody has logged in
        yield LogIn(talk, Side.CLIENT, line.number, line.time, how="ftp", user=line.text("user"), secret=secret, accepted=accepted)
    yield over(talk)


def _snmp(line: Fields, _separator: str) -> Iterator[Event]:
    talk, community = _talk(line, "snmp", "udp"), line.secret("community")
    answered = line.count("get_responses") > 0
    if community is not None:
        yield LogIn(talk, Side.CLIENT, line.number, line.time, how="community", secret=community, accepted=answered or None)
    talk.answered = answered
    talk.packets[1] = talk.payload[1] = int(answered)
    yield over(talk)


def _rdp(line: Fields, _separator: str) -> Iterator[Event]:
    talk = _talk(line, "rdp")
    if name := line.text("client_name"):
        yield Named(talk, Side.CLIENT, line.number, line.time, address=talk.client.address, name=name, how="rdp")
    yield over(talk)


def _dhcp(line: Fields, _separator: str) -> Iterator[Event]:
    given = (line.address(name) for name in ("assigned_addr", "assigned_ip", "client_addr", "id.orig_h"))  # two of them before Zeek 3
    address = next((one for one in given if one not in {"", "0.0.0.0"}), "")  # noqa: S104 - no address yet
    name, hardware = line.text("host_name") or line.text("client_fqdn"), line.text("mac")
    if address and (name or hardware):
        talk = spoken(line.number, line.time, "udp", (Endpoint(address, 68), Endpoint(line.address("server_addr") or "255.255.255.255", 67)), "dhcp")
        attributes = {"hardware": hardware} if hardware else {}
        yield Named(talk, Side.CLIENT, line.number, line.time, address=address, name=name, how="dhcp", attributes=attributes)


def _software(line: Fields, _separator: str) -> Iterator[Event]:
    host = line.end("host", "host_p")
    talk = spoken(line.number, line.time, "tcp", (Endpoint(host.address, 0), host), "")
    numbers = [line.text(f"version.{part}") for part in ("major", "minor", "minor2", "minor3")]
    version = ".".join(number for number in numbers if number) + line.text("version.addl")
    unparsed = line.text("unparsed_version")
    if version not in unparsed:  # 7.2p1 is major 7, minor 2, addl p1; others have a dot there
        version = named_software(unparsed.split("-", 2)[-1] if unparsed.startswith("SSH-") else unparsed)[1] or version
    what = "server" if "SERVER" in line.text("software_type") or "AppServer" in line.text("software_type") else "client"
    yield Banner(talk, Side.SERVER, line.number, line.time, text=unparsed, product=line.text("name"), version=version, what=what)


def tls_version(text: str) -> int:
    """The number on the wire of ``TLSv12``, ``TLS 1.2``, ``TLSv1``, ``SSLv3``; 0 for what is none."""
    found = _VERSIONS.fullmatch(text)
    if found is None:
        return 0
    if found[1].upper() == "SSL":
        return 0x0002 if found[2] == "2" else 0x0300
    return 0x0301 + int(found[3] or 0) if found[2] == "1" else 0


def named_software(text: str) -> tuple[str, str]:
    """The product and version in ``OpenSSH_7.4p1 Debian`` or ``lighttpd/1.4.35``; both empty if no grammar fits."""
    found = _SOFTWARE.match(text)
    return (found[1].strip(), found[2]) if found else ("", "")


_SAY: dict[str, Callable[[Fields, str], Iterator[Event]]] = {
    "conn": _conn, "dns": _dns, "ssl": _ssl, "ssh": _ssh, "http": _http, "ftp": _ftp, "snmp": _snmp, "rdp": _rdp, "dhcp": _dhcp,
    "software": _software,
}  # fmt: skip
