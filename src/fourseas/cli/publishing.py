"""What `fourseas publish` does: a site, written beside its place and moved there when whole."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from fourseas import workspace
from fourseas.cli import rendering
from fourseas.cli.bars import Bars
from fourseas.errors import FourseasError
from fourseas.lake.layout import disk_errors
from fourseas.lake.progress import Progress
from fourseas.publishing.crate import FILE
from fourseas.publishing.site import Choice, site
from fourseas.web.reader import Reader
from fourseas.workspace import Workspace

MOST_COUNTRIES = 30
"""Countries with pages of their own where none are named: those with most works."""

MEGABYTE = 1e6


def publish(
    lake: Path, out: Path, *, countries: tuple[str, ...], partners: int, years: int, url: str | None
) -> None:
    """Write the site of a lake; what is not whole is never at its place.

    Raises
    ------
    FourseasError
        If something that is no site is at its place, or its directory is not there.
    """
    for name, wanted, least in (("--partners", partners, 0), ("--years", years, 1)):
        if wanted < least:
            message = f"{name} is {wanted}."
            raise FourseasError(message, f"Choose {least} or more.")
    place = _place(out)
    began = time.monotonic()
    with workspace.open(lake) as ws:
        choice = Choice(
            countries=_chosen(ws, countries),
            codes=_codes(ws),
            n_partners=partners,
            n_years=years,
            url=url,
        )
    # Sums of fractions end in digits that depend on which of several threads was first.
    reader = Reader(lake, threads=1)
    try:
        with Bars() as bars:
            n_files, n_bytes = put(_of_one_version(reader, choice, bars), place)
    finally:
        reader.close()
    seconds = time.monotonic() - began
    rendering.say(
        f"Wrote {n_files:,} files, {n_bytes / MEGABYTE:,.1f} MB, to {out} in {seconds:,.0f} s.",
        f"Look at it: python -m http.server --directory {out}",
    )


def _place(out: Path) -> Path:
    place = out.resolve()
    if not place.parent.is_dir():
        message = f"There is no directory {out.parent}."
        raise FourseasError(message, "Make it first, or name a place in one that is there.")
    is_free = not place.exists() or (place.is_dir() and not any(place.iterdir()))
    if not is_free and not (place / FILE).is_file():
        message = f"{out} is there and is no site that `fourseas publish` wrote: it stays."
        raise FourseasError(message, "Name a place where there is nothing yet.")
    return place


def _of_one_version(
    reader: Reader, choice: Choice, progress: Progress
) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a site; fail at its end if the lake was built anew meanwhile."""
    version = reader.version()
    yield from site(reader, choice, progress)
    if reader.version() != version:
        message = "The lake was built anew while its site was written, so nothing is kept."
        raise FourseasError(message, "Run it again when the lake is at rest.")


def put(files: Iterable[tuple[str, bytes]], place: Path) -> tuple[int, int]:
    """Write files to a directory that is there when all are; return how many, and their bytes."""
    draft = place.with_name(f".{place.name}.{os.getpid()}.draft")
    n_files, n_bytes = 0, 0
    try:
        for name, content in files:
            path = draft / name
            with disk_errors(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            n_files, n_bytes = n_files + 1, n_bytes + len(content)
        _move(draft, place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return n_files, n_bytes


def _move(draft: Path, place: Path) -> None:
    """Put a whole site in its place; an older one goes when the new one is there."""
    older = place.with_name(f".{place.name}.{os.getpid()}.older")
    with disk_errors(place):
        if place.exists():
            place.rename(older)
        draft.rename(place)
    shutil.rmtree(older, ignore_errors=True)


def _chosen(ws: Workspace, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return code and name of countries: those that are named, or those with most works."""
    known = {code: name for name, code in _codes(ws).items()}
    if names:
        codes = list(dict.fromkeys(ws.unit_ids(names)))
        for code in codes:
            if code not in known:
                message = f"{code} is no country, and has no pages of its own."
                raise FourseasError(message, "Name countries; groups are in the data.")
    else:
        volume = ws.table("volume")
        of_countries = volume.filter((volume.unit_type == "country") & (volume.field_id == "all"))
        most = of_countries.group_by("unit_id").agg(p=of_countries.p.max())
        ordered = most.order_by(most.p.desc(), most.unit_id).limit(MOST_COUNTRIES).to_pyarrow()
        codes = [code for code in ordered["unit_id"].to_pylist() if code in known]
    return tuple(sorted(((code, known[code]) for code in codes), key=lambda one: one[1]))


def _codes(ws: Workspace) -> dict[str, str]:
    """Return the code of every country by its name."""
    listed = ws.table("countries").select("country_name", "country_code").to_pyarrow()
    return {str(row["country_name"]): str(row["country_code"]) for row in listed.to_pylist()}
