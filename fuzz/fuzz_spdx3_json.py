"""Fuzz the reader ``spdx3_json``: ``python fuzz/fuzz_spdx3_json.py`` (with atheris), or ``python fuzz/run.py spdx3_json``."""

from harness import file_target, main

from asepsis.evidence.readers.bills.spdx3_json import Spdx3JsonReader

TestOneInput = file_target(Spdx3JsonReader())
_DOCUMENT = (
    '{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1"},{"type":'
    '"SpdxDocument","spdxId":"d","rootElement":["a"]},{"type":"software_Package","spdxId":"a","name":"a"},{"type":"software_Package","spdxId":"b","name":"b",'
    '"software_packageVersion":"1","software_packageUrl":"pkg:npm/b@1","suppliedBy":"o","externalIdentifier":[{"externalIdentifierType":"cpe23",'
    '"identifier":"cpe:2.3:a:b:b:1:*:*:*:*:*:*:*"}],"verifiedUsing":[{"algorithm":"sha256","hashValue":"ab"}]},{"type":"Organization","spdxId":"o","name":"O"},'
    '{"type":"Relationship","from":"a","relationshipType":"dependsOn","to":["b","https://spdx.org/rdf/3.0.1/terms/Core/NoAssertionElement"]},{"type":'
    '"Relationship","from":"b","relationshipType":"hasDeclaredLicense","to":["l"]},{"type":"simplelicensing_LicenseExpression","spdxId":"l",'
    '"simplelicensing_licenseExpression":"MIT"}]}'
)
SEEDS = (_DOCUMENT.encode(),)

if __name__ == "__main__":
    main(TestOneInput)
