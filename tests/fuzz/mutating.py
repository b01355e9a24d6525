"""Seeded mutations of what a reader understands, and what it said of each."""

from __future__ import annotations

import random
import traceback
from collections.abc import Iterator
from pathlib import Path

from fourseas.errors import FourseasError
from tests.fuzz.readers import Reader

TOKENS = (
    b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r", b"\n\n", b"\t", b'"', b"'", b"{",
    b"}", b"[", b"]", b",", b":", b"&a", b"*a", b"!!x", b"<<", b"1e999", b"-1", b"nan", b"null",
    b"9" * 40, b"..", b"../", b"=1+1", b"<!ENTITY", b"@", b"%", b"#", b"2024-02-30", b"|", b"ER",
)  # fmt: skip


def mutations(reader: Reader, n: int) -> Iterator[bytes]:
    """Return the seeds of a reader, and mutations of them, the same in every run."""
    chance = random.Random(reader.name)  # noqa: S311
    yield from reader.seeds
    small = [seed for seed in reader.seeds if len(seed) < 10_000] or list(reader.seeds)
    for _ in range(n):
        data = bytearray(chance.choice(small))
        for _ in range(chance.randint(1, 4)):
            _mutate(data, chance)
        yield bytes(data)


def _mutate(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    to = min(len(data), at + chance.randint(1, 30))
    change = chance.randrange(5)
    if change == 0 and data:
        data[min(at, len(data) - 1)] = chance.randrange(256)
    elif change == 1:
        del data[at:to]
    elif change == 2:
        data[at:at] = data[at:to] * chance.randint(1, 5)
    elif change == 3:
        data[at:] = b""
    else:
        data[at:at] = chance.choice(TOKENS)


def finding(reader: Reader, data: bytes) -> str | None:
    """Read; return where and how it failed otherwise than with an error of ours."""
    try:
        reader.read(data)
    except FourseasError:
        return None
    except Exception as error:  # noqa: BLE001  (whatever it is, it is a finding)
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if "/fourseas/" in frame.filename] or frames[-1:]
        place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"
        return f"{type(error).__name__} at {place}: {str(error)[:120]}"
    return None
