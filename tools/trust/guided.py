"""Fuzz one reader, guided by the branches of its code that a file reaches.

python -m tools.trust.guided READER SECONDS RESULT

Atheris ends the process that it runs in; what was found is written to RESULT before.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import warnings
from pathlib import Path
from time import process_time

import atheris

with atheris.instrument_imports(include=["fourseas", "rispy", "pybtex", "ruamel.yaml"]):
    from tests.fuzz import mutating
    from tests.fuzz.readers import READERS, Reader

SLOW = 5.0
"""CPU seconds that no reader may take for one small file."""

LONGEST = 20_000
"""Bytes of the files that are made; longer seeds are read as they are."""

MEGABYTES = 3000


class Fuzzed:
    """Give a reader one file after another, until its seconds have passed."""

    def __init__(self, reader: Reader, seconds: float, corpus: Path, result: Path) -> None:
        self.reader = reader
        self.seconds = seconds
        self.corpus = corpus
        self.result = result
        self.n_seeds = len(list(corpus.iterdir()))
        self.began = process_time()
        self.n = 0
        self.slowest = 0.0
        self.findings: dict[str, tuple[str, str]] = {}

    def read(self, data: bytes) -> None:
        """Read one file; when the time has passed, write what was found and end."""
        before = process_time()
        found = mutating.finding(self.reader, data)
        took = process_time() - before
        self.n += 1
        self.slowest = max(self.slowest, took)
        if found is not None:
            self._keep(found.partition(": ")[0], found, data)
        if took > SLOW:
            self._keep("slow", f"{len(data)} bytes took {took:.1f} s", data)
        if process_time() - self.began > self.seconds:
            self._end()

    def _keep(self, kind: str, found: str, data: bytes) -> None:
        """Keep the first finding of a kind: what failed at one place is one."""
        self.findings.setdefault(kind, (found, data[:2000].hex()))

    def _end(self) -> None:
        told = {
            "seconds": round(process_time() - self.began, 1),
            "n": self.n,
            "slowest": round(self.slowest, 2),
            "kept": len(list(self.corpus.iterdir())) - self.n_seeds,
            "findings": [found for found, _ in self.findings.values()],
            "examples": [example for _, example in self.findings.values()],
        }
        self.result.write_text(json.dumps(told), encoding="utf-8")
        os._exit(0)  # the fuzzer below would report its end as a crash


def main() -> None:
    """Fuzz the reader that the command line names."""
    warnings.simplefilter("ignore")
    name, seconds, result = sys.argv[1:]
    (reader,) = [one for one in READERS if one.name == name]
    corpus = Path(tempfile.mkdtemp(prefix="corpus-", dir=Path(result).parent))
    for at, seed in enumerate(reader.seeds):
        if len(seed) <= LONGEST:
            (corpus / f"seed-{at}").write_bytes(seed)
    fuzzed = Fuzzed(reader, float(seconds), corpus, Path(result))
    for data in mutating.mutations(reader, 0):
        fuzzed.read(data)
    options = ["-seed=1", f"-max_len={LONGEST}", f"-rss_limit_mb={MEGABYTES}", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], fuzzed.read)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
