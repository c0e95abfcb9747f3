"""HTTP/1, from RFC 9112, RFC 9110 and RFC 7617: bytes made here, expected values thought out."""

import gzip
import zlib
from base64 import b64encode

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.http import MAX_HEAD, MAX_KEPT, MAX_WAITING, HttpDecoder
from asepsis.evidence.wire.events import Asked, Banner, HttpSaid, LogIn, Named, SoapSaid
from asepsis.evidence.wire.packet import Closing, Side
from tests.unit.evidence.wire.decoders.hearing import CLIENT as C
from tests.unit.evidence.wire.decoders.hearing import SERVER as S
from tests.unit.evidence.wire.decoders.hearing import Heard, content, cut, hear, hold_to_promises

HTTP = HttpDecoder()
OBSERVATION = b'{"resourceType":"Observation"}'
GET = b"GET /a HTTP/1.1\r\nHost: h\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def answer(body: bytes, *fields: bytes, status: bytes = b"200 OK") -> bytes:
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *fields]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def request(line: bytes, *fields: bytes, body: bytes = b"") -> bytes:
    lines = [line + b" HTTP/1.1", b"Host: h", *fields, *([b"Content-Length: %d" % len(body)] if body else [])]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def said(heard: Heard) -> list[HttpSaid]:
    return [event for event in heard.events if isinstance(event, HttpSaid)]


def only(heard: Heard, kind: type) -> list:
    return [event for event in heard.events if isinstance(event, kind)]


def test_a_request_and_its_response() -> None:
    heard = hear(HTTP, [(C, b"\r\nPOST /x?y=1 HTTP/1.1\r\nHost: h\r\ncontent-LENGTH:  3 \r\n\r\nabc"), (S, OK)])
    one, other = said(heard)
    assert (one.start, one.headers, one.body, one.length, one.is_request) == (
        ("POST", "/x?y=1", "HTTP/1.1"),
        {"host": "h", "content-length": "3"},
        b"abc",
        3,
        True,
    )
    assert (other.start, other.body, other.side, other.is_request) == (("HTTP/1.1", "200", "OK"), b"ok", S, False)
    assert other.request is one
    assert heard.complaints == []


