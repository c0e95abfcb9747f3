"""Lines that tell a program not to check whom it speaks to, and lines that only look like it."""

from __future__ import annotations

import pytest

from asepsis.evidence.readers.firmware.unchecked_peers import UncheckedPeersReader
from asepsis.model.facts import Confidence, UncheckedPeer
from tests.unit.evidence.reading import search

READER = UncheckedPeersReader()

SIGNS = {
    "curl -sk https://srv.example/u -o /tmp/u": "curl -k",
    "  /usr/bin/curl --retry 3 --insecure $URL": "curl -k",
    "wget -q --no-check-certificate https://srv.example/u": "wget --no-check-certificate",
    "ssh -o StrictHostKeyChecking=no root@10.0.0.5": "StrictHostKeyChecking no",
    "  StrictHostKeyChecking no": "StrictHostKeyChecking no",
    "r = requests.get(url, verify=False, timeout=3)": "verify=False",
    "ctx.verify_mode = ssl.CERT_NONE": "CERT_NONE",
    "ssl._create_default_https_context = ssl._create_unverified_context": "_create_unverified_context",
    "const agent = new https.Agent({ rejectUnauthorized: false });": "rejectUnauthorized: false",
    "process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';": "NODE_TLS_REJECT_UNAUTHORIZED=0",
    "git config --global http.sslVerify false": "git sslVerify=false",
    "    proxy_ssl_verify off;": "proxy_ssl_verify off",
    "export GIT_SSL_NO_VERIFY=1": "GIT_SSL_NO_VERIFY=1",
    "tls.Config{InsecureSkipVerify: true}": "InsecureSkipVerify: true",
    "client.setHostnameVerifier(NoopHostnameVerifier.INSTANCE)": "any host name accepted",
    "TrustManager[] trustAllCerts = new TrustManager[] {": "every certificate trusted",
    "curl_setopt($ch, CURLOPT_SSL_VERIFYPEER, false);": "CURLOPT_SSL_VERIFYPEER off",
    "    reply->ignoreSslErrors();": "ignoreSslErrors()",
    "LWP::UserAgent->new(ssl_opts => { verify_hostname => 0 });": "verify_hostname => 0",
    "IO::Socket::SSL->new(SSL_verify_mode => SSL_VERIFY_NONE)": "SSL_VERIFY_NONE",
    "http.verify_mode = OpenSSL::SSL::VERIFY_NONE": "VERIFY_NONE",
    "client.tls_insecure_set(True)": "MQTT host name not checked",
    "bridge_insecure true": "MQTT host name not checked",
    "TLS_REQCERT never": "TLS_REQCERT never",
}


def peers(text: str, path: str = "opt/app/x.sh") -> list[UncheckedPeer]:
    return [fact for fact in search(READER, text.encode(), path) if isinstance(fact, UncheckedPeer)]


@pytest.mark.parametrize("line", SIGNS)
def test_each_way_is_told_with_its_line(line: str):
    (found,) = peers(f"one\n{line}\n")
    assert (found.how, found.where.line, found.confidence) == (SIGNS[line], 2, Confidence.LIKELY)


@pytest.mark.parametrize("line", SIGNS)
def test_a_comment_is_none(line: str):
    assert peers(f"# {line}\n// {line}\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "curl --cacert /etc/k.pem https://srv.example/",
        "curl https://srv.example/x-k",
        "StrictHostKeyChecking yes",
        "StrictHostKeyChecking accept-new",
        "data = jwt.decode(token, verify=False)",
        "requests.get(url, verify=True)",
        "rejectUnauthorized: true",
        "http.sslVerify true",
        "InsecureSkipVerify: false",
        "curl_setopt($ch, CURLOPT_SSL_VERIFYPEER, true);",
        "TLS_REQCERT demand",
        'echo "try curl -k https://srv.example/"',
        "proxy_ssl_verify on;",
    ],
)
def test_what_checks_or_only_speaks_of_it_is_none(line: str):
    assert peers(f"{line}\n") == []


@pytest.mark.parametrize(
    "path",
    [
        "usr/lib/python3/dist-packages/requests/x.py",
        "app/node_modules/got/index.js",
        "usr/share/bash-completion/completions/curl",
        "usr/lib/python3.11/ssl.py",
    ],
)
def test_a_library_defines_what_others_misuse(path: str):
    assert peers("requests.get(url, verify=False)\ncurl -k https://a\n", path) == []


def test_a_program_names_its_options():
    assert peers("\0\0wget --no-check-certificate\0", "usr/bin/wget") == []


def test_a_sample_is_weak_and_a_way_is_told_once_with_its_peer():
    (found,) = peers("curl -k https://user:x@srv.example/a\ncurl -k https://b.example\n", "opt/examples/a.sh")
    assert (found.confidence, found.peer) == (Confidence.WEAK, "srv.example")
