"""Fuzz the reader ``version_resource``: ``python fuzz/fuzz_version_resource.py`` (with atheris), or ``python fuzz/run.py version_resource``."""

from harness import file_target, main
from tests.unit.evidence.test_version_resource import resource

from asepsis.evidence.readers.packages.version_resource import VersionResourceReader

TestOneInput = file_target(VersionResourceReader())
SEEDS = (resource(ProductName="Pump Service", ProductVersion="1.2", CompanyName="a"), resource((1, 0, 0, 0), wide=False, ProductName="a"))

if __name__ == "__main__":
    main(TestOneInput)
