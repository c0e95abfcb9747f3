"""Programs that are told not to check whom they speak to: ``curl -k``, ``verify=False``, ``StrictHostKeyChecking no`` and their like.

In scripts, sources and settings of every kind; each sign has its language's own spelling (curl(1), wget(1), ssh_config(5), Python ``ssl`` and
requests, Node ``tls``, Go ``crypto/tls``, Java, PHP ``curl_setopt``, Perl LWP, Ruby ``OpenSSL``, libldap, nginx, Mosquitto, git). Comments are
passed over, and so are programs, whose help texts name their options, and libraries, which define what others misuse.

Known ways it lies: what is switched off here may be switched on elsewhere, or replaced by a check of the program's own (a pinned key).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.limits import MIB
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, UncheckedPeer

_ENGINE = (
    rb"--no-check-certificate|--insecure|StrictHostKeyChecking|verify ?= ?False|CERT_NONE|_create_unverified_context|rejectUnauthorized"
    rb"|NODE_TLS_REJECT_UNAUTHORIZED|ssl_?[vV]erify|SSL_NO_VERIFY|InsecureSkipVerify|ALLOW_ALL_HOSTNAME|NoopHostnameVerifier|[tT]rustAll|CURLOPT_SSL_VERIFY"
    rb"|ignoreSslErrors|verify_hostname|VERIFY_NONE|insecure_set|bridge_insecure|TLS_REQCERT|SSL_verify_mode|curl [^\n]{0,160}-[A-Za-z]{0,6}k"
)
_SIGNS: tuple[tuple[str, str, str], ...] = (
    (r"\bcurl\b[^|;&\n]*\s(?:-[a-zA-Z]*k[a-zA-Z]*|--insecure)(?=\s|$|[\"'`)])", "curl -k", "https"),
    (r"\bwget\b[^|;&\n]*\s--no-check-certificate\b", "wget --no-check-certificate", "https"),
    (r"\bStrictHostKeyChecking(?:\s*=\s*|\s+)[\"']?(?:no|off)\b", "StrictHostKeyChecking no", "ssh"),
    (
        r"^(?=.*(?:requests|session|httpx|https?://|\burl\b|\.(?:get|post|put|delete|patch|head|request)\())(?!.*jwt).*\bverify ?= ?False\b",
        "verify=False",
        "https",
    ),
    (r"\b(?:cert_reqs|verify_mode)\s*=\s*(?:ssl\.)?CERT_NONE\b", "CERT_NONE", "https"),
    (r"(?:=|\(|return)\s*(?:ssl\.)?_create_unverified_context\b", "_create_unverified_context", "https"),
    (r"\brejectUnauthorized[\"']?\s*:\s*false\b", "rejectUnauthorized: false", "https"),
    (r"\bNODE_TLS_REJECT_UNAUTHORIZED[\"'\]]*\s*[=:]\s*[\"']?0", "NODE_TLS_REJECT_UNAUTHORIZED=0", "https"),
    (r"\bhttp\.sslVerify\s+[\"']?false\b|^\s*sslVerify\s*=\s*false\b", "git sslVerify=false", "https"),
    (r"\bproxy_ssl_verify\s+off\b", "proxy_ssl_verify off", "https"),
    (r"\bGIT_SSL_NO_VERIFY\s*=\s*[\"']?(?:1|true)", "GIT_SSL_NO_VERIFY=1", "https"),
    (r"\bInsecureSkipVerify\s*[:=]\s*true\b", "InsecureSkipVerify: true", "https"),
    (r"\bALLOW_ALL_HOSTNAME_VERIFIER\b|\bNoopHostnameVerifier\.INSTANCE\b|new\s+NoopHostnameVerifier\b", "any host name accepted", "https"),
    (r"\b[tT]rustAll(?:Certs|Certificates|Manager|Hosts|Strategy\.INSTANCE)\b", "every certificate trusted", "https"),
    (r"\bCURLOPT_SSL_VERIFYPEER\s*,\s*(?:0|false|FALSE|0L)\b", "CURLOPT_SSL_VERIFYPEER off", "https"),
    (r"(?:->|\.)ignoreSslErrors\s*\(\s*\)", "ignoreSslErrors()", "https"),
    (r"\bverify_hostname[\"']?\s*=>\s*0\b", "verify_hostname => 0", "https"),
    (r"\bSSL_verify_mode[\"']?\s*=>\s*(?:0\b|[\w:]*SSL_VERIFY_NONE)", "SSL_VERIFY_NONE", "https"),
    (r"\bverify_mode\s*=\s*OpenSSL::SSL::VERIFY_NONE\b", "VERIFY_NONE", "https"),
    (r"\btls_insecure_set\s*\(\s*(?:True|true|1)\b|^\s*bridge_insecure\s+true\b", "MQTT host name not checked", "mqtt"),
    (r"^\s*TLS_REQCERT\s+(?:never|allow)\b", "TLS_REQCERT never", "ldap"),
)
_COMPILED = tuple((re.compile(pattern), how, protocol) for pattern, how, protocol in _SIGNS)
_COMMENT = re.compile(r"\s*(?:#|//|/?\*|;|--|<!--|REM\b|rem\b|echo\b|printf\b|dnl\b|\"\"\"|print\()")
_LIBRARY = re.compile(
    r"(?:^|/)(?:(?:site|dist)-packages|node_modules|bower_components|python\d(?:\.\d+)?|_?vendor(?:ed)?|third_?party|usr/include|share/(?:perl|php|ruby|nodejs|"
    r"javascript|bash-completion|zsh|fish|vim|nmap|metasploit[^/]*)|lib/(?:perl|ruby|git-core|php|node|go|golang)|perl5?|gems|bash_completion\.d|completions?)(?:/|\d)"
)
_TEXT_BYTES = 4 * MIB
_LINE_BYTES = 512
_MOST_MATCHES = 2000
"""Of one file; what comes later was seen before, or is made to keep us busy."""
_HOST = re.compile(r"\b(?:https?|mqtts?|ldaps?|ssh|sftp)://(?:[^\s/@\"']*@)?([A-Za-z0-9.-]{1,128})")


class UncheckedPeersReader:
    """Emits an :class:`UncheckedPeer` for the first line of each kind in a file."""

    info = ReaderInfo("unchecked_peers", "Peers that nobody checks", (UncheckedPeer,), ("scripts, sources and settings",))
    patterns = (Pattern("unchecked_peer", _ENGINE, before=192, after=16),)

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Line by line; what a library defines is no use of it."""
        if source.size > _TEXT_BYTES or _LIBRARY.search(source.path) or b"\0" in bytes(source.buffer[:65536]):
            return
        data = bytes(source.buffer)
        told: set[str] = set()
        confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.LIKELY
        number, at = 1, 0
        for match in matches[:_MOST_MATCHES]:
            number, at = number + data.count(b"\n", at, match.start), match.start
            line = _line(data, match.start)
            for how, protocol in _signs(line):
                if how not in told:
                    told.add(how)
                    host = _HOST.search(line)
                    emit(UncheckedPeer(source.where(line=number), how, host.group(1) if host else "", protocol, confidence))


def _line(data: bytes, at: int) -> str:
    """The line around a place, as far as it is looked at."""
    start = data.rfind(b"\n", max(0, at - _LINE_BYTES), at) + 1 or max(0, at - _LINE_BYTES)
    end = data.find(b"\n", at, at + _LINE_BYTES)
    return data[start : end if end >= 0 else at + _LINE_BYTES].decode("utf-8", "replace")


def _signs(line: str) -> list[tuple[str, str]]:
    if _COMMENT.match(line):
        return []
    return [(how, protocol) for pattern, how, protocol in _COMPILED if pattern.search(line)]
