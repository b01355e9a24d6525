"""What `fourseas challenge` does: lists, counts, tagged works, labelling sheets, drafts."""

from __future__ import annotations

from pathlib import Path

from fourseas import challenge_lists, workspace
from fourseas.challenges.challenge import Challenge
from fourseas.cli import formats, rendering, writing
from fourseas.errors import FourseasError
from fourseas.reports.challenges.summary import Summary, summary
from fourseas.reports.challenges.tagged import tags

READINGS_NOTE = (
    "core: its first topic, or another that scores 0.99 or more, is core. core+wide: any topic of "
    "the list. SDG: tagged by OpenAlex's classifier with a goal of the list, whatever its topic."
)
FLIPS_NOTE = (
    "What stands by one reading and not by another is told by the definition, not the data."
)


def chosen(name: str | None, path: Path | None) -> Challenge:
    """Return the challenge of a name, or that of a file.

    Raises
    ------
    FourseasError
        If both or neither is given.
    """
    if (name is None) == (path is None):
        names = ", ".join(one.name for one in challenge_lists.packaged())
        message = "Name a challenge, or give a list of your own with --list: one of the two."
        raise FourseasError(message, f"Challenges here: {names}.")
    if path is not None:
        return challenge_lists.read(path)
    assert name is not None
    return challenge_lists.challenge(name)


def list_all() -> None:
    """Print the challenges that come with the package."""
    rows = [
        (
            one.name,
            len(one.included("topic", "core")),
            len(one.included("topic", "wide")),
            sum(row.decision == "exclude" for row in one.rows),
            ", ".join(row.id for row in one.included("sdg")) or "-",
            one.definition_id,
        )
        for one in challenge_lists.packaged()
    ]
    header = ("challenge", "core topics", "wide topics", "left out", "goals", "definition")
    rendering.show_rows("Challenges", header, rows)
    rendering.tell("`fourseas challenge show NAME --rows` prints each decision with its reason.")


def show_rows(of: Challenge) -> None:
    """Print the decisions of a list with their reasons."""
    header = ("kind", "id", "label", "weight", "decision", "reason")
    rows = [(r.kind, r.id, r.label, r.weight, r.decision, r.reason) for r in of.rows]
    rendering.show_rows(of.title, header, rows)
    rendering.tell(f"Definition: {of.definition_id}, {len(of.rows)} decisions.")


def show(lake: Path, of: Challenge, take: int) -> None:
    """Print what a lake holds of a challenge."""
    with workspace.open(lake) as ws:
        found = summary(ws, of, take=take)
        note = _cells_note(found)
    readings = [("core", found.core), ("core+wide", found.wide)]
    if found.sdg is not None:
        readings.append(("SDG", found.sdg))
    rendering.show_rows(
        f"{of.title}: of {found.n_works:,} works that could be told to belong",
        ("reading", "works", "share"),
        [(name, count, count / found.n_works) for name, count in readings],
    )
    rendering.show_rows(
        "How far readings agree",
        ("reading", "other reading", "in both", "Jaccard"),
        [(*one.readings, one.both, one.jaccard) for one in found.overlaps],
    )
    if found.sdg is None:
        rendering.tell("No work here is tagged with a goal of the United Nations: no such reading.")
    columns = ["country_name", "core", "wide", "share", "rank_core", "rank_wide"]
    columns += ["sdg", "rank_sdg"] if found.sdg is not None else []
    titles = {"country_name": "country", "wide": "core+wide", "share": "of its works"}
    rendering.show_rows(
        "Countries by works with an author there",
        [titles.get(name, name.replace("_", " ")) for name in columns],
        [[row[name] for name in columns] for row in found.countries],
    )
    rendering.tell(READINGS_NOTE, FLIPS_NOTE, f"Definition: {of.definition_id}.", note)


def _cells_note(found: Summary) -> str:
    """Say whether indicators can be asked for by this challenge."""
    name = found.challenge.name
    if found.is_built:
        return f"By country and year: fourseas show collaboration --field {name}"
    return (
        "Indicators are not built by this list: they are for the lists that came with the package "
        "when the lake was built."
    )


def tag(lake: Path, of: Challenge, out: Path) -> None:
    """Write the works of a challenge to a file."""
    output_format = formats.format_of(out, "table")
    with workspace.open(lake) as ws:
        rows = tags(ws, of).to_pyarrow()
    notes = [f"{of.title}: {of.definition_id}.", READINGS_NOTE]
    writing.write(formats.files(out, rows, notes, output_format))
    rendering.say(f"Wrote {rows.num_rows:,} works to {out}.")
