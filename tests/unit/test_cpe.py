"""CPE names of both spellings."""

from __future__ import annotations

import pytest

from asepsis.model.cpe import Cpe, parse_cpe


def test_a_formatted_string_is_split_where_the_colons_are_not_escaped():
    name = parse_cpe(r"cpe:2.3:a:ARM:mbed_tls:2.16.0:*:*:*:*:*:*:*")
    assert name is not None
    assert (name.key, name.version, name.target_sw) == ("cpe:a:arm:mbed_tls", "2.16.0", "*")
    escaped = parse_cpe(r"cpe:2.3:a:c\:d:lib\+\+:1.0:*:*:*:*:node.js:*:*")
    assert escaped is not None
    assert (escaped.vendor, escaped.product, escaped.target_sw) == ("c:d", "lib++", "node.js")


def test_a_uri_says_the_same():
    name = parse_cpe("cpe:/a:openbsd:openssh:7.2:p1")
    assert name is not None
    assert (name.key, name.release) == ("cpe:a:openbsd:openssh", "7.2p1")
    packed = parse_cpe("cpe:/a:example:lib%2b%2b:1.0:-:~~pro~node.js~x64~")
    assert packed is not None
    assert (packed.product, packed.sw_edition, packed.target_sw, packed.target_hw) == ("lib++", "pro", "node.js", "x64")


def test_versions_that_are_none():
    for text in ("cpe:2.3:o:linux:linux_kernel:-:*:*:*:*:*:*:*", "cpe:2.3:o:linux:linux_kernel", "cpe:/o:linux:linux_kernel"):
        name = parse_cpe(text)
        assert name is not None
        assert name.release == ""


@pytest.mark.parametrize("text", ["", "cpe", "cpe:2.3:a", "cpe:2.3:x:a:b", "openssh", "cpe:2.3:" + "a:" * 40, "cpe:/", "CPE:2.2:a:b:c"])
def test_what_is_no_name(text: str):
    assert parse_cpe(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "cpe:2.3:a:openbsd:openssh:7.2:p1:*:*:*:*:*:*",
        r"cpe:2.3:a:c\:d:lib\+\+:1.0:*:*:*:*:node.js:*:*",
        "cpe:2.3:o:linux:linux_kernel:-:*:*:*:*:*:x64:*",
    ],
)
def test_a_name_is_written_as_it_was_read(text: str):
    assert str(parse_cpe(text)) == text


def test_a_uri_is_written_as_a_formatted_string():
    assert str(parse_cpe("cpe:/a:example:lib%2b%2b:1.0:-:~~pro~node.js~x64~")) == r"cpe:2.3:a:example:lib\+\+:1.0:-:*:*:pro:node.js:x64:*"


@pytest.mark.parametrize(
    ("version", "update", "release"), [("7.4", "p1", "7.4p1"), ("1.2.0", "rc2", "1.2.0-rc2"), ("1.0", "-", "1.0"), ("-", "*", "")]
)
def test_a_release_is_version_and_update_as_upstream_writes_them(version: str, update: str, release: str):
    assert Cpe("a", "example", "lib", version, update).release == release


def test_a_product_needs_a_kind_a_vendor_and_a_name():
    assert Cpe("a", "example", "lib").is_product
    assert not any(name.is_product for name in (Cpe("*", "example", "lib"), Cpe("a", "*", "lib"), Cpe("a", "example", "-")))
