"""Fetching survives a server that fails, stalls, breaks off and lies, and says in one line what happened."""

import datetime as dt
import ssl
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from tests.unit.guard.feed_server import Answer, Server, body, breaks_off, send, serving, stalls, status

from asepsis.guard.fetch import CannotFetch, Fetcher, State, _proxy
from asepsis.guard.limits import FETCH_LIMITS

DATA = bytes(range(256)) * 40
QUICK = replace(FETCH_LIMITS, silence_seconds=0.5, attempts=3, download_bytes=1 << 20)


@pytest.fixture
def server():
    with serving() as running:
        yield running


class Asked:
    """Fetches ``/file`` and remembers how long it was told to wait."""

    def __init__(self, server: Server, folder: Path, **more) -> None:
        self.waits: list[float] = []
        self.address, self.target = f"{server.base}/file", folder / "file"
        self.fetcher = Fetcher(limits=more.pop("limits", QUICK), environ={}, sleep=self.waits.append, **more)

    def fetch(self, **more):
        return self.fetcher.fetch(self.address, self.target, **more)

    def fails(self, **more) -> str:
        with pytest.raises(CannotFetch) as error:
            self.fetch(**more)
        assert not self.target.exists()
        assert "\n" not in str(error.value)
        return str(error.value).removeprefix(f"{self.address}: ")


def test_a_file_is_fetched_whole_and_not_again_while_it_is_the_same(server, tmp_path):
    server.answers["/file"] = [body(DATA)]
    asked = Asked(server, tmp_path)
    first = asked.fetch()
    assert (first.path, first.path.read_bytes(), first.state) == (asked.target, DATA, State('"1"'))
    assert asked.fetch(known=first.state).path is None
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("code", [500, 502, 503, 429, 408])
def test_a_failure_that_may_pass_is_tried_again_after_longer_and_longer_waits(server, tmp_path, code):
    server.answers["/file"] = [status(code), status(code), body(DATA)]
    asked = Asked(server, tmp_path)
    assert asked.fetch().path.read_bytes() == DATA
    assert asked.waits == [1.0, 2.0]
    server.answers["/file"] = [status(code)]
    asked.target.unlink()
    assert asked.fails() == f"answers {code} (3 attempts)"


def test_a_server_says_how_long_to_wait_but_not_for_how_long_we_hang(server, tmp_path):
    server.answers["/file"] = [status(429, Retry_After="7"), body(DATA)]
    asked = Asked(server, tmp_path)
    asked.fetch()
    assert asked.waits == [7.0]
    server.answers["/file"] = [status(429, Retry_After="Fri, 31 Dec 2999 23:59:59 GMT")]
    asked.target.unlink()
    assert asked.fails().startswith("answers 429, and asks to wait ")
    server.answers["/file"] = [status(429, Retry_After="soon")]
    assert asked.fails() == "answers 429 (3 attempts)"


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410])
def test_a_refusal_is_not_asked_again(server, tmp_path, code):
    server.answers["/file"] = [status(code)]
    assert Asked(server, tmp_path).fails() == f"answers {code}"
    assert len(server.asked) == 1


def test_what_broke_off_goes_on_where_it_was(server, tmp_path):
    server.answers["/file"] = [breaks_off(DATA, 4000), body(DATA)]
    assert Asked(server, tmp_path).fetch().path.read_bytes() == DATA
    assert server.asked[1][1]["Range"] == "bytes=4000-"


def test_a_later_run_goes_on_too(server, tmp_path):
    server.answers["/file"] = [breaks_off(DATA, 4000)]
    assert Asked(server, tmp_path).fails() == f"broke off after 4000 of {len(DATA)} bytes (3 attempts)"
    server.answers["/file"] = [body(DATA)]
    assert Asked(server, tmp_path).fetch().path.read_bytes() == DATA
    assert "Range" in server.asked[-1][1]


def test_another_file_in_the_middle_is_begun_anew(server, tmp_path):
    other = DATA[::-1]
    server.answers["/file"] = [breaks_off(DATA, 4000), body(other, '"2"')]
    assert Asked(server, tmp_path).fetch().path.read_bytes() == other


@pytest.mark.parametrize(
    "lie",
    [
        lambda handler: send(handler, 206, DATA[::-1][4000:], ETag='"2"', Content_Range=f"bytes 4000-{len(DATA) - 1}/{len(DATA)}"),
        lambda handler: send(handler, 206, DATA[5000:], ETag='"1"', Content_Range=f"bytes 5000-{len(DATA) - 1}/{len(DATA)}"),
        lambda handler: send(handler, 206, DATA, ETag='"1"'),
        lambda handler: send(handler, 416),
    ],
    ids=["another ETag", "another place", "no place", "no such range"],
)
def test_a_rest_that_does_not_fit_is_thrown_away_with_what_was_begun(server, tmp_path, lie: Answer):
    server.answers["/file"] = [breaks_off(DATA, 4000), lie, body(DATA)]
    assert Asked(server, tmp_path).fetch().path.read_bytes() == DATA