def test_pipelined_requests_are_answered_in_order() -> None:
    requests = b"".join(request(b"GET /%d" % number) for number in range(5))
    heard = hear(HTTP, [(C, requests), (S, b"".join(answer(b"%d" % number) for number in range(5)))])
    pairs = [(event.request.start[1], event.body) for event in said(heard) if event.request]
    assert pairs == [(f"/{number}", b"%d" % number) for number in range(5)]


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (b"HEAD /a", b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"),
        (b"GET /a", b"HTTP/1.1 204 No Content\r\n\r\n"),
        (b"GET /a", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 999\r\n\r\n"),
        (b"GET /a", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    ],
)
def test_responses_without_content(asked: bytes, answered: bytes) -> None:
    heard = hear(HTTP, [(C, request(asked)), (S, answered), (C, request(b"GET /b")), (S, OK)])
    last = said(heard)[-1]
    assert last.request is not None
    assert (last.request.start[1], last.body) == ("/b", b"ok")
    assert heard.complaints == []


def test_chunks_with_extensions_and_trailers() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nWiki\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n"
    heard = hear(HTTP, [(C, GET + GET), (S, chunked + OK)])
    assert [event.body for event in said(heard)[2:]] == [b"Wiki0123456789", b"ok"]
    assert said(heard)[2].length == 14
    assert heard.complaints == []


def test_content_that_ends_with_the_connection() -> None:
    heard = hear(HTTP, [(C, GET), (S, b"HTTP/1.0 200 OK\r\n\r\nall"), (S, b" of it")])
    assert said(heard)[1].body == b"all of it"
    assert heard.complaints == []


@pytest.mark.parametrize(
    ("coding", "encoded"),
    [
        (b"gzip", gzip.compress(b"pulse" * 100, mtime=0)),
        (b"x-gzip", gzip.compress(b"pulse" * 100, mtime=0)),
        (b"deflate", zlib.compress(b"pulse" * 100)),
        (b"deflate", zlib.compress(b"pulse" * 100)[2:-4]),
        (b"identity", b"pulse" * 100),
        (b"deflate, gzip", gzip.compress(zlib.compress(b"pulse" * 100), mtime=0)),
    ],
)
def test_content_codings(coding: bytes, encoded: bytes) -> None:
    heard = hear(HTTP, [(C, GET), (S, answer(encoded, b"Content-Encoding: " + coding))])
    assert (said(heard)[1].body, said(heard)[1].length) == (b"pulse" * 100, len(encoded))
    assert heard.complaints == []


@pytest.mark.parametrize(
    ("coding", "encoded", "complaint", "length"),
    [
        (b"gzip", gzip.compress(bytes(50_000_000), mtime=0), "HTTP: content that expands more than 200 times", MAX_KEPT),
        (b"gzip", b"not gzip", "HTTP: compressed content that is broken", 0),
        (b"br", b"\x0b\x02\x80", "HTTP: content in a coding that is not understood", 0),
        (b"gzip, gzip, gzip", b"x", "HTTP: content that is encoded more than twice", 0),
    ],
)
def test_content_that_cannot_be_decoded_is_complained_of(coding: bytes, encoded: bytes, complaint: str, length: int) -> None:
    heard = hear(HTTP, [(C, GET), (S, answer(encoded, b"Content-Encoding: " + coding))])
    assert heard.complaints == [complaint]
    assert len(said(heard)[1].body) == length


def test_of_long_content_the_beginning_is_kept_and_the_rest_counted() -> None:
    body = bytes(range(256)) * 4096
    heard = hear(HTTP, cut([(C, GET + GET), (S, answer(body) + OK)], 1460))
    assert (said(heard)[2].body, said(heard)[2].length) == (body[:MAX_KEPT], len(body))
    assert said(heard)[3].body == b"ok"


@pytest.mark.parametrize("status", [b"101 Switching Protocols", b"200 OK"])
def test_what_becomes_another_protocol_is_handed_over(status: bytes) -> None:
    ask = request(b"CONNECT h:443") if status.startswith(b"200") else request(b"GET /ws", b"Upgrade: websocket")
    heard = hear(HTTP, [(C, ask), (S, b"HTTP/1.1 " + status + b"\r\n\r\n\x81\x02hi")])
    assert heard.complaints == ["handover SERVER b'\\x81\\x02hi'"]
    assert [event.is_request for event in said(heard)] == [True, False]


def test_a_field_that_goes_on_in_the_next_line_is_one_field() -> None:
    heard = hear(HTTP, [(C, b"GET / HTTP/1.1\r\nX-A: b\r\n  c\r\nHost: h\r\n\r\n")])
    assert said(heard)[0].headers == {"x-a": "b c", "host": "h"}
    assert heard.complaints == ["HTTP: a header field that goes on in the next line"]


@pytest.mark.parametrize(
    ("fields", "body", "complaint"),
    [
        (b"Content-Length: 3\r\nContent-Length: 5", b"abc", "HTTP: several lengths of the same content"),
        (b"Content-Length: 3\r\nTransfer-Encoding: chunked", b"3\r\nabc\r\n0\r\n\r\n", "HTTP: both a length and a transfer coding"),
        (b"Content-Length: x", b"", "HTTP: a length that is no number"),
        (b"Content-Length: -1", b"", "HTTP: a length that is no number"),
        (b"Content-Length: " + b"9" * 30, b"", "HTTP: a length that is no number"),
        (b"Content-Length : 3\r\nHost: h", b"abc", "HTTP: a header field with an unlawful name"),
        (b"nothing", b"", "HTTP: a header field with an unlawful name"),
        (b"Transfer-Encoding: gzip", b"", "HTTP: a transfer coding whose end cannot be known"),
        (b"\r\n".join(b"a%d: b" % number for number in range(300)), b"", "HTTP: more than 200 header fields"),
    ],
)
def test_what_hides_one_message_in_another_is_complained_of_and_the_rest_is_read(fields: bytes, body: bytes, complaint: str) -> None:
    heard = hear(HTTP, [(C, b"POST /a HTTP/1.1\r\n" + fields + b"\r\n\r\n" + body + GET)])
    assert heard.complaints == [complaint]
    assert [event.start[0] for event in said(heard)] == ["POST", "GET"]


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "chunked HTTP content with a size that is no number"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1" * 17 + b"\r\n", "chunked HTTP content with a size that is no number"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n", "chunked HTTP content whose chunk does not end where it says"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1;" + b"x" * 5000 + b"\r\n",
            "a line of chunked HTTP content of more than 4096 bytes",
        ),
        (b"HTTP/1.1 200 OK\r\n" + b"a: " + b"b" * (MAX_HEAD + 9000), "an HTTP head of more than 65536 bytes"),
        (b"nonsense\r\n\r\n", "something else where an HTTP message should begin"),
    ],
)
@pytest.mark.parametrize("piece", [1, 100, 1_000_000])
def test_after_a_broken_message_the_next_one_is_found(broken: bytes, complaint: str, piece: int) -> None:
    heard = hear(HTTP, cut([(C, GET), (S, broken + b"?" * 30 + OK)], piece))
    assert heard.complaints == [complaint]
    assert (said(heard)[-1].body, said(heard)[-1].request) == (b"ok", None)


