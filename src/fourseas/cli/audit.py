"""`fourseas audit`: prove what was found and decided, and forget persons when it is time."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import App, Parameter

from fourseas.cli.policy import DEFAULT_LAKE, By, KeepUntil, LakePath

app = App(
    name="audit",
    help="Prove what was found and decided, and forget persons when it is time.",
    default_parameter=Parameter(negative=()),
)

Kind = Literal[
    "finding", "decision", "fulfilment", "list", "list_review", "note", "recovery", "removal"
]


@app.command
def verify(
    *,
    head: Annotated[
        tuple[str, ...],
        Parameter(help="A head that was printed once, all 64 signs; it must be there; repeatable."),
    ] = (),
    last: Annotated[
        str | None, Parameter(help="The head that must be that of the last record.")
    ] = None,
    lake: LakePath = DEFAULT_LAKE,
) -> None:
    """Read the log from its first record to its end and say whether anything was changed."""
    from fourseas.cli import auditing

    auditing.verify(lake, head, last)


@app.command
def log(
    *,
    case: Annotated[str | None, Parameter(help="Records of this case only.")] = None,
    kind: Annotated[Kind | None, Parameter(help="Records of this kind only.")] = None,
    naming: Annotated[
        str | None, Parameter(help="Records that have this text in what they keep about persons.")
    ] = None,
    record: Annotated[
        int | None, Parameter(help="Print this record whole, as JSON, with persons put back.")
    ] = None,
    lake: LakePath = DEFAULT_LAKE,
) -> None:
    """Show what was recorded, one line each, or one record whole."""
    from fourseas.cli import auditing

    if record is not None:
        auditing.show(lake, record)
    else:
        auditing.log(lake, auditing.Wanted(case=case, kind=kind, naming=naming))


@app.command
def replay(
    seq: Annotated[int | None, Parameter(help="Number of the record of a finding.")] = None,
    *,
    all: Annotated[bool, Parameter(help="Replay all findings.")] = False,  # noqa: A002
    lake: LakePath = DEFAULT_LAKE,
) -> None:
    """Find again from the same policy, lists and facts, and say where it differs."""
    from fourseas.cli import auditing

    auditing.replay(lake, seq, every=all)


@app.command
def forget(
    *,
    case: Annotated[str, Parameter(help="Label of the case whose persons are forgotten.")],
    by: By,
    reason: Annotated[str, Parameter(help="Why, without the name of anybody.")],
    deciders: Annotated[
        bool, Parameter(help="Also those who have decided, or said that a duty was fulfilled.")
    ] = False,
    lake: LakePath = DEFAULT_LAKE,
    keep_until: KeepUntil = None,
) -> None:
    """Remove for good what the log has about the persons of a case; it still verifies."""
    from fourseas.cli import auditing

    removal = auditing.Removal(by=by, reason=reason, until=keep_until)
    auditing.forget(lake, case, removal, deciders_too=deciders)


@app.command
def expire(
    *,
    by: By,
    without_record: Annotated[
        bool, Parameter(help="Also entries of appends that were interrupted, or of a cut log.")
    ] = False,
    lake: LakePath = DEFAULT_LAKE,
    keep_until: KeepUntil = None,
) -> None:
    """Remove for good every entry about persons whose day has passed."""
    from fourseas.cli import auditing

    auditing.expire(lake, by, keep_until, orphans_too=without_record)
