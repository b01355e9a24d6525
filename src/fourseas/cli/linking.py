"""What `fourseas link` does: candidates on the screen, or a file of texts linked."""

from __future__ import annotations

import time
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from fourseas import workspace
from fourseas.affiliations.countries import located
from fourseas.affiliations.directory import Directory
from fourseas.affiliations.match import NAMED, candidates
from fourseas.cli import formats, rendering, writing
from fourseas.errors import FourseasError, SourceError
from fourseas.reports.linking import linking
from fourseas.reports.linking.linking import Text

FEW = 40_000
"""Organizations up to which a lake cannot hold all of ROR."""

SHOWN = 8
"""Candidates that a screen shows."""

READ = (".csv", ".parquet")
BETWEEN = "|"
RESOLVER = "https://ror.org/"


def show_organizations(lake: Path, text: str | None, country: str | None, out: Path | None) -> None:
    """Print the organizations that a text may name."""
    if text is None or out is not None:
        message = "One text is shown on the screen; a file of many is read with --in."
        raise FourseasError(message, 'Write fourseas link org "TEXT", or --in FILE --out FILE.')
    with workspace.open(lake) as ws:
        code = None if country is None else linking.country(ws, country)
        known, places = linking.organizations(ws), linking.countries(ws)
    found = candidates(text, known, places, country_code=code)
    named = [one for one in found if one.is_named]
    rendering.tell(
        *_about(known),
        "Names: " + "; ".join(f"{one.name} ({one.ror_id})" for one in named)
        if named
        else f"Names none of them: no candidate reaches a score of {NAMED}, or two are alike.",
    )
    if found:
        header = ("named", "score", "ROR id", "organization", "country", "why")
        rendering.show_rows(
            "Candidates",
            header,
            (
                (c.is_named, round(c.score, 2), c.ror_id, c.name, c.country_code, c.reason)
                for c in found[:SHOWN]
            ),
        )


def show_country(lake: Path, text: str) -> None:
    """Print the country that a text names."""
    with workspace.open(lake) as ws:
        found = located(text, linking.countries(ws))
    rendering.say(f"{', '.join(found.country_codes) or 'unknown'}: {found.reason}.")


def link_file(
    lake: Path, inputs: Path, out: Path | None, *, text: str | None, country: str | None
) -> None:
    """Link a file of texts and write what they name."""
    if out is None or text is not None or country is not None:
        message = "A file of texts is linked to a file, and says itself which country each is in."
        raise FourseasError(message, "Write --in FILE --out FILE alone.")
    written_as = formats.format_of(out, "table")
    texts = _read(inputs)
    with workspace.open(lake) as ws:
        known, places = linking.organizations(ws), linking.countries(ws)
    began = time.perf_counter()
    found = linking.linked(texts, known, places)
    seconds = time.perf_counter() - began
    unlinked = found["ror_id"].null_count
    named = len(texts) - unlinked
    read = f"{len(texts):,} texts read from {inputs.name}; {named:,} name an organization, "
    rest = f"{unlinked:,} none of them."
    notes = [*_about(known), read + rest, f"The likeliest is named from a score of {NAMED}."]
    writing.write(formats.files(out, found, notes, written_as))
    rendering.tell(*notes, f"Wrote {out} in {seconds:.1f} s.")


def _about(known: Directory) -> tuple[str, ...]:
    """Say how many organizations there are, and how to have all."""
    held = f"{len(known.entries):,} organizations with a ROR id are in the lake."
    if len(known.entries) > FEW:
        return (held,)
    return (held, f"ROR has about 120,000: an absent one is not found. {linking.ADDING} adds them.")


def _read(path: Path) -> list[Text]:
    """Return the texts of a file."""
    if not path.is_file():
        raise SourceError.missing_path(str(path))
    kind = writing.kind(path, READ)
    try:
        if kind == ".parquet":
            rows = pyarrow.parquet.read_table(path)
        else:
            columns = dict.fromkeys(("affiliation", "country_code", "ror_ids"), pa.string())
            options = pyarrow.csv.ConvertOptions(column_types=columns, strings_can_be_null=False)
            lines = pyarrow.csv.ParseOptions(newlines_in_values=True)
            rows = pyarrow.csv.read_csv(path, parse_options=lines, convert_options=options)
    except (pa.ArrowInvalid, OSError) as error:
        found = str(error).splitlines()[0]
        raise SourceError.unreadable_part(str(path), f"as {kind[1:]}", found) from error
    if "affiliation" not in rows.column_names:
        message = f"{path} has no column `affiliation`; it has {', '.join(rows.column_names)}."
        raise FourseasError(message, "Name the column of the texts `affiliation`.")
    return [
        Text(
            affiliation=row["affiliation"] or "",
            country_code=(row.get("country_code") or "").strip().upper() or None,
            ror_ids=tuple(
                given.strip().removeprefix(RESOLVER)
                for given in (row.get("ror_ids") or "").split(BETWEEN)
                if given.strip()
            ),
        )
        for row in rows.to_pylist()
    ]
