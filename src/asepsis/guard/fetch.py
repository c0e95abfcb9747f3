"""Fetch one file over HTTPS: the only place of Asepsis that opens a connection, used by ``asepsis db update`` alone.

A server, and whoever sits before it, is not trusted: certificates are always checked, plain HTTP is for this machine itself only, a redirect may lead
to hosts that the table of feeds names, bytes and seconds are counted, and nothing is believed but a whole file. What a broken connection left is gone
on with (RFC 9110, 14.2), if the server says that the file is still the same one.
"""

from __future__ import annotations

import base64
import email.utils
import http.client
import ipaddress
import os
import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

from asepsis.guard.limits import FETCH_LIMITS, KIB, FetchLimits
from asepsis.version import __version__

_CHUNK = 256 * KIB
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
_OK, _PARTIAL, _UNCHANGED, _NO_SUCH_RANGE = 200, 206, 304, 416
_RANGE = re.compile(r"bytes (\d+)-\d+/(?:\d+|\*)")


class CannotFetch(Exception):
    """Nothing was fetched; the message says in one line what happened."""


class _TryAgain(Exception):
    """An attempt failed, another may not. ``wait`` is what the server asked for, in seconds."""

    def __init__(self, what: str, wait: float | None = None) -> None:
        super().__init__(what)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class State:
    """By what a server knows which version of a file we have: its ETag and Last-Modified."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole file; ``path`` is None if the server has nothing newer than what was known."""

    path: Path | None
    state: State


def _tell_nobody(_text: str) -> None:
    pass


