"""Write the golden tables anew, and show what differs from those before.

python -m tools.trust.golden [LAKE]

LAKE is a lake of the embedded registers; without one it is built.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from fourseas import workspace
from fourseas.catalog import INDICATORS
from tests.embedded import build_embedded
from tests.golden import tables

SHOWN = 20


def main() -> None:
    """Compute, compare and write every table."""
    keys = {indicator.writes.name: indicator.writes.key for indicator in INDICATORS}
    with tempfile.TemporaryDirectory() as place:
        lake = Path(sys.argv[1]) if sys.argv[1:] else build_embedded(Path(place) / "lake")
        with workspace.open(lake) as opened:
            for name in tables.INDICATORS:
                now = tables.computed(opened, name)
                told = tables.differences(tables.kept(name), now, keys[name])
                tables.path(name).write_text(tables.as_csv(now), encoding="utf-8")
                more = [f"and {len(told) - SHOWN} more"] if len(told) > SHOWN else []
                lines = [f"{name}: {len(now)} rows, {len(told)} differences", *told[:SHOWN], *more]
                print("\n  ".join(lines))  # noqa: T201


if __name__ == "__main__":
    main()
