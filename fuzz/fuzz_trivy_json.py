"""Fuzz the reader ``trivy_json``: ``python fuzz/fuzz_trivy_json.py`` (with atheris), or ``python fuzz/run.py trivy_json``."""

from harness import file_target, main

from asepsis.evidence.readers.bills.trivy_json import TrivyJsonReader

TestOneInput = file_target(TrivyJsonReader())
_DOCUMENT = (
    '{"SchemaVersion":2,"ArtifactName":"x","Metadata":{"OS":{"Family":"debian","Name":"11.6"}},"Results":[{"Packages":[{"ID":"a@1","Name":"a","Version":"1",'
    '"Release":"2","Epoch":3,"Identifier":{"PURL":"pkg:deb/debian/a@3:1-2"},"Licenses":["MIT"],"DependsOn":["b@1"]}]},{"Vulnerabilities":[{'
    '"VulnerabilityID":"CVE-1","PkgName":"b","InstalledVersion":"1","PkgIdentifier":{"PURL":"pkg:npm/b@1"}}]}]}'
)
SEEDS = (_DOCUMENT.encode(),)

if __name__ == "__main__":
    main(TestOneInput)
