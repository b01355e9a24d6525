"""What a lake is asked to do while its disk fails, and what a reader sees of it."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fourseas.errors import LakeError
from fourseas.lake import audit, full_text, layout, ledger, lists
from fourseas.lake.build import BUILDING
from fourseas.lake.layout import Lake
from tests.lake import appending, small

N_MORE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One thing that writes.

    Attributes
    ----------
    name
        Its name in tables of figures.
    prepare
        Makes what stands before, in an empty directory.
    act
        Does it.
    see
        Returns what a reader sees: before, or after, and nothing else.
    is_repeated
        Whether a user does it again without looking first, as `add` and `build` promise;
        what appends is repeated only where it is not there.
    """

    name: str
    prepare: Callable[[Path], None]
    act: Callable[[Path], None]
    see: Callable[[Path], object]
    is_repeated: bool = True


def _lake(place: Path) -> Lake:
    return layout.locate(place / "lake")


def _settled(place: Path) -> None:
    shutil.copytree(_built_once(), place, dirs_exist_ok=True)


@cache
def _built_once() -> Path:
    """Return a directory with a lake that every scenario of this process begins with."""
    place = Path(tempfile.mkdtemp(prefix="settled-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    small.settled(place)
    return place


def _staged(place: Path) -> object:
    """Return all that the lake holds of its registers, and every version that says it is whole."""
    lake = _lake(place)
    held = {
        register.register: [
            (
                part.part_key,
                part.n_records,
                small.version_rows(lake.staging / register.register / part.stage),
            )
            for part in register.parts
        ]
        for register in ledger.read_registers(lake)
    }
    return held, _built(place)


def _built(place: Path) -> object:
    """Return the current version; every other one that is complete must be readable too."""
    lake = _lake(place)
    for version in lake.complete_versions():
        names = {table.name for table in ledger.read_ledger(version).tables}
        assert set(small.version_rows(version)) == names
    current = lake.current()
    return None if current is None else small.version_rows(current)


def left_behind(place: Path) -> list[str]:
    """Return files that only a failure leaves: after a run that ended well there are none."""
    lake = _lake(place)
    with layout.writing(lake):  # as the next writer does, it clears what the dead have left
        pass
    root = lake.root
    found = [*root.rglob("*.draft"), *root.glob(f"versions/{BUILDING}*")]
    own = f"{os.getpid()}-"
    found += [path for path in root.glob("tmp/*") if not path.name.startswith(own)]
    return [str(path.relative_to(root)) for path in found]


def _initialized(place: Path) -> object:
    try:
        lake = _lake(place)
    except LakeError:
        return None
    return lake.scope, len(lake.person_salt)


def _initialize(place: Path) -> None:
    if _initialized(place) is None:
        small.new_lake(place / "lake")


def _with_jsonl(place: Path) -> None:
    _settled(place)
    more = [small.tree(n, "fir", "green") for n in range(100, 100 + N_MORE)]
    small.write_lines(place / "more" / "trees_3.jsonl", more)
    small.write_lines(place / "more" / "trees_4.jsonl.gz", [small.tree(7, "oak")])


def _with_csv(place: Path) -> None:
    _settled(place)
    small.write_text(place / "more" / "trees_5.csv", "id,kind,share\n71,oak,0.5\n72,fir,0.25\n")


def _with_parquet(place: Path) -> None:
    _settled(place)
    (place / "more").mkdir()
    rows = pa.table({"id": [81, 82], "kind": ["oak", None], "share": [0.5, 0.25]})
    pq.write_table(rows, place / "more" / "trees_6.parquet")


def _with_newer(place: Path) -> None:
    _settled(place)
    small.write_text(place / "more" / "kinds.csv", "kind,height_km\noak,0.04\n")


def _with_trees_to_build(place: Path) -> None:
    _with_jsonl(place)
    _add(place)


def _add(place: Path) -> None:
    small.add(_lake(place), place / "more")


def _replace(place: Path) -> None:
    small.add(_lake(place), place / "more", small.BOTANY, snapshot_on="2024-09-30", replace=True)


def _build(place: Path) -> None:
    small.make(_lake(place))


def _build_all(place: Path) -> None:
    small.make(_lake(place), small.CHANGED)


GIVEN = lists.Given(file_name="list.csv", data=b"name\nOak Institute\n")


def _with_list(place: Path) -> None:
    _settled(place)
    lists.add(_lake(place), "groves", {"entries": ["Oak Institute"]}, GIVEN, after=0)


def _lists(place: Path) -> object:
    lake = _lake(place)
    return [
        (one.name, one.number, one.sha256)
        for name in lists.names(lake)
        for one in lists.editions(lake, name)
    ]


def _add_list(place: Path) -> None:
    lists.add(_lake(place), "groves", {"entries": ["Fir Institute"]}, GIVEN, after=1)


def _with_log(place: Path) -> None:
    _settled(place)
    appending.decide(_lake(place), "Zoe Example", 1)


def _log(place: Path) -> object:
    """Return what was decided; that a torn line was set aside stands in the log too."""
    return [one.body.get("n") for one in audit.records(_lake(place)) if one.kind == "decision"]


def _decide(place: Path) -> None:
    appending.decide(_lake(place), "Bo Example", 2)


def _documents() -> pa.RecordBatch:
    name = ["Oak Institute", "Fir Institute"]
    none = pa.array([None, None], pa.string())
    return pa.RecordBatch.from_pydict(
        {
            "kind": ["organization"] * 2,
            "name": name,
            "other_names": none,
            "countries": ["BR", "DE"],
            "strength": [1.0, 2.0],
        }
    )


def _index_path(place: Path) -> Path:
    lake = _lake(place)
    current = lake.current()
    assert current is not None
    return full_text.path_of(lake, current.name, "fingerprint")


def _index(place: Path) -> None:
    full_text.build(_lake(place), _index_path(place), [_documents()])


def _indexed(place: Path) -> object:
    index = full_text.opened(_index_path(place))
    return None if index is None else index.searcher().num_docs


SCENARIOS = (
    Scenario(
        name="init",
        prepare=lambda place: place.joinpath("lake").mkdir(),
        act=_initialize,
        see=_initialized,
    ),
    Scenario(name="add JSON lines", prepare=_with_jsonl, act=_add, see=_staged),
    Scenario(name="add CSV", prepare=_with_csv, act=_add, see=_staged),
    Scenario(name="add Parquet", prepare=_with_parquet, act=_add, see=_staged),
    Scenario(name="add in place of", prepare=_with_newer, act=_replace, see=_staged),
    Scenario(name="build what changed", prepare=_with_trees_to_build, act=_build, see=_built),
    Scenario(name="build all", prepare=_settled, act=_build_all, see=_built),
    Scenario(name="list", prepare=_with_list, act=_add_list, see=_lists, is_repeated=False),
    Scenario(name="audit log", prepare=_with_log, act=_decide, see=_log, is_repeated=False),
    Scenario(name="search index", prepare=_settled, act=_index, see=_indexed),
)
