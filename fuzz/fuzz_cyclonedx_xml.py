"""Fuzz the reader ``cyclonedx_xml``: ``python fuzz/fuzz_cyclonedx_xml.py`` (with atheris), or ``python fuzz/run.py cyclonedx_xml``."""

from harness import file_target, main

from asepsis.evidence.readers.bills.cyclonedx_xml import CyclonedxXmlReader

TestOneInput = file_target(CyclonedxXmlReader())
_BOM = (
    '<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.5"><metadata><tools><components><component><name>t</name></component>'
    '</components></tools><component type="device"><name>p</name></component></metadata><components><component type="library" bom-ref="r">'
    '<publisher>P</publisher><name>openssl</name><version>1.0.2k</version><hashes><hash alg="SHA-256">ab</hash></hashes><licenses><license><id>MIT'
    "</id></license></licenses><cpe>cpe:/a:openssl:openssl:1.0.2k</cpe><purl>pkg:generic/openssl@1.0.2k</purl><pedigree><ancestors><component>"
    '<name>a</name></component></ancestors><patches><patch type="backport"><resolves><issue type="security"><id>CVE-1</id></issue></resolves>'
    '</patch></patches></pedigree><components><component type="file"><name>f</name></component></components></component></components>'
    '<dependencies><dependency ref="r"><dependency ref="s"/></dependency></dependencies><compositions><composition><aggregate>unknown</aggregate>'
    "</composition></compositions></bom>"
)
SEEDS = (_BOM.encode(), _BOM.encode("utf-16"))

if __name__ == "__main__":
    main(TestOneInput)
