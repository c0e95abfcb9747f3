"""Bills of materials in CycloneDX, XML."""

from __future__ import annotations

import time

import pytest

from asepsis.evidence.protocols.bill import DECLARED, SUBJECT
from asepsis.evidence.reader import Flawed, Malformed
from asepsis.evidence.readers.bills.cyclonedx_xml import CyclonedxXmlReader
from asepsis.model.facts import Confidence, OperatingSystem
from tests.unit.evidence.reading_bills import names, parts, read_bill

READER = CyclonedxXmlReader()
OPENSSL = """<component type="library" bom-ref="r1">
  <supplier><name>OpenSSL Foundation</name></supplier><name>openssl</name><version>1.0.2k</version>
  <hashes><hash alg="SHA-256">{}</hash></hashes><licenses><license><id>OpenSSL</id></license><expression>MIT</expression></licenses>
  <cpe>cpe:/a:openssl:openssl:1.0.2k</cpe><purl>pkg:generic/openssl@1.0.2k</purl>
  <pedigree><ancestors><component type="library"><name>no-part</name></component></ancestors>
  <patches><patch type="backport"><resolves><issue type="security"><id>CVE-2017-3735</id></issue></resolves></patch></patches></pedigree>
</component>""".format("ab" * 32)


def bom(components: str, more: str = "", version: str = "1.6", head: str = "") -> str:
    return (
        f'<?xml version="1.0"?>{head}\n<bom xmlns="http://cyclonedx.org/schema/bom/{version}">{more}\n<components>{components}</components>\n'
        '<dependencies><dependency ref="r1"><dependency ref="r2"/></dependency></dependencies></bom>'
    )


def lib(name: str, more: str = "") -> str:
    return f'<component type="library" bom-ref="r2"><name>{name}</name><version>1</version>{more}</component>'


def test_a_part_is_told_with_everything_that_is_declared_of_it():
    facts, error = read_bill(READER, bom(OPENSSL + lib("zlib")))
    assert error is None
    first, second = parts(facts)
    assert (first.name, first.version, first.product, first.method) == ("openssl", "1.0.2k", "openssl", DECLARED)
    assert (first.cpe, first.purl) == ("cpe:2.3:a:openssl:openssl:1.0.2k:*:*:*:*:*:*:*", "pkg:generic/openssl@1.0.2k")
    assert (first.supplier, first.licence, first.sha256) == ("OpenSSL Foundation", "OpenSSL, MIT", "ab" * 32)
    assert (first.depends, first.patched) == (("zlib",), ("CVE-2017-3735",))
    assert (first.where.line, second.where.line) == (3, 9)


def test_the_thing_itself_its_tools_and_its_ancestors_are_no_parts_and_inner_parts_are():
    more = (
        "<metadata><tools><components><component><name>tool</name></component></components></tools>"
        '<component type="device"><name>Pump</name><cpe>cpe:2.3:h:acme:pump:1:*:*:*:*:*:*:*</cpe></component></metadata>'
    )
    facts, _ = read_bill(READER, bom(lib("a", f"<components>{lib('b')}</components>"), more))
    assert {(part.name, part.method) for part in parts(facts)} == {("Pump", SUBJECT), ("a", DECLARED), ("b", DECLARED)}


def test_an_operating_system_is_one():
    system = '<component type="operating-system"><name>debian</name><version>11</version></component>'
    facts, error = read_bill(READER, bom(system))
    assert error is None
    assert [(fact.product, fact.version) for fact in facts if isinstance(fact, OperatingSystem)] == [("debian", "11")]


@pytest.mark.parametrize(
    "head", ['<!DOCTYPE bom [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>', '<!DOCTYPE bom [<!ENTITY x SYSTEM "file:///etc/passwd">]>']
)
def test_entities_are_refused_not_expanded(head: str):
    facts, error = read_bill(READER, bom("<component><name>&b;&x;</name></component>", head=head))
    assert facts == []
    assert isinstance(error, Malformed)
    assert "XML refused" in error.what
    assert error.line is not None


def test_what_stands_before_the_place_where_it_breaks_is_kept():
    text = bom(lib("a") + "\n" + lib("b"))
    facts, error = read_bill(READER, text[: text.index("b</name>") + 8])
    assert names(facts) == ["a", "b"]
    assert isinstance(error, Malformed)
    assert (error.line, isinstance(error, Flawed)) == (4, False)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (bom(lib("a"), version="9.9"), "names no version"),
        (bom(lib("a") + "<component><version>1</version></component>"), "a part without a name"),
        (bom(lib("a"), "<compositions><composition><aggregate>incomplete</aggregate></composition></compositions>"), "does not name all parts"),
    ],
)
def test_one_wrong_thing_costs_nothing_else(text: str, what: str):
    facts, error = read_bill(READER, text)
    assert names(facts) == ["a"]
    assert isinstance(error, Flawed)
    assert what in error.what


def test_bytes_that_are_no_text_are_said():
    facts, error = read_bill(READER, bom(lib("a\xe4")).encode("latin-1"))
    assert len(facts) == 1
    assert isinstance(error, Flawed)
    assert error.what == "bytes that are no text"


def test_utf_16_is_read():
    facts, error = read_bill(READER, bom(lib("größe")).encode("utf-16"))
    assert (names(facts), error) == (["größe"], None)


def test_what_may_not_be_in_the_product_is_weak():
    facts, _ = read_bill(READER, bom(lib("a", "<scope>optional</scope>")))
    assert [part.confidence for part in parts(facts)] == [Confidence.WEAK]


def test_a_hundred_thousand_parts_are_read_in_seconds():
    data = bom("".join(lib(f"part{number}") for number in range(100_000))).encode()
    begun = time.process_time()
    facts, error = read_bill(READER, data)
    assert (len(facts), error) == (100_000, None)
    assert time.process_time() - begun < 25


def test_the_image_that_a_bill_was_made_from_is_no_part():
    inside = (
        '<component type="firmware"><name>pump.bin</name></component><component type="firmware"><name>radio.fw</name><version>2</version></component>'
    )
    subject = f'<metadata><component type="device"><name>Pump</name><components>{inside}</components></component></metadata>'
    assert "radio.fw" in {fact.name for fact in read_bill(READER, bom(lib("a"), subject))[0]}
    assert "pump.bin" not in {fact.name for fact in read_bill(READER, bom(lib("a"), subject))[0]}
