"""How long published flaws take to import and to look up, and how much memory that needs.

Run: ``.venv/bin/python bench/knowledge.py [--entries 250000]``. Entries are real records of the shared data, repeated under other ids and product
names until there are enough: three in five of NVD (1.1), one in four CVE records, the others OSV. Prints time by the clock and by the processor,
peak memory of both processes, the size of the store, the time of lookups, and the time it takes to match 20,000 components, spread evenly over the
names in the store. Aims: 250,000 entries in under 300 s and 1 GB, a lookup of one part in under 5 ms, 20,000 components in under 10 s.
Times are of the processor, which do not depend on what else the machine does, and that of the import is by the clock too.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from itertools import count, islice
from pathlib import Path

from asepsis.findings.flaws.match import match
from asepsis.findings.rule import Facts
from asepsis.knowledge.vulnerabilities.importing import import_files
from asepsis.knowledge.vulnerabilities.store import Store
from asepsis.knowledge.vulnerabilities.yaml_text import load_all
from asepsis.model.facts import Component
from asepsis.model.where import Where

SHARED = Path(os.environ.get("ASEPSIS_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data")) / "d_vulndata"
CPE = re.compile(rb"(cpe:2\.3:[aoh]:[^:\"]+:[^:\"]+)")
ID = re.compile(rb"\b(CVE|PYSEC|OSV)-(\d{4})-(\d+)")
COMPONENTS = 20_000
MIX = {"nvd": 0.6, "cve": 0.25, "osv": 0.15}


def real() -> dict[str, list[bytes]]:
    """The records of each kind, one JSON text each."""
    nvd = [line for path in sorted((SHARED / "nvd_subset").glob("*.jsonl.gz")) for line in gzip.decompress(path.read_bytes()).splitlines()]
    cve = gzip.decompress((SHARED / "vulnrichment_subset_cve5.jsonl.gz").read_bytes()).splitlines()
    pages = [path.read_bytes() for path in sorted((SHARED / "pypa_advisories").rglob("*.yaml"))]
    pages.append(gzip.decompress((SHARED / "ossfuzz_osv_subset.yaml.gz").read_bytes()))
    return {"nvd": nvd, "cve": cve, "osv": [json.dumps(record).encode() for page in pages for _, record in load_all(page)]}


def synthetic(records: list[bytes]) -> Iterator[bytes]:
    """The records again and again, from the second time on under other ids and products."""
    for copy in count():
        for record in records:
            renamed = CPE.sub(rb"\1_%d" % copy, record) if copy else record
            yield ID.sub(lambda match, copy=copy: b"%s-%s-%d%s" % (match[1], match[2], 1 + copy, match[3]), renamed)  # type: ignore[misc]


def write(folder: Path, entries: int) -> list[Path]:
    """One compressed file of lines for each kind."""
    paths = []
    for name, records in real().items():
        paths.append(folder / f"{name}.jsonl.gz")
        with gzip.open(paths[-1], "wb", compresslevel=1) as file:
            file.writelines(record + b"\n" for record in islice(synthetic(records), round(entries * MIX[name])))
    return paths


def lookups(store: Store) -> tuple[list[float], int, float]:
    """Milliseconds of each of 1,000 lookups of one part with all its flaws; and how many flaws the most afflicted part has, with its time."""
    query = "SELECT key, count(*) FROM affected GROUP BY key ORDER BY key"
    keys = store._connection.execute(query).fetchall()  # noqa: SLF001 - only to choose what to ask for
    took = [_milliseconds(store, key) for key, _ in keys[:: max(1, len(keys) // 1000)]]
    worst, flaws = max(keys, key=lambda row: row[1])
    return took, flaws, _milliseconds(store, worst)


def _milliseconds(store: Store, key: str) -> float:
    begun = time.process_time()
    for part in store.affecting([key]):
        store.vulnerability(part.vulnerability)
    return (time.process_time() - begun) * 1000


def components(store: Store) -> list[Component]:
    """Components whose names are in the store, each name as likely as the others, in versions from 0.0.1 to 9.9.9."""
    keys = [key for (key,) in store._connection.execute("SELECT DISTINCT key FROM affected ORDER BY key")]  # noqa: SLF001 - as above
    named = [key for key in keys if key.startswith(("cpe:a:", "cpe:o:", "pkg:"))]
    return [_component(named[number * len(named) // COMPONENTS], number) for number in range(COMPONENTS)]


def _component(key: str, number: int) -> Component:
    version = f"{number % 10}.{number // 10 % 10}.{1 + number // 100 % 9}"
    name = key.rpartition("/")[2] if key.startswith("pkg:") else key.rpartition(":")[2]
    where = Where("e1", f"usr/lib/part-{number}")
    if key.startswith("pkg:"):
        return Component(where, f"{name}-{number}", version, purl=f"{key}@{version}")
    kind, vendor, product = key.split(":")[1:]
    return Component(where, f"{name}-{number}", version, cpe=f"cpe:2.3:{kind}:{vendor}:{product}:{version}:*:*:*:*:*:*:*")


def matching(path: Path) -> str:
    """How long it takes to match the components, in words."""
    facts, store = Facts(components(Store(path))), Store(path)
    begun = _cpu()
    found = match(facts, store, ())
    return f"matching {COMPONENTS:,} components: {_cpu() - begun:.1f} s by the processor, {len(found):,} matches"


def main() -> None:
    """Write the feeds, import them, look things up."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=250_000)
    entries = parser.parse_args().entries
    if not SHARED.is_dir():
        print("The shared data are not on this machine: there are no records to take.")
        return
    with tempfile.TemporaryDirectory() as folder:
        paths, path = write(Path(folder), entries), Path(folder, "store")
        begun, before = time.perf_counter(), _cpu()
        done = import_files(path, paths, today=date(2026, 11, 25))
        took, cpu = time.perf_counter() - begun, _cpu() - before
        peaks = [resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        print(f"import: {sum(done.taken.values()):,} entries ({sum(one.stat().st_size for one in paths) >> 20} MiB compressed) {done.taken}")
        print(f"  {took:.0f} s by the clock, {cpu:.0f} s by the processor, peak {peaks[0]} + {peaks[1]} MiB (writer + reader)")
        print(f"  store {path.stat().st_size >> 20} MiB")
        times, flaws, worst = lookups(Store(path))
        slow = statistics.quantiles(times, n=100)[98]
        print(f"lookup of one part with every flaw: median {statistics.median(times):.2f} ms, 99 % {slow:.2f} ms ({len(times):,} parts)")
        print(f"  the part with the most flaws ({flaws:,} statements): {worst:.0f} ms")
        print(matching(path))


def _cpu() -> float:
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


if __name__ == "__main__":
    main()