def test_a_log_in_is_told_with_whether_it_was_accepted() -> None:
    basic = b"Authorization: Basic " + b64encode(b"gateway:Bed:side")
    heard = hear(
        HTTP,
        [
            (C, request(b"GET /a", b"Authorization: Basic " + b64encode(b"gateway:wrong"))),
            (S, answer(b"", status=b"401 Unauthorized")),
            *[(C, request(b"GET /a", basic)), (S, OK)] * 3,
            (C, request(b"GET /b", basic)),
        ],
    )
    told = [(event.how, event.user, event.secret, event.accepted, event.side) for event in only(heard, LogIn)]
    assert told == [("basic", "gateway", b"wrong", False, C), ("basic", "gateway", b"Bed:side", True, C), ("basic", "gateway", b"Bed:side", None, C)]


FORM, JSON = b"Content-Type: application/x-www-form-urlencoded", b"Content-Type: application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("field", "body", "told"),
    [
        (FORM, b"username=tech&password=Zq7%26drip", [("tech", b"Zq7&drip")]),
        (FORM, b"j_username=tech&j_password=Zq7&submit=1", [("tech", b"Zq7")]),
        (FORM, b"login%5Bemail%5D=a%40b.example&login%5Bpasswd%5D=Zq7", [("a@b.example", b"Zq7")]),
        (JSON, b'{"user": "tech", "pwd": "Zq7", "remember": true}', [("tech", b"Zq7")]),
        (FORM, b"password=old&new_password=new&confirm_password=new", []),  # somebody gets another one
        (FORM, b"patient=1&passive=yes&bypass_filter=1&compass=n", []),
        (FORM, b"username=tech&password=", []),
        (JSON, b'{"resourceType": "Patient", "password": 7}', []),
        (JSON, b"[" * 5000, []),
        (b"Content-Type: text/plain", b"password=Zq7", []),
        (FORM, b"password=Zq7&x=" + b"a" * 9000, []),
    ],
)
def test_a_form_for_logging_in(field: bytes, body: bytes, told: list[tuple[str, bytes]]) -> None:
    heard = hear(HTTP, [(C, request(b"POST /login", field, body=body)), (S, OK)])
    assert [(event.user, event.secret) for event in only(heard, LogIn)] == told
    assert {(event.how, event.accepted) for event in only(heard, LogIn)} <= {("form", None)}


def test_a_form_that_was_refused() -> None:
    heard = hear(HTTP, [(C, request(b"POST /login", FORM, body=b"user=a&pass=b")), (S, answer(b"", status=b"403 Forbidden"))])
    assert [event.accepted for event in only(heard, LogIn)] == [False]


