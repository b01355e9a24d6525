"""Charts drawn by Vega, in which no text stands that a picture cannot hold.

Names of registers may hold signs that XML forbids. Vega's drawer ends the whole process at one of
them, and no browser shows a picture with one; so they are replaced before.
"""

from __future__ import annotations

import re

import vl_convert

from fourseas.reports.theme import ROOMY, Spec

NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACED = "\ufffd"


def as_svg(spec: Spec) -> str:
    """Return a chart as SVG."""
    drawn: str = vl_convert.vegalite_to_svg(_legal_spec(_within_padding(_without_hints(spec))))
    return drawn


def as_png(spec: Spec, *, scale: float) -> bytes:
    """Return a chart as pixels, `scale` of them to a pixel of its width."""
    drawn: bytes = vl_convert.vegalite_to_png(_legal_spec(spec), scale=scale)
    return drawn


def without_forbidden(text: str) -> str:
    """Return a text, or a picture, with a sign of replacement for each that XML forbids."""
    return NO_XML.sub(REPLACED, text)


def _without_hints(spec: Spec) -> Spec:
    """Return a chart without what only a pointer shows, which takes a quarter of the time to draw.

    Where a mark has no description of its own, one is made of its hints, which therefore stay.
    """
    encoding, layers = spec.get("encoding"), spec.get("layer")
    if not isinstance(encoding, dict) or not isinstance(layers, list):
        return spec
    if not all(_is_described(layer) for layer in layers):
        return spec
    shown = {channel: one for channel, one in encoding.items() if channel != "tooltip"}
    return spec | {"encoding": shown}


def _within_padding(spec: Spec) -> Spec:
    """Return a chart whose size is that within its padding, where it says what that is.

    It is the same chart; told of the size with the padding, the drawer lays it out twice.
    """
    width, height, padding = (spec.get(name) for name in ("width", "height", "padding"))
    if not (
        spec.get("autosize") == ROOMY
        and isinstance(width, int)
        and isinstance(height, int)
        and isinstance(padding, dict)
    ):
        return spec
    return spec | {
        "autosize": {"type": "none"},
        "width": width - padding["left"] - padding["right"],
        "height": height - padding["top"] - padding["bottom"],
    }


def _is_described(layer: Spec) -> bool:
    """Return whether a reader who hears a mark hears its own description, or none."""
    mark, encoding = layer.get("mark"), layer.get("encoding")
    is_silent = isinstance(mark, dict) and mark.get("aria") is False
    return is_silent or (isinstance(encoding, dict) and "description" in encoding)


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
