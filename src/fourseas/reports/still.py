"""Charts as still pictures in the text of a page, for readers who let no script run."""

from __future__ import annotations

import base64

from fourseas.reports import vega
from fourseas.reports.theme import PAPER, Spec

LONGEST_DRAWING = 150_000
"""In bytes; a picture of more lines than that is shorter as pixels."""


def still(spec: Spec, width: int, *, scale: float = 1) -> str:
    """Return a chart at its first setting as the address of a picture that holds all of it.

    Where it comes as pixels, `scale` says how many there are to a pixel of the page.
    """
    drawn = spec | {"width": width, "background": PAPER}
    picture = vega.as_svg(drawn).encode()
    kind = "svg+xml"
    if len(picture) > LONGEST_DRAWING:
        picture, kind = vega.as_png(drawn, scale=scale), "png"
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode('ascii')}"
