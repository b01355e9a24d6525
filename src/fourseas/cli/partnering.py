"""What `fourseas partner ...` is given, read from its words."""

from __future__ import annotations

from pathlib import Path

from fourseas import challenge_lists
from fourseas.challenges.challenge import Challenge
from fourseas.cli.showing import read_years
from fourseas.errors import FourseasError, SourceError
from fourseas.reports.partners.brief import Brief, read_brief
from fourseas.reports.partners.place import Asked


def asked(fields: tuple[str, ...], years: str | None, register: str | None) -> Asked:
    """Return what partners are sought in."""
    return Asked(fields=fields, register=register, years=read_years(years) if years else None)


def challenge(name: str | None) -> Challenge | None:
    """Return the challenge of a name, or of the list in a file."""
    if name is None:
        return None
    is_file = name.endswith(".csv")
    return challenge_lists.read(Path(name)) if is_file else challenge_lists.challenge(name)


def brief(path: Path) -> Brief:
    """Return the brief in a file.

    Raises
    ------
    SourceError
        If the file is not there or is no text.
    """
    try:
        written = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise SourceError.missing_path(str(path)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError.unreadable_part(str(path), "the file", str(error)) from error
    return read_brief(written, str(path))


def read_weights(written: str | None) -> dict[str, float]:
    """Return weights of objectives written as ``gain=2,feasibility=1``; none for nothing.

    Raises
    ------
    FourseasError
        For what is not written so.
    """
    found: dict[str, float] = {}
    for part in (written or "").split(",") if written else ():
        name, _, value = part.strip().partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            message = f"--weights {written}: `{part.strip()}` is not a name and a number."
            remedy = "Write, for example, --weights gain=2,partner_gain=2,feasibility=1."
            raise FourseasError(message, remedy) from None
    return found
