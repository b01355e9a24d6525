#!/usr/bin/env python3
"""Write the pages of the documentation that are made from declarations.

    python tools/pages.py

It replaces docs/indicators, docs/registers, docs/definitions.md, docs/policy-vocabulary.md and the
schemas of policies and cases.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from fourseas.reports.pages import pages

DOCS = Path(__file__).parents[1] / "docs"


def main() -> None:
    """Write every page anew; pages of what is gone go too."""
    for directory in ("indicators", "registers"):
        shutil.rmtree(DOCS / directory, ignore_errors=True)
    for path, text in pages().items():
        file = DOCS / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