@pytest.mark.parametrize(
    ("field", "how", "user", "secret"),
    [
        (b"Authorization: Bearer eyJ.a.b", "bearer", "", b"eyJ.a.b"),
        (b'Authorization: Digest realm="x", username="nurse", response="00"', "digest", "nurse", None),
        (b"Authorization: NTLM TlRMTVNTUAAB", "ntlm", "", None),
        (b"Authorization: Negotiate YIIB", "negotiate", "", None),
        (b"Authorization: Basic !!!", "basic", "", None),
        (b"Proxy-Authorization: basic " + b64encode("ü:p".encode()), "basic", "ü", b"p"),
    ],
)
def test_schemes_of_logging_in(field: bytes, how: str, user: str, secret: bytes | None) -> None:
    (event,) = only(hear(HTTP, [(C, request(b"GET /a", field)), (S, OK)]), LogIn)
    assert (event.how, event.user, event.secret, event.accepted) == (how, user, secret, True)


def test_software_names_itself_once() -> None:
    asking = request(b"GET /a", b"User-Agent: curl/7.88.1")
    answering = answer(b"", b"Server: Apache/2.4.49 (Unix)", b"X-Powered-By: PHP/5.6.40")
    heard = hear(HTTP, [(C, asking), (S, answering), (C, asking), (S, answering)])
    told = [(event.product, event.version, event.what, event.side) for event in only(heard, Banner)]
    assert told == [("curl", "7.88.1", "client", C), ("Apache", "2.4.49", "server", S), ("PHP", "5.6.40", "server", S)]


@pytest.mark.parametrize(
    ("line", "fields", "body", "status", "expected"),
    [
        (b"GET /dicom-web/studies?PatientName=*", b"Accept: application/dicom+json", b"", b"200 OK", ("dicomweb", "GET", "studies", False, True)),
        (b"GET /rs/studies/1.2.3/series/1.2/instances", b"Accept: */*", b"", b"404 No", ("dicomweb", "GET", "instances", False, False)),
        (
            b"POST /dicom-web/studies",
            b'Content-Type: multipart/related; type="application/dicom"; boundary=b',
            b"--b",
            b"200 OK",
            ("dicomweb", "POST", "studies", True, True),
        ),
        (b"GET /fhir/Patient/4711", b"Accept: application/fhir+json", b"", b"401 No", ("fhir", "GET", "Patient", False, False)),
        (
            b"POST /r4/Observation",
            b"Content-Type: application/json",
            b'{"resourceType":"Observation"',
            b"201 Created",
            ("fhir", "POST", "Observation", True, True),
        ),
        (b"POST /", b"Content-Type: application/fhir+json", b'{ "resourceType": "Bundle"', b"503 No", ("fhir", "POST", "Bundle", True, False)),
        (b"GET /metadata", b"Accept: application/fhir+json", b"", b"200 OK", ("fhir", "GET", "metadata", False, True)),
        (b"POST /fhir/Patient/_search", b"Accept: application/fhir+json", b"x", b"200 OK", ("fhir", "POST", "Patient", False, True)),
        (b"DELETE /fhir/Device/7", b"Accept: */*", b"", b"307 Go", ("fhir", "DELETE", "Device", True, None)),
        (b"GET /fhir/Doe-Jane", b"Accept: application/fhir+json", b"", b"200 OK", ("fhir", "GET", "", False, True)),
    ],
)
def test_dicomweb_and_fhir_are_known_and_name_nobody(line: bytes, fields: bytes, body: bytes, status: bytes, expected: tuple) -> None:
    heard = hear(HTTP, [(C, request(line, fields, body=body)), (S, answer(b"", status=status))])
    (event,) = only(heard, Asked)
    assert (event.protocol, event.verb, event.subject, event.changes, event.accepted) == expected


def test_other_requests_are_neither() -> None:
    assert only(hear(HTTP, [(C, request(b"GET /studies-of-art/Patient", b"Accept: text/html")), (S, OK)]), Asked) == []


