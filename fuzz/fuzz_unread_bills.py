"""Fuzz the reader ``unread_bills``: ``python fuzz/fuzz_unread_bills.py`` (with atheris), or ``python fuzz/run.py unread_bills``."""

from harness import file_target, main

from asepsis.evidence.readers.bills.unread_bills import UnreadBillsReader

TestOneInput = file_target(UnreadBillsReader())
ONLY_PROBLEMS = "it says what is not read, and gives no fact"
SEEDS = (
    b"---\nSPDXID: SPDXRef-DOCUMENT\nspdxVersion: SPDX-2.3\n",
    b'<rdf:RDF xmlns:spdx="http://spdx.org/rdf/terms#"/>',
    b"<Document><spdxVersion>SPDX-2.3</spdxVersion></Document>",
)

if __name__ == "__main__":
    main(TestOneInput)
