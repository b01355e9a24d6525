"""Inflate gzip files by ISA-L in two processes and do nothing with what is in them: the floor."""

import json
import sys
from concurrent.futures import ProcessPoolExecutor

from isal import igzip

CHUNK = 2**20
PROCESSES = 2


def inflate(path: str) -> int:
    """Return how many bytes a file holds."""
    n_bytes = 0
    with igzip.open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            n_bytes += len(chunk)
    return n_bytes


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as task, ProcessPoolExecutor(PROCESSES) as pool:
        n_bytes = sum(pool.map(inflate, json.load(task)["files"]))
    print(json.dumps({"bytes": n_bytes}))
