"""What `fourseas partner ...` is given, read from its words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from fourseas import challenge_lists
from fourseas.challenges.challenge import Challenge
from fourseas.cli import policies
from fourseas.cli.showing import read_years
from fourseas.errors import FourseasError, SourceError
from fourseas.reports.partners.brief import Brief, read_brief
from fourseas.reports.partners.place import Asked
from fourseas.reports.partners.policies import Held


def asked(fields: tuple[str, ...], years: str | None, register: str | None) -> Asked:
    """Return what partners are sought in."""
    return Asked(fields=fields, register=register, years=read_years(years) if years else None)


def challenge(name: str | None) -> Challenge | None:
    """Return the challenge of a name, or of the list in a file."""
    return None if name is None else challenge_lists.named(name)


def held(policy: Path | None, case: Path | None, lake: Path) -> Held | None:
    """Return the policy that partners are held against, and what is planned with them.

    Raises
    ------
    FourseasError
        For a plan without a policy.
    """
    if policy is None:
        if case is not None:
            message = f"--case {case} says what is planned, but no policy is there to judge it."
            raise FourseasError(message, "Name one with --policy.")
        return None
    read, sources = policies.policy_and_sources(policy, (), None, lake)
    return Held(
        policy=read,
        sources=sources,
        planned=policies.planned(case) if case is not None else None,
        on=dt.datetime.now(tz=dt.UTC).date(),
    )


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