def test_without_a_strong_etag_nothing_is_gone_on_with(server, tmp_path):
    server.answers["/file"] = [breaks_off(DATA, 4000, 'W/"1"'), body(DATA)]
    assert Asked(server, tmp_path).fetch().path.read_bytes() == DATA
    assert "Range" not in server.asked[1][1]


def test_silence_ends_an_attempt(server, tmp_path):
    server.answers["/file"] = [stalls()]
    assert Asked(server, tmp_path, limits=replace(QUICK, silence_seconds=0.1, attempts=2)).fails().startswith("said nothing for 0 s")


def test_what_is_too_large_is_not_fetched_whatever_its_length_is_said_to_be(server, tmp_path):
    limits = replace(QUICK, download_bytes=1000)
    server.answers["/file"] = [body(DATA)]
    assert Asked(server, tmp_path, limits=limits).fails() == "is larger than 1000 bytes"

    def endless(handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"".join(b"100\r\n" + b"x" * 256 + b"\r\n" for _ in range(40)))

    server.answers["/file"] = [endless]
    assert Asked(server, tmp_path, limits=limits).fails() == "is larger than 1000 bytes"


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("file:///etc/passwd", "leads to 'file:///etc/passwd', which is no address for a feed"),
        ("https://elsewhere.example/x", "leads to elsewhere.example, which the table of feeds does not name"),
        ("http://elsewhere.example/x", "leads to elsewhere.example over plain HTTP, which anybody on the way can alter"),
        ("https://user:pw@127.0.0.1/x", "leads to 'https://user:pw@127.0.0.1/x', which is no address for a feed"),
        ("http://127.0.0.1:99999/x", "leads to an address that is none"),
        ("gopher://x", "leads to 'gopher://x', which is no address for a feed"),
    ],
)
def test_a_redirect_leads_only_where_the_table_says(server, tmp_path, to, said):
    server.answers["/file"] = [status(302, Location=to)]
    assert Asked(server, tmp_path).fails() == said


def test_a_redirect_within_the_host_is_followed_and_a_circle_is_left(server, tmp_path):
    server.answers["/file"] = [status(301, Location="/other")]
    server.answers["/other"] = [body(DATA)]
    assert Asked(server, tmp_path).fetch().path.read_bytes() == DATA
    server.answers["/other"] = [status(301, Location="/file")]
    (tmp_path / "file").unlink()
    assert Asked(server, tmp_path).fails() == "is redirected more than 5 times"


def test_plain_http_is_for_this_machine_only():
    with pytest.raises(CannotFetch, match="plain HTTP"):
        Fetcher(environ={}).fetch("http://feeds.example/x", Path("x"))


def test_a_compressed_answer_that_nobody_asked_for_is_refused(server, tmp_path):
    server.answers["/file"] = [body(DATA, Content_Encoding="gzip")]
    assert Asked(server, tmp_path).fails() == "sends the file in an encoding that was not asked for"


def test_a_certificate_that_nobody_vouches_for_ends_it(tmp_path):
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    day = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, day, day + dt.timedelta(days=20_000)).sign(key, None)
    pem = tmp_path / "pem"
    pem.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with serving(context) as server:
        server.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        address = f"{server.base.replace('http:', 'https:')}/file"
        with pytest.raises(CannotFetch, match=r"^127\.0\.0\.1: its certificate is not valid"):
            Fetcher(environ={}, limits=QUICK).fetch(address, tmp_path / "file")


@pytest.mark.parametrize(
    ("environ", "host"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://proxy.example:3128"}, "proxy.example"),
        ({"https_proxy": "proxy.example:3128", "no_proxy": "other.example"}, "proxy.example"),
        ({"all_proxy": "http://u:p@proxy.example"}, "proxy.example"),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "x, .feeds.example"}, None),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "*"}, None),
    ],
)
def test_proxies_are_those_of_the_environment(environ, host):
    found = _proxy("a.feeds.example", environ)
    assert (found.hostname if found else None) == host


def test_without_a_network_nobody_waits_for_another_attempt(tmp_path):
    waits: list[float] = []
    with pytest.raises(CannotFetch, match="no address is known of its name"):
        Fetcher(limits=QUICK, environ={}, sleep=waits.append).fetch("https://nowhere.invalid/file", tmp_path / "file")
    assert waits == []
