"""`fourseas policy`: write openness policies, test them, and check cases against them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

app = App(
    name="policy",
    help="Write an openness policy, test it, and check cases against it.",
    default_parameter=Parameter(negative=()),
)

PolicyFile = Annotated[Path, Parameter(help="File of the policy, YAML.")]
TextFormat = Literal["text", "markdown", "json"]


@app.command
def validate(policy: PolicyFile, *more: PolicyFile) -> None:
    """Say what is wrong in policies, with line, column and the nearest valid word."""
    from fourseas.cli import policies

    policies.validate((policy, *more))


@app.command
def lint(policy: PolicyFile) -> None:
    """Look for rules that are partial, too broad, unfounded, or can never match."""
    from fourseas.cli import policies

    policies.lint(policy)


@app.command
def show(
    policy: PolicyFile,
    *,
    out: Annotated[Path | None, Parameter(help="File to write instead of the screen.")] = None,
) -> None:
    """Print a policy as Markdown for a committee, with the mirror of each rule."""
    from fourseas.cli import policies

    policies.show(policy, out)


@app.command
def diff(
    old: Annotated[Path, Parameter(help="The policy as it was.")],
    new: Annotated[Path, Parameter(help="The policy as it would be.")],
) -> None:
    """Say what differs, rule by rule, and whether it can only be stricter, milder, or either."""
    from fourseas.cli import policies

    policies.diff(old, new)


@app.command
def examples(
    name: Annotated[str | None, Parameter(help="An example; all are listed without one.")] = None,
    *,
    out: Annotated[
        Path | None, Parameter(help="Directory to write its files to, to start from.")
    ] = None,
) -> None:
    """List policies that come with fourseas, or check the cases of one against what is expected."""
    from fourseas.cli import policies

    policies.examples(name, out)


@app.command
def check(
    policy: PolicyFile,
    case: Annotated[Path, Parameter(help="File of the case, YAML.")],
    *,
    lists: Annotated[
        tuple[Path, ...],
        Parameter(help="Files of lists, or directories of them; else `lists` beside the policy."),
    ] = (),
    organizations: Annotated[
        Path | None, Parameter(help="File that says what organizations are part of.")
    ] = None,
    format: Annotated[TextFormat, Parameter(help="How to write.")] = "text",  # noqa: A002
    out: Annotated[Path | None, Parameter(help="File to write instead of the screen.")] = None,
) -> None:
    """Check a case. Ends with 0 if it may go on, 3 if it may not or something must be known."""
    from fourseas.cli import policies

    policies.check(
        policies.Question(policy=policy, case=case, lists=lists, organizations=organizations),
        output_format=format,
        out=out,
    )
