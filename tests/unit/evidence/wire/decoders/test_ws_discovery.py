"""WS-Discovery 1.1, sections 4 to 6, and the types of DPWS and MDPWS."""

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.ws_discovery import WsDiscoveryDecoder
from asepsis.evidence.wire.events import Named, SoapSaid
from tests.unit.evidence.wire.decoders.hearing import CLIENT, SERVER, hear, hold_to_promises

DISCOVERY = WsDiscoveryDecoder()
ACTION = "http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01/"
SPACES = (
    'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing" '
    'xmlns:d="http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01" xmlns:dpws="p" xmlns:mdpws="m"'
)


def datagram(action: str, body: str, relates: str = "") -> bytes:
    header = f"<a:Action>{ACTION}{action}</a:Action><a:MessageID>urn:uuid:m1</a:MessageID>" + (relates and f"<a:RelatesTo>{relates}</a:RelatesTo>")
    text = f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope {SPACES}><s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>'
    return text.encode()


def device(name: str, where: str) -> str:
    types = "<d:Types>dpws:Device mdpws:MedicalDevice</d:Types>"
    return f"<a:EndpointReference><a:Address>urn:uuid:{name}</a:Address></a:EndpointReference>{types}<d:XAddrs>{where}</d:XAddrs>"


DIALOGUE = [
    (CLIENT, datagram("Probe", "<d:Probe><d:Types>mdpws:MedicalDevice</d:Types></d:Probe>")),
    (SERVER, datagram("ProbeMatches", f"<d:ProbeMatch>{device('a', 'https://10.0.0.9:1/ http://10.0.0.9:2/')}</d:ProbeMatch>", "urn:uuid:m1")),
]


def test_a_device_says_hello_what_it_is_and_where_it_listens_in_clear():
    said = [(CLIENT, datagram("Hello", f"<d:Hello>{device('pump', 'http://10.0.0.2:6464/x')}</d:Hello>"))]
    message, named = hold_to_promises(DISCOVERY, said, transport="udp", port=3702)
    assert isinstance(message, SoapSaid)
    assert (message.action, message.message_id) == (f"{ACTION}Hello", "urn:uuid:m1")
    assert dict(message.elements) == {
        "EndpointReference": "urn:uuid:pump",
        "Types": "dpws:Device mdpws:MedicalDevice",
        "XAddrs": "http://10.0.0.2:6464/x",
    }
    assert isinstance(named, Named)
    assert (named.address, named.name, named.how) == ("10.0.0.2", "urn:uuid:pump", "ws-discovery")
    assert named.attributes == {"types": "Device MedicalDevice", "addresses": "http://10.0.0.2:6464/x", "schemes": "http"}


def test_a_probe_asks_and_an_answer_relates_to_it():
    probe, answer, named = hear(DISCOVERY, DIALOGUE, transport="udp").events
    assert isinstance(probe, SoapSaid)
    assert (probe.side, probe.elements) == (CLIENT, (("Types", "mdpws:MedicalDevice"),))
    assert isinstance(answer, SoapSaid)
    assert (answer.side, answer.relates_to) == (SERVER, "urn:uuid:m1")
    assert isinstance(named, Named)
    assert (named.address, named.attributes["schemes"]) == ("10.0.0.9", "http https")


def test_whom_one_looks_for_is_not_oneself():
    said = [(CLIENT, datagram("Resolve", f"<d:Resolve>{device('wanted', 'http://10.0.0.7/')}</d:Resolve>"))]
    assert [type(event) for event in hear(DISCOVERY, said, transport="udp").events] == [SoapSaid]


def test_a_proxy_names_others_where_they_give_an_address():
    body = device("a", "https://10.0.0.21:1/") + device("b", "http://[2001:DB8::1]:2/") + device("c", "http://pump.local/")
    said = [(SERVER, datagram("ProbeMatches", f"<d:ProbeMatches>{body}</d:ProbeMatches>"))]
    named = [(event.address, event.name) for event in hear(DISCOVERY, said, transport="udp").events if isinstance(event, Named)]
    assert named == [("10.0.0.21", "urn:uuid:a"), ("2001:db8::1", "urn:uuid:b")]


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (b"<x/>", "a datagram among SOAP envelopes that is none"),
        (b"\xff\xfe\0", "a datagram among SOAP envelopes that is none"),
        (datagram("Hello", "<x>" * 500), "SOAP: XML refused: elements nested deeper than 100"),
        (datagram("Hello", "<d:Types>\x80</d:Types>")[:-20], "SOAP: broken XML: unclosed token"),
        (b'<!DOCTYPE s [<!ENTITY a "b">]><s:Envelope/>', "a datagram among SOAP envelopes that is none"),
    ],
)
def test_what_is_broken_is_told_and_the_next_datagram_is_read(broken: bytes, complaint: str):
    heard = hear(DISCOVERY, [(CLIENT, broken), (CLIENT, datagram("Bye", ""))], transport="udp")
    assert heard.complaints == [complaint]
    last = heard.events[-1]
    assert isinstance(last, SoapSaid)
    assert last.action == f"{ACTION}Bye"


def test_it_is_recognised_by_an_envelope():
    whole = datagram("Bye", "")
    assert DISCOVERY.recognises(whole[:512], b"") is Match.YES
    assert DISCOVERY.recognises(b"\xef\xbb\xbf" + whole[:400], b"") is Match.YES
    for other in (b"", b"M-SEARCH * HTTP/1.1\r\n", b"<html><body>", b"<164>Nov 1 x Envelope"):
        assert DISCOVERY.recognises(other, b"") is Match.NO
