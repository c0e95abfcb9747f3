"""Bills of materials in CycloneDX, JSON: what they declare, and how they are wrong."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from asepsis.evidence.protocols.bill import DECLARED, SUBJECT
from asepsis.evidence.reader import Flawed, Malformed, NotThisFormat, Sureness
from asepsis.evidence.readers.bills.cyclonedx_json import CyclonedxJsonReader
from asepsis.guard.limits import LimitReached, Limits
from asepsis.model.facts import Component, Confidence, Fact, OperatingSystem
from asepsis.model.software import MOST_DEPENDENCIES
from tests.unit.evidence.reading import source_of

READER = CyclonedxJsonReader()


def bom(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, **more, "components": list(components)}


def read(document: dict[str, Any] | bytes, path: str = "device.json", limits: Limits = Limits()) -> tuple[list[Fact], Exception | None]:  # noqa: B008
    """The facts, and what the reading ended with."""
    data = document if isinstance(document, bytes) else json.dumps(document, indent=1).encode()
    facts: list[Fact] = []
    assert READER.recognises(path, data[:4096]) is not Sureness.NO
    try:
        READER.read(source_of(data, path, limits=limits), facts.append)
    except (Malformed, NotThisFormat, LimitReached) as error:
        return facts, error
    return facts, None


def parts(document: dict[str, Any] | bytes) -> list[Component]:
    facts, error = read(document)
    assert error is None
    return [fact for fact in facts if isinstance(fact, Component)]


def lib(name: str, version: str = "1.0", **more: Any) -> dict[str, Any]:
    return {"type": "library", "name": name, "version": version, **more}


def test_a_part_is_told_with_everything_that_is_declared_of_it_and_with_its_line():
    document = bom(
        lib(
            "openssl",
            "1.0.2k",
            **{"bom-ref": "r1"},
            purl="pkg:generic/openssl@1.0.2k",
            cpe="cpe:2.3:a:openssl:openssl:1.0.2k:*:*:*:*:*:*:*",
            supplier={"name": "OpenSSL Foundation"},
            licenses=[{"license": {"id": "OpenSSL"}}, {"expression": "MIT OR ISC"}],
            hashes=[{"alg": "MD5", "content": "00"}, {"alg": "SHA-256", "content": "AB" * 32}],
            pedigree={
                "ancestors": [lib("not-a-part")],
                "patches": [{"type": "backport", "resolves": [{"type": "security", "id": "CVE-2017-3735"}, {"type": "defect", "id": "7"}]}],
            },
        ),
        lib("zlib", "1.2.8", **{"bom-ref": "r2"}),
        dependencies=[{"ref": "r1", "dependsOn": ["r2", "gone"]}],
    )
    first, second = parts(document)
    assert (first.name, first.version, first.product, first.method, first.confidence) == (
        "openssl", "1.0.2k", "openssl", DECLARED, Confidence.LIKELY,
    )  # fmt: skip
    assert first.purl == "pkg:generic/openssl@1.0.2k"
    assert first.cpe == "cpe:2.3:a:openssl:openssl:1.0.2k:*:*:*:*:*:*:*"
    assert (first.supplier, first.licence, first.sha256) == ("OpenSSL Foundation", "OpenSSL, MIT OR ISC", "ab" * 32)
    assert first.depends == ("zlib",)
    assert first.patched == ("CVE-2017-3735",)
    lines = json.dumps(document, indent=1).splitlines()
    assert lines[(first.where.line or 0) - 1] == "  {"
    assert '"zlib"' in "".join(lines[(second.where.line or 0) - 1 : (second.where.line or 0) + 3])


def test_a_document_in_one_line_gives_offsets_in_bytes():
    data = json.dumps(bom(lib("ä"), lib("b")), ensure_ascii=False).encode()
    facts, error = read(data)
    assert error is None
    assert [data[fact.where.offset or 0 :][:9] for fact in facts] == [b'{"type": '] * 2


def test_the_thing_itself_is_no_part_but_said_if_flaws_may_be_published_for_it():
    named = {"type": "device", "name": "Pump", "version": "3", "cpe": "cpe:2.3:h:acme:pump:3:*:*:*:*:*:*:*", "components": [lib("inner")]}
    told = parts(bom(lib("a"), metadata={"component": named}))
    assert [(part.name, part.method) for part in told] == [("Pump", SUBJECT), ("inner", DECLARED), ("a", DECLARED)]
    assert [part.name for part in parts(bom(lib("a"), metadata={"component": lib("Pump")}))] == ["a"]


def test_parts_within_parts_are_parts_and_the_outer_comes_first():
    told = parts(bom(lib("a", components=[lib("b", components=[lib("c")])]), lib("d")))
    assert [part.name for part in told] == ["a", "b", "c", "d"]


def test_assets_that_are_no_software_count_only_under_a_name_that_flaws_are_published_under():
    key = {"type": "cryptographic-asset", "name": "key"}
    chip = {"type": "device", "name": "chip"}
    radio = {"type": "device", "name": "radio", "cpe": "cpe:2.3:h:qualcomm:qca9563:-:*:*:*:*:*:*:*"}
    told = parts(bom(key, chip, radio))
    assert [(part.name, part.cpe, part.version) for part in told] == [("radio", "cpe:2.3:h:qualcomm:qca9563:-:*:*:*:*:*:*:*", "")]


def test_an_operating_system_is_one_and_keeps_its_own_name():
    system = {"type": "operating-system", "name": "linux_kernel", "version": "4.14.98", "cpe": "cpe:2.3:o:linux:linux_kernel:4.14.98:*:*:*:*:*:*:*"}
    facts, error = read(bom(system))
    assert error is None
    kernel, told = facts
    assert isinstance(kernel, Component)
    assert (kernel.product, kernel.cpe) == ("linux", "cpe:2.3:o:linux:linux_kernel:4.14.98:*:*:*:*:*:*:*")
    assert isinstance(told, OperatingSystem)
    assert (told.product, told.version) == ("linux", "4.14.98")


@pytest.mark.parametrize(
    ("given", "name", "version"),
    [
        ("cpe:/a:openssl:openssl:1.0.2%7ebeta1", "cpe:2.3:a:openssl:openssl:1.0.2\\~beta1:*:*:*:*:*:*:*", "1.0.2~beta1"),
        ("cpe:/o:linux:linux_kernel:4.9", "cpe:2.3:o:linux:linux_kernel:4.9:*:*:*:*:*:*:*", "4.9"),
        ("cpe:2.3:a:haxx:curl:*:*:*:*:*:*:*:*", "cpe:2.3:a:haxx:curl:*:*:*:*:*:*:*:*", ""),
        ("cpe:2.3:a:x:y:-:*:*:*:*:*:*:*", "cpe:2.3:a:x:y:-:*:*:*:*:*:*:*", ""),
        ("cpe:2.3:a:x:y:2:*:*:*:*:node.js:*:*", "cpe:2.3:a:x:y:2:*:*:*:*:node.js:*:*", "2"),
    ],
)
def test_cpe_names_of_both_kinds_are_kept_and_give_a_version_only_if_they_have_one(given: str, name: str, version: str):
    (part,) = parts(bom({"type": "library", "name": "x", "cpe": given}))
    assert (part.cpe, part.version) == (name, version)


@pytest.mark.parametrize("cpe", ["openssl", "cpe:2.3:a", "cpe:2.3:a:*:*:1", "cpe:/x:a:b"])
def test_a_cpe_name_that_is_none_is_said_and_the_part_is_kept(cpe: str):
    facts, error = read(bom(lib("a", cpe=cpe)))
    assert [(fact.name, fact.cpe) for fact in facts if isinstance(fact, Component)] == [("a", "")]
    assert isinstance(error, Flawed)
    assert "CPE name" in error.what


def test_package_urls_keep_qualifiers_subpath_and_encoding():
    (part,) = parts(bom(lib("core", "12.3.1", purl="pkg:npm/%40angular/core@12.3.1?repository_url=https%3A%2F%2Fx.example#packages/core")))
    assert part.purl == "pkg:npm/%40angular/core@12.3.1?repository_url=https://x.example#packages/core"
    assert part.product == ""


def test_a_distribution_keeps_epoch_and_tilde_in_the_package_url_and_upstream_version_beside_it():
    (part,) = parts(bom(lib("openssl", "1:1.1.1n~rc1-0+deb11u3", purl="pkg:deb/debian/openssl@1%3A1.1.1n~rc1-0%2Bdeb11u3?distro=debian-11")))
    assert part.purl == "pkg:deb/debian/openssl@1:1.1.1n~rc1-0%2Bdeb11u3?distro=debian-11"
    assert (part.product, part.version) == ("openssl", "1.1.1n~rc1")


def test_a_package_of_a_language_is_not_the_product_that_it_is_called_after():
    (part,) = parts(bom(lib("openssl", "2.0.0", purl="pkg:npm/openssl@2.0.0")))
    assert part.product == ""


@pytest.mark.parametrize(
    ("version", "purl", "cpe", "agree"),
    [
        ("1.2.3", "pkg:generic/x@1.2.4", "", False),
        ("1.2.3", "pkg:generic/x@1.2.3", "cpe:2.3:a:x:x:1.3:*:*:*:*:*:*:*", False),
        ("", "pkg:generic/x@2", "cpe:2.3:a:x:x:3:*:*:*:*:*:*:*", False),
        ("v1.2.3", "pkg:generic/x@1.2.3", "cpe:2.3:a:x:x:1.2.3:*:*:*:*:*:*:*", True),
        ("0.13c", "pkg:generic/x", "cpe:2.3:a:x:x:r0.13:*:*:*:*:*:*:*", True),
        ("1:7.9p1-10+deb10u2", "pkg:deb/debian/x@1%3A7.9p1-10%2Bdeb10u2", "cpe:2.3:a:x:x:7.9:p1:*:*:*:*:*:*", True),
    ],
)
def test_names_that_contradict_the_version_make_the_part_weak_and_are_said(version: str, purl: str, cpe: str, agree: bool):
    facts, error = read(bom({"type": "library", "name": "x", "version": version, "purl": purl, "cpe": cpe}))
    (part,) = (fact for fact in facts if isinstance(fact, Component))
    assert part.confidence is (Confidence.LIKELY if agree else Confidence.WEAK)
    assert (error is None) is agree


@pytest.mark.parametrize("nothing", ["", "NOASSERTION", "NONE", "unknown", "*", "-"])
def test_a_version_that_says_nothing_is_missing(nothing: str):
    (part,) = parts(bom(lib("a", nothing)))
    assert part.version == ""


def test_the_same_part_twice_is_one_and_a_second_version_is_another():
    told = parts(bom(lib("a", "1", licenses=[{"expression": "MIT"}]), lib("a", "1", supplier={"name": "S"}), lib("a", "2")))
    assert [(part.name, part.version, part.licence, part.supplier) for part in told] == [("a", "1", "MIT", "S"), ("a", "2", "", "")]


@pytest.mark.parametrize("more", [{"scope": "excluded"}, {"scope": "optional"}, {"isExternal": True}])
def test_what_may_not_be_in_the_product_is_weak(more: dict[str, Any]):
    (part,) = parts(bom(lib("a", **more)))
    assert part.confidence is Confidence.WEAK


def test_a_bill_inside_an_image_may_be_of_anything_so_it_is_weak():
    facts, _ = read(bom(lib("a")), "image.bin!rootfs!usr/share/x.json")
    assert [fact.confidence for fact in facts if isinstance(fact, Component)] == [Confidence.WEAK]


@pytest.mark.parametrize("aggregate", ["incomplete", "incomplete_third_party_only", "unknown"])
def test_a_bill_that_calls_itself_incomplete_is_not_taken_for_complete(aggregate: str):
    facts, error = read(bom(lib("a"), compositions=[{"aggregate": "complete"}, {"aggregate": aggregate}]))
    assert len(facts) == 1
    assert isinstance(error, Flawed)
    assert error.what == "says itself that it does not name all parts"
    assert read(bom(lib("a"), compositions=[{"aggregate": "complete"}]))[1] is None


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b'{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"a","version":"1"},{"name":"b","ver', "is cut short"),
        (b'{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"a","version":"1"},{"name":"b" "version"}]}', "no JSON"),
        (b'{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"a","version":"1"},{"name":"b"}]} x', "something stands behind"),
        (b'{"bomFormat":"CycloneDX","components":[{"name":"a","version":"1"},{"name":"b","x":' + b"[" * 100_000, "nested too deeply"),
        (b'{"bomFormat":"CycloneDX","components":[{"name":"a","version":"1"},{"name":"b","n":' + b"9" * 5000 + b"}]}", "too many digits"),
    ],
)
def test_what_stands_before_the_place_where_it_breaks_is_kept(data: bytes, what: str):
    facts, error = read(data)
    assert [fact.name for fact in facts if isinstance(fact, Component)] == ["a", "b"]
    assert isinstance(error, Malformed)
    assert not isinstance(error, Flawed)
    assert what in error.what
    assert error.offset is not None


def test_parts_nested_without_end_are_read_to_a_depth():
    data = b'{"bomFormat":"CycloneDX","specVersion":"1.6","components":[' + b'{"name":"a","version":"1","components":[' * 2000
    facts, error = read(data)
    assert len(facts) == 1  # all of them the same part
    assert isinstance(error, Malformed)
    assert "nested" in error.what


@pytest.mark.parametrize(
    ("document", "what"),
    [
        (bom(lib("a"), specVersion="9.9"), "names no version of its format"),
        (bom(lib("a"), specVersion={"no": "text"}), "names no version of its format"),
        (bom(lib("a"), {"type": "library", "version": "1"}), "a part without a name"),
        (bom(lib("a"), {"type": "library", "name": 7}), "a value of the wrong kind"),
        (bom(lib("a"), dependencies="none"), "a value of the wrong kind"),
        (bom(lib("a", components={})), "a value of the wrong kind"),
        (bom(lib("a", purl="openssl 1.0")), "package URL is none"),
    ],
)
def test_one_wrong_thing_costs_nothing_else(document: dict[str, Any], what: str):
    facts, error = read(document)
    assert [fact.name for fact in facts if isinstance(fact, Component)][:1] == ["a"]
    assert isinstance(error, Flawed)
    assert what in error.what
    assert error.line is not None


def test_a_version_written_as_a_number_is_told_only_if_no_digit_can_be_lost():
    facts, error = read(bom({"name": "a", "version": 2}, {"name": "b", "version": 1.1}))
    assert [fact.version for fact in facts if isinstance(fact, Component)] == ["2", ""]
    assert isinstance(error, Flawed)


def test_names_that_stand_twice_are_both_read_and_said():
    data = b'{"bomFormat":"CycloneDX","specVersion":"1.4",\n"components":[{"name":"a","version":"1"}],\n"components":[{"name":"b","version":"1"}]}'
    facts, error = read(data)
    assert [fact.name for fact in facts if isinstance(fact, Component)] == ["a", "b"]
    assert isinstance(error, Flawed)
    assert "stands twice" in error.what
    assert error.line == 3


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_of_the_standard_is_read(codec: str):
    facts, error = read(json.dumps(bom(lib("größe")), ensure_ascii=False).encode(codec))
    assert error is None
    assert [fact.name for fact in facts if isinstance(fact, Component)] == ["größe"]


def test_bytes_that_are_no_text_are_said_with_their_line():
    facts, error = read(b'{"bomFormat":"CycloneDX","specVersion":"1.6",\n"components":[{"name":"a","version":"1",\n"publisher":"\xe4"}]}')
    assert [fact.name for fact in facts if isinstance(fact, Component)] == ["a"]
    assert isinstance(error, Flawed)
    assert (error.what, error.line) == ("bytes that are no text", 3)


def test_half_a_character_in_a_name_does_not_stop_the_study():
    facts, error = read(b'{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"a\\ud800","version":"1"}]}')
    assert error is None
    assert [fact.name for fact in facts if isinstance(fact, Component)] == ["a?"]


@pytest.mark.parametrize("data", [b'{"bom-ref": 1}', b'{"bomFormat": "cyclonedx.other", "components": [{"name": "a"}]}'])
def test_another_json_is_not_this_format(data: bytes):
    facts, error = read(data)
    assert facts == []
    assert isinstance(error, NotThisFormat)


def test_a_document_whose_format_is_named_at_its_end_is_read():
    data = json.dumps({"components": [lib("a", **{"bom-ref": "x"})], "filler": "x" * 9000, "bomFormat": "CycloneDX", "specVersion": "1.4"}).encode()
    facts, error = read(data)
    assert (len(facts), error) == (1, None)


def test_a_document_that_is_too_large_is_a_limit():
    facts, error = read(bom(lib("a")), limits=Limits(bill_bytes=10))
    assert facts == []
    assert isinstance(error, LimitReached)
    assert error.limit == "bill_bytes"


def test_needs_beyond_the_most_that_are_kept_are_said():
    others = [{"type": "library", "bom-ref": f"r{number}", "name": f"part{number}", "version": "1"} for number in range(MOST_DEPENDENCIES + 1)]
    tree = [{"ref": "all", "dependsOn": [other["bom-ref"] for other in others]}]
    facts, error = read(bom({"type": "library", "bom-ref": "all", "name": "all", "version": "1"}, *others, dependencies=tree))
    assert isinstance(error, Flawed)
    assert error.what == f"a part that needs more than {MOST_DEPENDENCIES} others, of which the rest was left out"
    (whole,) = (fact for fact in facts if isinstance(fact, Component) and fact.name == "all")
    assert len(whole.depends) == MOST_DEPENDENCIES


def test_a_hundred_thousand_parts_are_read_in_seconds():
    one = '{"type":"library","bom-ref":"r%d","name":"part%d","version":"1.2.%d","purl":"pkg:npm/part%d@1.2.%d","licenses":[{"license":{"id":"MIT"}}]}'
    many = ",\n".join(one % ((number,) * 5) for number in range(100_000))
    data = f'{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{many}]}}'.encode()
    begun = time.process_time()
    facts, error = read(data)
    assert (len(facts), error) == (100_000, None)
    assert time.process_time() - begun < 25


@pytest.mark.parametrize(("kind", "name"), [("hackage", "zlib"), ("luarocks", "openssl"), ("opam", "sqlite3"), ("cocoapods", "OpenSSL")])
def test_a_package_of_any_language_is_no_product_by_its_name(kind: str, name: str):
    assert [one.product for one in parts(bom({"type": "library", "name": name, "version": "1", "purl": f"pkg:{kind}/{name}@1"}))] == [""]


@pytest.mark.parametrize(
    ("vendor", "name", "product"),
    [
        ("debian", "debian_linux", "debian"),
        ("canonical", "ubuntu_linux", "ubuntu"),
        ("alpinelinux", "alpine_linux", "alpine-linux"),
        ("redhat", "enterprise_linux", "rhel"),
        ("suse", "linux_enterprise_server", "sles"),
    ],
)
def test_a_distribution_is_known_by_its_cpe_name(vendor: str, name: str, product: str):
    system = {"type": "operating-system", "name": "the system", "version": "9", "cpe": f"cpe:2.3:o:{vendor}:{name}:9:*:*:*:*:*:*:*"}
    assert [one.product for one in parts(bom(system))] == [product]


@pytest.mark.parametrize(
    ("name", "product"),
    [("php", "php"), ("php7.4-cli", "php"), ("php8-mod-curl", "php"), ("php-fpm", "php"), ("phpmyadmin", ""), ("phpunit", ""), ("php-pear", "")],
)
def test_what_is_only_written_in_php_is_not_php(name: str, product: str):
    assert [one.product for one in parts(bom({"type": "library", "name": name, "version": "5.2.1"}))] == [product]


def test_a_system_that_no_table_lists_is_one_all_the_same():
    facts, _ = read(bom({"type": "operating-system", "name": "Pump OS", "version": "7.2"}, {"type": "operating-system", "name": "bare"}))
    assert [(fact.name, fact.version, fact.product) for fact in facts if isinstance(fact, OperatingSystem)] == [("Pump OS", "7.2", "")]


def test_the_image_that_a_bill_was_made_from_is_no_part_but_firmware_with_a_version_is_one():
    radio = {"type": "firmware", "name": "radio.fw", "version": "2.1"}
    device = {"type": "device", "name": "Pump", "components": [{"type": "firmware", "name": "pump.bin", "hashes": []}, radio]}
    facts, _ = read(bom({"type": "firmware", "name": "boot.fw"}, metadata={"component": device}))
    assert [fact.name for fact in facts if isinstance(fact, Component) and fact.name.endswith((".fw", ".bin"))] == ["radio.fw", "boot.fw"]
