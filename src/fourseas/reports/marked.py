"""Sentences on pages: what is set apart in them."""

from __future__ import annotations

import re

import markupsafe

QUOTED = re.compile(r"`([^`]+)`")


def marked(line: str) -> markupsafe.Markup:
    """Set apart what stands between back quotes in a sentence: names, and what is to be typed."""
    code = markupsafe.Markup("<code>{}</code>")
    parts = enumerate(QUOTED.split(line))
    return markupsafe.Markup().join(code.format(part) if at % 2 else part for at, part in parts)
