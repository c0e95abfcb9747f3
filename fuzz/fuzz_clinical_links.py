"""Fuzz the reader ``clinical_links``: ``python fuzz/fuzz_clinical_links.py`` (with atheris), or ``python fuzz/run.py clinical_links``."""

from harness import file_target, main

from asepsis.evidence.readers.config.clinical_links import ClinicalLinksReader

TestOneInput = file_target(ClinicalLinksReader(), "etc/pump/gateway.conf")
SEEDS = (
    b"[orders]\nprotocol = hl7-mllp\nlisten = 0.0.0.0\nport = 2575\ntls = no\nauthentication = none\nmessages = RDE^O11\nenabled = yes\n",
    b"[log]\ntype = syslog\n[labs]\ntype = astm\nserver = lis.example\nssl=yes\nclient-auth=mutual\n",
)

if __name__ == "__main__":
    main(TestOneInput)
