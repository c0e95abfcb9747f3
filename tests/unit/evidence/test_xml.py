"""XML from a device: what is read, in which encoding, and what is refused."""

from __future__ import annotations

import time

import pytest

from asepsis.evidence.protocols.xml import MAX_ATTRIBUTES, MAX_DEPTH, MAX_ELEMENTS, MAX_TEXT, parse

PROFILE = """<?xml version="1.0" encoding="{0}"?>
<p:WLANProfile xmlns:p="http://x/">
  <p:name>W\u00e4rd</p:name>
  <p:MSM a="1" p:b="2"><p:key>k &amp; <![CDATA[<l>]]></p:key></p:MSM>
</p:WLANProfile>
"""


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("utf-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16", "utf-16-le"),
        ("utf-16", "utf-16-be"),
        ("utf-16", "utf-8"),
        ("us-ascii", "utf-16"),
        ("iso-8859-1", "latin-1"),
        ("Windows-1252", "cp1252"),
        ("no-such-encoding", "utf-8"),
    ],
)
def test_a_document_is_read_in_the_encoding_that_it_is_in_whatever_it_declares(declared: str, codec: str):
    tree = parse(PROFILE.format(declared).encode(codec))
    assert tree.broken == ""
    assert tree.root
    assert tree.root.tag == "WLANProfile"
    assert tree.root.text_of("name") == "W\u00e4rd"
    assert tree.root.text_of("MSM", "key") == "k & <l>"
    key = tree.root.get("MSM", "key")
    assert key
    assert key.line == 4
    assert tree.root.children[1].attributes == {"a": "1", "b": "2"}


def test_the_line_is_that_of_the_file_even_behind_white_space_and_a_declaration_of_two_lines():
    tree = parse(b"\n\n<?xml version='1.0'\n?><a>\n<b/></a>\0\0\0")
    assert tree.broken == ""
    assert tree.root
    assert [element.line for element in tree.root.walk()] == [4, 5]


def test_a_carriage_return_alone_is_no_line():
    root = parse(b"<a>\r<b/>\r\n<c/></a>").root
    assert root
    assert [element.line for element in root.walk()] == [1, 1, 2]


def test_the_path_of_something_that_is_not_there_is_empty():
    root = parse(b"<a><b/></a>").root
    assert root
    assert root.get("b", "c", "d") is None
    assert root.text_of("c", "b") == ""
    assert root.text_of("b") == ""


def test_what_was_read_before_it_broke_is_kept():
    tree = parse(b"<a>\n<b>one</b>\n<c>tw")
    assert tree.root
    assert [(element.tag, element.text) for element in tree.root.walk()] == [("a", ""), ("b", "one"), ("c", "")]
    assert tree.broken.startswith("broken XML: ")
    assert tree.line == 3


@pytest.mark.parametrize("data", [b"", b"\0\0", b"\x7fELF\0\1\2", b"a=b", b"<", "<a>\ud800</a>".encode("utf-16", "surrogatepass")])
def test_what_is_no_document_says_so_and_never_raises(data: bytes):
    tree = parse(data)
    assert (tree.root is None) == (tree.broken != "")


def test_a_document_type_that_is_only_named_is_accepted_and_never_fetched():
    tree = parse(b'<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://x/y.dtd"><plist>&unknown;<true/></plist>')
    assert tree.root
    assert tree.broken == ""
    assert tree.root.get("true")


LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>'
EXTERNAL = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


@pytest.mark.parametrize("text", [LAUGHS, EXTERNAL, '<!DOCTYPE a [<!ATTLIST a b CDATA "c">]><a/>', '<!DOCTYPE a SYSTEM "x" [%p;]><a/>'])
def test_a_document_type_of_its_own_is_refused(text: str):
    tree = parse(text.encode())
    assert tree.root is None
    assert tree.broken == "XML refused: a document type of its own (DTD)"
    assert tree.line == 1


def test_depth_is_bounded_and_what_stands_above_is_kept():
    deep = parse(b"<a><before>x</before>" + b"<a>" * 500_000)
    assert deep.broken == f"XML refused: elements nested deeper than {MAX_DEPTH}"
    assert deep.root
    assert deep.root.text_of("before") == "x"
    assert parse(b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH).broken == ""


def test_the_number_of_elements_and_of_attributes_is_bounded():
    assert parse(b"<a>" + b"<b/>" * (MAX_ELEMENTS + 1)).broken == f"XML refused: more than {MAX_ELEMENTS} elements"
    attributes = b" ".join(b"a%d=''" % n for n in range(MAX_ATTRIBUTES + 1))
    assert parse(b"<a " + attributes + b"/>").broken == f"XML refused: an element with more than {MAX_ATTRIBUTES} attributes"


def test_text_is_cut_and_read_in_linear_time():
    start = time.process_time()
    tree = parse(b"<a b='" + b"y" * 4_000_000 + b"'>" + b"x&amp;" * 1_000_000 + b"</a>")
    assert tree.root
    assert len(tree.root.text) == MAX_TEXT
    assert len(tree.root.attributes["b"]) == MAX_TEXT
    assert time.process_time() - start < 5
