"""The page of docs that shows the observatory leaves no page out."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from fourseas.web.app import PAGES
from tools.screenshots import DOCS, SCHEMES, SCREENS, SHOWN, WIDTHS, page


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in PAGES if pattern != "/world"])
def test_every_page_of_the_server_is_shown(pattern: str) -> None:
    address = re.compile("[^/]+".join(map(re.escape, pattern.split("{}"))))

    assert any(address.fullmatch(urlsplit(shown.address).path) for shown in SHOWN)


def test_the_page_of_docs_is_that_of_the_list_and_its_pictures_are_there() -> None:
    wanted = {
        f"{shown.name}-{width}-{scheme}.webp"
        for shown in SHOWN
        for width in WIDTHS
        for scheme in SCHEMES
    }

    assert (DOCS / "observatory.md").read_text(encoding="utf-8") == page()
    assert {path.name for path in SCREENS.iterdir()} == wanted
    assert all(path.read_bytes()[8:12] == b"WEBP" for path in SCREENS.iterdir())