def soap(action: str, body: str, header: str = "") -> bytes:
    return (
        '<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing">'
        f"<s:Header><a:Action>{action}</a:Action><a:MessageID>urn:uuid:1</a:MessageID>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


SET_VALUE = "http://standards.ieee.org/downloads/11073/11073-20701-2018/SetService/SetValue"


def test_an_order_to_a_device_over_soap() -> None:
    handle = "<m:OperationHandleRef>rate.set</m:OperationHandleRef>"
    body = f'<m:SetValue xmlns:m="m">{handle}<m:RequestedNumericValue>90</m:RequestedNumericValue></m:SetValue>'
    reply = soap(f"{SET_VALUE}Response", '<m:R xmlns:m="m"><m:InvocationState>Fin</m:InvocationState></m:R>', "<a:RelatesTo>urn:uuid:1</a:RelatesTo>")
    kind = b"Content-Type: application/soap+xml"
    heard = hear(HTTP, [(C, request(b"POST /set", kind, body=soap(SET_VALUE, body))), (S, answer(reply, kind))])
    order, done = only(heard, SoapSaid)
    assert (order.side, order.action, order.message_id) == (C, SET_VALUE, "urn:uuid:1")
    assert order.elements == (("OperationHandleRef", "rate.set"), ("RequestedNumericValue", "90"))
    assert (done.side, done.relates_to, done.elements) == (S, "urn:uuid:1", (("InvocationState", "Fin"),))
    assert heard.complaints == []


def test_a_device_says_who_made_it() -> None:
    body = (
        '<d:ThisModel xmlns:d="d"><d:Manufacturer>Acme</d:Manufacturer><d:ModelName>Drip 2</d:ModelName></d:ThisModel>'
        '<d:ThisDevice xmlns:d="d"><d:FriendlyName>Pump 7</d:FriendlyName><d:FirmwareVersion>3.1</d:FirmwareVersion></d:ThisDevice>'
    )
    reply = answer(soap("http://schemas.xmlsoap.org/ws/2004/09/mex/GetMetadata/Response", body), b"Content-Type: application/soap+xml")
    (event,) = only(hear(HTTP, [(C, GET), (S, reply)]), Named)
    assert (event.address, event.name, event.how) == ("10.0.0.9", "Pump 7", "dpws")
    assert event.attributes == {"maker": "Acme", "model": "Drip 2", "version": "3.1"}


def test_broken_soap_is_complained_of_and_its_beginning_told() -> None:
    broken = soap(SET_VALUE, "<m:OperationHandleRef xmlns:m='m'>rate.set</m:OperationHandleRef>").replace(b"</s:Body>", b"</s:Bodi>")
    heard = hear(HTTP, [(C, request(b"POST /set", b"Content-Type: text/xml", body=broken))])
    assert only(heard, SoapSaid)[0].elements == (("OperationHandleRef", "rate.set"),)
    assert heard.complaints == ["SOAP: broken XML: mismatched tag"]


def test_soap_that_is_longer_than_what_is_kept_says_so() -> None:
    long = soap(SET_VALUE, "<m:OperationHandleRef xmlns:m='m'>rate.set</m:OperationHandleRef>" + "<x>" + "y" * MAX_KEPT + "</x>")
    heard = hear(HTTP, [(C, request(b"POST /set", b"Content-Type: text/xml", body=long))])
    assert only(heard, SoapSaid)[0].elements == (("OperationHandleRef", "rate.set"),)
    assert heard.complaints == ["SOAP: an envelope whose end is missing or was not looked at"]


def test_deep_soap_and_entities_are_refused() -> None:
    for body in (b"<x>" * 5000, b'<!DOCTYPE s [<!ENTITY a "b">]><s:Envelope/>'):
        whole = body if body.startswith(b"<!") else soap(SET_VALUE, "").replace(b"<s:Body>", b"<s:Body>" + body)
        heard = hear(HTTP, [(C, request(b"POST /set", b"Content-Type: text/xml", body=whole))])
        assert all("XML refused" in complaint for complaint in heard.complaints)
        assert len(said(heard)) == 1


def test_bytes_missing_within_content_are_counted_on() -> None:
    whole = answer(b"x" * 1000)
    heard = hear(HTTP, [(C, GET + GET), (S, whole[:100]), (S, 500), (S, whole[600:] + OK)])
    assert [(event.length, event.request is not None) for event in said(heard)[2:]] == [(1000, True), (2, True)]
    assert heard.complaints == []


def test_after_bytes_missing_across_messages_responses_are_not_paired_wrongly() -> None:
    heard = hear(HTTP, [(C, request(b"GET /1")), (C, 300), (C, request(b"GET /3") + request(b"GET /4")), (S, OK)])
    assert [event.request for event in said(heard) if not event.is_request] == [None]


def test_from_the_middle_on_whoever_asks_is_the_one_who_asks() -> None:
    heard = hear(HTTP, [(S, request(b"GET /a", b"Authorization: Bearer t")), (C, OK)], opened_seen=False)
    assert [(event.side, event.is_request) for event in said(heard)] == [(S, True), (C, False)]
    assert only(heard, LogIn)[0].side is S


def test_too_many_unanswered_requests_are_forgotten_and_told() -> None:
    heard = hear(HTTP, [(C, GET * (MAX_WAITING + 5))], how=Closing.CAPTURE_ENDED)
    assert set(heard.complaints) == {"more than 100 HTTP requests without an answer"}
    assert len(said(heard)) == MAX_WAITING + 5


def test_http_2_is_named_and_not_understood() -> None:
    heard = hear(HTTP, [(C, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(100)), (S, bytes(100))])
    assert [(event.product, event.version) for event in only(heard, Banner)] == [("HTTP", "2")]
    assert heard.complaints == ["HTTP/2 in clear, which is not understood"]


DIALOGUE: list[tuple[Side, bytes]] = [
    (
        C,
        request(
            b"POST /fhir/Observation", b"Authorization: Basic " + b64encode(b"u:p"), b"User-Agent: pump/1.2", body=b'{"resourceType":"Observation"}'
        ),
    ),
    (S, answer(gzip.compress(b"x" * 500, mtime=0), b"Content-Encoding: gzip", b"Server: nginx/1.1", status=b"201 Created")),
    (C, request(b"POST /set", b"Content-Type: application/soap+xml", body=soap(SET_VALUE, "<v/>"))),
    (S, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
]
LOGINS: list[tuple[Side, bytes]] = [
    (C, request(b"GET /studies/1.2", b"Authorization: Bearer abc", b"Accept: application/dicom+json")),
    (S, answer(b"", status=b"401 Unauthorized")),
    (C, request(b"GET /ws", b"Upgrade: websocket")),
    (S, b"HTTP/1.1 101 Switching Protocols\r\n\r\nrest"),
]


def test_it_keeps_what_every_listener_promises() -> None:
    assert len(hold_to_promises(HTTP, DIALOGUE)) == 4 + 2 + 1 + 1 + 1


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 50])
def test_the_cut_into_packets_does_not_matter(piece: int) -> None:
    whole, pieces = hear(HTTP, DIALOGUE), hear(HTTP, cut(DIALOGUE, piece))
    assert content(only(pieces, Asked)) == content(only(whole, Asked))
    assert [event.body for event in said(pieces)] == [event.body for event in said(whole)]


def test_a_truncation_at_any_byte_breaks_nothing() -> None:
    stream = b"".join(data for side, data in DIALOGUE if side is S)
    for end in range(len(stream)):
        assert hear(HTTP, [(C, GET + GET), (S, stream[:end])], how=Closing.CAPTURE_ENDED).complaints == []


def test_an_end_within_a_message_is_complained_of() -> None:
    assert hear(HTTP, [(C, GET), (S, OK[:-1])]).complaints == ["an HTTP connection ends within a message"]


def test_it_is_recognised_by_what_it_says() -> None:
    assert HTTP.recognises(GET, b"") is Match.YES
    assert HTTP.recognises(b"", OK) is Match.YES
    assert HTTP.recognises(b"GET /" + b"a" * 507, b"") is Match.YES
    assert HTTP.recognises(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"") is Match.YES
    for end in range(16):
        assert HTTP.recognises(GET[:end], b"") is Match.MORE, end
    for other in (b"MSH|^~\\&|", b"SSH-2.0-x\r\n", b"USER joe\r\n", b"\x16\x03\x01", b"OPTIONS rtsp://h RTSP/1.0\r\n\r\n", b"220 ready\r\n"):
        assert HTTP.recognises(other, b"") is Match.NO, other
