"""A brief: what somebody needs and what they offer, as a YAML document of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from fourseas.policy.json_schema import DRAFT, Schema, mapping, text
from fourseas.policy.places import Document, Problem, read_yaml
from fourseas.policy.validation import faults

KINDS = ("fields", "topics", "keywords")
"""By what a need or an offer is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What is needed, or what is offered.

    Attributes
    ----------
    fields, topics
        By id or name, of any scheme of the lake, and of OpenAlex.
    keywords
        Words that stand in names of fields or topics, or in another brief.
    """

    fields: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()

    @property
    def words(self) -> frozenset[str]:
        """Everything it names, in small letters."""
        named = (*self.fields, *self.topics, *self.keywords)
        return frozenset(one.casefold().strip() for one in named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A brief.

    Attributes
    ----------
    title
        What it is called.
    who
        Whose it is: a country or organization, or None.
    needs, offers
        What is needed and offered.
    document
        Where it was read.
    """

    title: str
    who: str | None
    needs: Side
    offers: Side
    document: Document


def brief_schema() -> Schema:
    """Return what may be written in a brief."""
    listed = {
        kind: {"type": "array", "minItems": 1, "items": text(f"One of the {kind}.")}
        for kind in KINDS
    }
    side = {**mapping(listed), "minProperties": 1}
    return {
        "$schema": DRAFT,
        "title": "fourseas brief",
        **mapping(
            {
                "brief": text("What it is called."),
                "who": text("Whose it is: a country or organization, by name or id."),
                "needs": side,
                "offers": side,
            },
            ("brief", "needs", "offers"),
        ),
    }


def read_brief(written: str, name: str) -> Brief:
    """Read a brief.

    Raises
    ------
    PolicyError
        With every fault of the document, its line and column, and the nearest valid word.
    """
    document = read_yaml(written, name)
    found = faults(document, brief_schema())
    if found:
        raise document.error(found)
    root = cast("dict[str, object]", document.root)
    who = root.get("who")
    return Brief(
        title=str(root["brief"]),
        who=None if who is None else str(who),
        needs=_side(root["needs"]),
        offers=_side(root["offers"]),
        document=document,
    )


def _side(written: object) -> Side:
    given = cast("dict[str, list[str]]", written)
    return Side(**{kind: tuple(str(one) for one in given.get(kind, ())) for kind in KINDS})


def unknown_in(brief: Brief, side: str, kind: str, place: int, remedy: str) -> Problem:
    """Say that what a brief names is not known, and where it stands."""
    given = cast("dict[str, dict[str, list[str]]]", brief.document.root)[side][kind][place]
    at = brief.document.place((side, kind, place))
    return Problem(at, f"`{given}` is none of the {kind} of this lake.", remedy)