class Fetcher:
    """Fetches files. ``hosts`` are those that a redirect may lead to, beside the one asked."""

    def __init__(
        self,
        hosts: frozenset[str] = frozenset(),
        *,
        limits: FetchLimits = FETCH_LIMITS,
        environ: Mapping[str, str] = os.environ,
        sleep: Callable[[float], None] = time.sleep,
        notice: Callable[[str], None] = _tell_nobody,
    ) -> None:
        """``environ`` names proxies; ``notice`` gets a line of progress now and then."""
        self._hosts, self._limits, self._environ = hosts, limits, environ
        self._sleep, self._notice = sleep, notice

    def fetch(self, address: str, target: Path, known: State = State(), headers: Mapping[str, str] | None = None) -> Fetched:
        """Fetch ``address`` to ``target``; ``headers`` go to its host only. Raises ``CannotFetch``; then only a part, under another name, is left."""
        what = _TryAgain("was not tried")
        for attempt in range(self._limits.attempts):
            try:
                return self._once(address, target, known, headers or {})
            except _TryAgain as failed:
                what = failed
            wait = 2.0**attempt if what.wait is None else what.wait
            if wait > self._limits.longest_wait_seconds:
                raise CannotFetch(f"{_short(address)}: {what}, and asks to wait {wait:.0f} s; try again later")
            if attempt + 1 < self._limits.attempts:
                self._notice(f"{_short(address)}: {what}; again in {wait:.0f} s")
                self._sleep(wait)
        raise CannotFetch(f"{_short(address)}: {what} ({self._limits.attempts} attempts)")

    def check(self, address: str, first: str) -> None:
        """Raise ``CannotFetch`` if a list found at ``first`` may not send us to ``address``."""
        _allowed(address, first, self._hosts)

    def _once(self, address: str, target: Path, known: State, headers: Mapping[str, str]) -> Fetched:
        part = _Part(target)
        connection, response = self._follow(address, {**headers, **part.conditions(known)})
        try:
            state = State(_one_line(response.headers.get("ETag")), _one_line(response.headers.get("Last-Modified")))
            if response.status == _UNCHANGED:
                return Fetched(None, known)
            self._refuse(address, response, part, state)
            self._receive(address, response, part, state)
        except ssl.SSLError as error:
            raise _TryAgain(f"the connection broke ({error.reason or 'TLS'})") from error
        except TimeoutError as error:
            raise _TryAgain(f"said nothing for {self._limits.silence_seconds:.0f} s") from error
        except (OSError, http.client.HTTPException) as error:
            raise _TryAgain(f"the connection broke ({type(error).__name__})") from error
        finally:
            connection.close()
        part.done(target)
        return Fetched(target, state)

    def _follow(self, address: str, headers: Mapping[str, str]) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        """Ask, and go where the server sends us, as far as that is allowed."""
        here = address
        for _ in range(self._limits.redirects + 1):
            url = _allowed(here, address, self._hosts)
            own = headers if url.hostname == urlsplit(address).hostname else {name: text for name, text in headers.items() if name in _CONDITIONS}
            connection = self._connection(url)
            response = self._ask(connection, url, own)
            if response.status not in _REDIRECTS:
                return connection, response
            connection.close()
            here = urljoin(here, response.headers.get("Location") or "")
        raise CannotFetch(f"{_short(address)}: is redirected more than {self._limits.redirects} times")

    def _ask(self, connection: http.client.HTTPConnection, url: SplitResult, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        try:
            connection.request("GET", path, headers={"User-Agent": f"asepsis/{__version__}", "Accept-Encoding": "identity", **headers})
            return connection.getresponse()
        except ssl.SSLCertVerificationError as error:
            connection.close()
            raise CannotFetch(f"{url.hostname}: its certificate is not valid ({error.verify_message})") from error
        except socket.gaierror as error:
            connection.close()
            raise CannotFetch(f"{_short(urlunsplit(url))}: no address is known of its name; is there a network?") from error
        except (TimeoutError, OSError, http.client.HTTPException, ValueError) as error:
            connection.close()
            what = f"said nothing for {self._limits.silence_seconds:.0f} s" if isinstance(error, TimeoutError) else "cannot be reached"
            raise _TryAgain(f"{what} ({type(error).__name__})") from error

    def _connection(self, url: SplitResult) -> http.client.HTTPConnection:
        assert url.hostname is not None  # noqa: S101 - for the type checker: it was allowed
        silence = self._limits.silence_seconds
        if url.scheme == "http":
            return http.client.HTTPConnection(url.hostname, url.port, timeout=silence)
        context = ssl.create_default_context()
        proxy = None if is_loopback(url.hostname) else _proxy(url.hostname, self._environ)
        if proxy is None:
            return http.client.HTTPSConnection(url.hostname, url.port, timeout=silence, context=context)
        through = http.client.HTTPSConnection(proxy.hostname or "", proxy.port or 3128, timeout=silence, context=context)
        through.set_tunnel(url.hostname, url.port or 443, _proxy_log_in(proxy))
        return through

    def _refuse(self, address: str, response: http.client.HTTPResponse, part: _Part, state: State) -> None:
        """Raise unless the answer is a file, or the rest of the one that we have a part of."""
        status, length = response.status, response.headers.get("Content-Length", "")
        if status in _LATER:
            raise _TryAgain(f"answers {status}", _asked_to_wait(response.headers.get("Retry-After")))
        if status == _NO_SUCH_RANGE or (status == _PARTIAL and not part.goes_on(response.headers.get("Content-Range", ""), state)):
            part.forget()
            raise _TryAgain("has another file now than the one that was begun", 0)
        if status not in {_OK, _PARTIAL}:
            raise CannotFetch(f"{_short(address)}: answers {status}")
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise CannotFetch(f"{_short(address)}: sends the file in an encoding that was not asked for")
        if length.isdigit() and int(length[:20]) > self._limits.download_bytes:
            raise CannotFetch(f"{_short(address)}: is larger than {self._limits.download_bytes} bytes")
        if status == _OK:
            part.begin(state)

    def _receive(self, address: str, response: http.client.HTTPResponse, part: _Part, state: State) -> None:
        """Write what comes, up to the end that was promised. Raises ``_TryAgain`` if it came short."""
        del state
        length = response.headers.get("Content-Length", "")
        due = part.size + int(length[:20]) if length.isdigit() else None
        deadline = time.monotonic() + self._limits.download_seconds
        with part.path.open("ab") as file:
            while chunk := response.read1(_CHUNK):
                file.write(chunk)
                part.size += len(chunk)
                if part.size > self._limits.download_bytes:
                    part.forget()
                    raise CannotFetch(f"{_short(address)}: is larger than {self._limits.download_bytes} bytes")
                if time.monotonic() > deadline:
                    raise CannotFetch(f"{_short(address)}: took longer than {self._limits.download_seconds} s")
                self._notice(f"{_short(address)}: {part.size >> 20} MiB")
        if due is not None and part.size < due:
            raise _TryAgain(f"broke off after {part.size} of {due} bytes")


_CONDITIONS = frozenset({"Range", "If-Range", "If-None-Match", "If-Modified-Since"})


class _Part:
    """What came of a file so far, and of which version of it."""

    def __init__(self, target: Path) -> None:
        self.path, self._tag = target.with_name(f"{target.name}.part"), target.with_name(f"{target.name}.etag")
        self.size = self.path.stat().st_size if self.path.exists() else 0
        self._etag = self._tag.read_text("utf-8") if self._tag.exists() else ""
        if not self._strong:
            self.forget()

    @property
    def _strong(self) -> bool:
        """Only a strong ETag says that the bytes are the same (RFC 9110, 8.8.1)."""
        return bool(self._etag) and not self._etag.startswith("W/")

    def conditions(self, known: State) -> dict[str, str]:
        """The headers that ask for the rest, or for the file if it is newer than what is known."""
        if self.size:
            return {"Range": f"bytes={self.size}-", "If-Range": self._etag}
        pairs = (("If-None-Match", known.etag), ("If-Modified-Since", known.modified if not known.etag else ""))
        return {name: text for name, text in pairs if text}

    def goes_on(self, content_range: str, state: State) -> bool:
        """Whether an answer is the rest of the file that was begun."""
        match = _RANGE.fullmatch(content_range)
        return match is not None and int(match[1]) == self.size and self._strong and state.etag == self._etag

    def begin(self, state: State) -> None:
        """Forget what there is, and begin a file."""
        self.forget()
        self._etag = state.etag
        self._tag.write_text(state.etag, "utf-8")

    def forget(self) -> None:
        """Remove what came so far."""
        self.path.unlink(missing_ok=True)
        self._tag.unlink(missing_ok=True)
        self.size, self._etag = 0, ""

    def done(self, target: Path) -> None:
        """The file is whole."""
        self.path.touch()
        self.path.replace(target)
        self._tag.unlink(missing_ok=True)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _allowed(here: str, address: str, hosts: frozenset[str]) -> SplitResult:
    """The address taken apart. Raises ``CannotFetch`` if it may not be asked: a scheme, a host, or a step back to plain HTTP that is not allowed."""
    try:
        url, first = urlsplit(here), urlsplit(address)
        url.port  # noqa: B018 - raises for a port that is none
    except ValueError as error:
        raise CannotFetch(f"{_short(address)}: leads to an address that is none") from error
    host = url.hostname or ""
    led = "" if here == address else f"{_short(address)}: leads to "
    if url.scheme not in {"https", "http"} or not host or url.username:
        raise CannotFetch(f"{led}{_one_line(here)[:100]!r}, which is no address for a feed")
    if url.scheme == "http" and not (is_loopback(host) and first.scheme == "http"):
        raise CannotFetch(f"{led}{host} over plain HTTP, which anybody on the way can alter")
    if host != first.hostname and host not in hosts:
        raise CannotFetch(f"{led}{host}, which the table of feeds does not name")
    return url


def _proxy(host: str, environ: Mapping[str, str]) -> SplitResult | None:
    """The proxy for a host, by the usual variables; None without one."""
    low = {name.lower(): text for name, text in sorted(environ.items())}
    exempt = [word.strip().lstrip(".") for word in low.get("no_proxy", "").split(",") if word.strip()]
    if any(word in {"*", host} or host.endswith(f".{word}") for word in exempt):
        return None
    named = low.get("https_proxy") or low.get("all_proxy") or ""
    url = urlsplit(named if "://" in named or not named else f"http://{named}")
    if url.scheme not in {"", "http"}:
        raise CannotFetch(f"a proxy of the kind {url.scheme} is not known, only http")
    return url if url.hostname else None


def _proxy_log_in(proxy: SplitResult) -> dict[str, str]:
    if not proxy.username:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def _asked_to_wait(text: str | None) -> float | None:
    """``Retry-After``: seconds, or a day and time (RFC 9110, 10.2.3)."""
    if text is None:
        return None
    if text.strip().isdigit():
        return float(text.strip()[:9])
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _short(address: str) -> str:
    """An address in a message: no query, which may hold a key."""
    return _one_line(address.partition("?")[0])[:120]


def _one_line(text: str | None) -> str:
    return "".join(char for char in text or "" if char.isprintable())[:300]
