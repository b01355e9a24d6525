"""What `fourseas challenge` does: lists, counts, tagged works, labelling sheets, drafts."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

from fourseas import challenge_lists, workspace
from fourseas.challenges.agreement import Stratum
from fourseas.challenges.challenge import COLUMNS, Challenge
from fourseas.cli import formats, rendering, writing
from fourseas.errors import FourseasError
from fourseas.reports.challenges import draft as drafts
from fourseas.reports.challenges import sheet as sheets
from fourseas.reports.challenges.draft import Topic
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
    """Return the challenge of a name or of a file that stands for one, or that of a list.

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
    return challenge_lists.named(name)


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
        of.title,
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
    # In two lines each, so that names of countries have room.
    titles = {"country_name": "country", "wide": "core+\nwide", "share": "of its\nworks"}
    rendering.show_rows(
        "Countries by works with an author there",
        [titles.get(name, name.replace("_", "\n")) for name in columns],
        [[row[name] for name in columns] for row in found.countries],
    )
    told = f"Shares are of the {found.n_works:,} works that say what they are about."
    rendering.tell(READINGS_NOTE, told, FLIPS_NOTE, f"Definition: {of.definition_id}.", note)


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


def sample(lake: Path, of: Challenge, out: Path, *, each: int, seed: int) -> None:
    """Write a labelling sheet."""
    writing.kind(out, (".csv",))
    if each < 1:
        message = f"--each is {each}: nothing would be drawn."
        raise FourseasError(message, "Give 1 or more; 60 tell a share to about 12 points.")
    with workspace.open(lake) as ws:
        made = sheets.sheet(ws, of, each=each, seed=seed)
    writing.write({out: sheets.as_csv(made.rows).encode()})
    drawn = Counter(str(row["stratum"]) for row in made.rows)
    rendering.show_rows(
        "Works to be read",
        ("stratum", "works", "drawn"),
        [(name, size, drawn[name]) for name, size in made.sizes.items()],
    )
    rendering.tell(
        f"Wrote {len(made.rows)} works to {out}, in random order.",
        f"Does the work serve the challenge {of.title.lower()}? Two people write yes or no into "
        f"{' and '.join(sheets.LABELLERS)}, neither seeing the other's nor the last columns.",
        f"Then: fourseas challenge score {out}",
    )


def score(path: Path) -> None:
    """Print what people found in a sheet."""
    found = sheets.score(challenge_lists.read_text(path), where=str(path))
    rendering.show_rows(
        f"Precision by stratum: {found.definition_id}",
        ("labeller", "stratum", "works", "judged", "belong", "share", "95% interval"),
        [
            (name, stratum, one.size, one.judged.n, one.judged.k, one.judged.share, _span(one))
            for (name, stratum), one in found.strata.items()
        ],
    )
    rendering.show_rows(
        "Recall, at most",
        ("labeller", "reading", "recall", "bounds"),
        [
            (name, reading, one.share, rendering.span(one.low, one.high))
            if one
            else (name, reading, None, "-")
            for (name, reading), one in found.recalls.items()
        ],
    )
    if found.agreement is None:
        rendering.tell("Agreement: no work was judged by both.")
    else:
        both = found.agreement
        interval = rendering.span(both.low, both.high)
        rendering.tell(
            f"Agreement on {both.n} works that both judged: {rendering.cell(both.agreed)}; Cohen's "
            f"kappa {rendering.cell(both.kappa)}, 95% interval {interval}."
        )
    for name, count in found.n_open.items():
        if count:
            rendering.tell(f"{name} left {count} works open: they are in no share.")
    rendering.tell("Works neither tagged nor near are taken for none of the challenge.")
    rendering.tell("Intervals of shares: Wilson's. Bounds of recall: each share at its worse end.")


def _span(of: Stratum) -> str:
    return rendering.span(of.judged.low, of.judged.high)


def draft(brief: str, out: Path, take: int) -> None:
    """Write a list without decisions."""
    writing.kind(out, (".csv",))
    topics = (
        Topic(topic_id=topic_id, name=name, above=above)
        for topic_id, (name, above) in challenge_lists.named_topics().items()
    )
    rows = drafts.draft(brief, topics, name=out.stem, take=take)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    writing.write({out: text.getvalue().encode()})
    rendering.tell(
        f"Wrote {len(rows)} candidates to {out}, by the words of topics' names alone: there are "
        "others. Decide each: weight core or wide, decision include or exclude, and a reason.",
        f"Then: fourseas challenge show --list {out}",
    )
