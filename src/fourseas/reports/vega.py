"""Charts drawn by Vega, in which no text stands that a picture cannot hold.

Names of registers may hold signs that XML forbids. Vega's drawer ends the whole process at one of
them, and no browser shows a picture with one; so they are replaced before.
"""

from __future__ import annotations

import re

import vl_convert

from fourseas.reports.theme import Spec

NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACED = "\ufffd"


def as_svg(spec: Spec) -> str:
    """Return a chart as SVG."""
    drawn: str = vl_convert.vegalite_to_svg(_legal_spec(spec))
    return drawn


def as_png(spec: Spec, *, scale: float) -> bytes:
    """Return a chart as pixels, `scale` of them to a pixel of its width."""
    drawn: bytes = vl_convert.vegalite_to_png(_legal_spec(spec), scale=scale)
    return drawn


def without_forbidden(text: str) -> str:
    """Return a text, or a picture, with a sign of replacement for each that XML forbids."""
    return NO_XML.sub(REPLACED, text)


def _legal_spec(spec: Spec) -> Spec:
    return {key: _legal(one) for key, one in spec.items()}


def _legal(value: object) -> object:
    if isinstance(value, str):
        return without_forbidden(value)
    if isinstance(value, dict):
        return {_legal(key): _legal(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_legal(one) for one in value]
    return value
