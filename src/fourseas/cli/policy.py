"""`fourseas policy`: write openness policies, test them, and check cases against them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from fourseas.policy.vocabulary import Decision

app = App(
    name="policy",
    help="Write an openness policy, test it, and check cases against it.",
    default_parameter=Parameter(negative=()),
)

PolicyFile = Annotated[Path, Parameter(help="File of the policy, YAML.")]
TextFormat = Literal["text", "markdown", "json"]
RegisterFormat = Literal["table", "csv", "json"]
LakePath = Annotated[Path, Parameter(name="--lake", help="Directory of the lake.")]
By = Annotated[str, Parameter(help='Who, and in what role: "Name, role".')]
KeepUntil = Annotated[
    dt.date | None,
    Parameter(help="Day until which entries about persons are kept; 5 years if left out."),
]
DEFAULT_LAKE = Path("demo/lake")


@app.command
def validate(policy: PolicyFile, /, *more: PolicyFile) -> None:
    """Say what is wrong in policies, each slip with line, column and the nearest valid word.

    Ends with 0 if all are valid, else with 1.
    """
    from fourseas.cli import policies

    policies.validate((policy, *more))


@app.command
def lint(policy: PolicyFile, /) -> None:
    """Look for rules that are unfounded, partial, too broad, or can never match.

    Errors are what no policy may do, such as to close without a basis or a way to appeal.
    Warnings are what its owner should have thought of. The mirror of each rule shows it in the
    hands of the other side. Ends with 0 if there is no error, else with 1.
    """
    from fourseas.cli import policies

    policies.lint(policy)


@app.command
def show(
    policy: PolicyFile,
    /,
    *,
    out: Annotated[Path | None, Parameter(help="File to write instead of the screen.")] = None,
) -> None:
    """Print a policy for a committee, as Markdown: each rule with basis, duties, appeal, mirror."""
    from fourseas.cli import policies

    policies.show(policy, out)


@app.command
def diff(
    old: Annotated[Path, Parameter(help="The policy as it was.")],
    new: Annotated[Path, Parameter(help="The policy as it would be.")],
    /,
) -> None:
    """Say rule by rule what differs between two policies, and which way findings can move.

    Stricter means that no case can come out milder; milder, that none can come out stricter.
    """
    from fourseas.cli import policies

    policies.diff(old, new)


@app.command
def examples(
    name: Annotated[
        str | None,
        Parameter(help="An example, or a directory of your own with policy.yaml and cases.yaml."),
    ] = None,
    /,
    *,
    out: Annotated[
        Path | None, Parameter(help="Directory to copy its files to, to start from.")
    ] = None,
) -> None:
    """List the policies that come with fourseas, or check the cases of one, or copy it.

    Each case of an example says what should be found. Ends with 0 if all are found so, else
    with 1.
    """
    from fourseas.cli import policies

    policies.examples(name, out)


@app.command
def check(
    policy: PolicyFile,
    case: Annotated[Path, Parameter(help="File of the case, YAML.")],
    /,
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
    lake: Annotated[
        Path | None,
        Parameter(help="Lake whose lists are taken, as reviewed there, and whose log records."),
    ] = None,
    record: Annotated[bool, Parameter(help="Record the finding in the audit log.")] = False,
    keep_until: KeepUntil = None,
) -> None:
    """Check a planned collaboration against a policy.

    Prints what is found and why, what must be known, and what is owed by whom and when. Ends
    with 0 if it may go on (open, or open with conditions), with 3 if not (review, closed, out
    of scope) or if something must be known first.
    """
    from fourseas.cli import cases, policies

    policies.check(
        policies.Question(
            policy=policy, case=case, lists=lists, organizations=organizations, lake=lake
        ),
        output_format=format,
        out=out,
        recording=cases.recording_in(lake, keep_until) if record else None,
    )


@app.command
def decide(
    seq: Annotated[int, Parameter(help="Number of the record of the finding.")],
    *,
    by: By,
    decision: Annotated[Decision, Parameter(help="What is decided.")],
    reason: Annotated[str, Parameter(help="Why, in words that the applicant may read.")],
    override: Annotated[
        str | None, Parameter(help="Why it departs from the finding, where it does.")
    ] = None,
    condition: Annotated[
        tuple[str, ...],
        Parameter(
            help='A condition of your own, "what | who | YYYY-MM-DD"; repeatable.',
            show_default=False,
        ),
    ] = (),
    lake: LakePath = DEFAULT_LAKE,
    keep_until: KeepUntil = None,
) -> None:
    """Record your decision on a recorded finding. The tool finds; a named person decides."""
    from fourseas.cli import cases
    from fourseas.policy import decision as deciding

    decided = deciding.Decided(
        by=deciding.person(by),
        decision=decision,
        reason=reason,
        override=override,
        conditions=tuple(deciding.condition(one) for one in condition),
    )
    cases.decide(lake, seq, decided, keep_until)


@app.command
def fulfil(
    seq: Annotated[int, Parameter(help="Number of the record that the obligation comes from.")],
    duty: Annotated[int, Parameter(help="Number of the obligation there, from 1.")],
    *,
    by: By,
    evidence: Annotated[str, Parameter(help="What shows it, and where that is kept.")],
    file: Annotated[
        Path | None, Parameter(help="File that shows it; its hash is recorded, not its name.")
    ] = None,
    lake: LakePath = DEFAULT_LAKE,
    keep_until: KeepUntil = None,
) -> None:
    """Record that an obligation was fulfilled; `fourseas policy duties` shows those open."""
    from fourseas.cli import cases
    from fourseas.policy.decision import person

    said = cases.Fulfilled(by=person(by), evidence=evidence, file=file)
    cases.fulfil(lake, seq, duty, said, keep_until)


@app.command(name="decision")
def show_decision(
    seq: Annotated[int, Parameter(help="Number of the record of the finding.")],
    *,
    lake: LakePath = DEFAULT_LAKE,
    out: Annotated[Path | None, Parameter(help="File to write instead of the screen.")] = None,
) -> None:
    """Print the decision record of a finding, as Markdown: what, by whom, why, on what, proof."""
    from fourseas.cli import cases

    cases.show_decision(lake, seq, out)


@app.command(name="cases")
def show_cases(
    *,
    open: Annotated[bool, Parameter(help="Those alone of which something is to be done.")] = False,  # noqa: A002
    lake: LakePath = DEFAULT_LAKE,
    format: Annotated[RegisterFormat, Parameter(help="How to write.")] = "table",  # noqa: A002
) -> None:
    """Show the register of cases: what was found, what was decided, by whom, what is open."""
    from fourseas.cli import cases

    cases.show_cases(lake, format, open_only=open)


@app.command
def duties(
    *,
    owner: Annotated[str | None, Parameter(help="Part of the name of who has it.")] = None,
    before: Annotated[dt.date | None, Parameter(help="Due on this day or earlier.")] = None,
    on: Annotated[dt.date | None, Parameter(help="What is overdue on this day; today.")] = None,
    lake: LakePath = DEFAULT_LAKE,
    format: Annotated[RegisterFormat, Parameter(help="How to write.")] = "table",  # noqa: A002
) -> None:
    """Show open obligations, reviews of policies and renewals of lists, overdue ones first."""
    from fourseas.cli import cases

    cases.show_duties(lake, format, cases.Chosen(owner=owner, before=before, on=on))


@app.command
def simulate(
    policy: PolicyFile,
    *,
    owner: Annotated[str, Parameter(help="Country that would own it, by code or name.")],
    years: Annotated[str, Parameter(help="Past years to ask it of: one, or first-last.")],
    lake: LakePath = DEFAULT_LAKE,
    against: Annotated[
        Path | None, Parameter(help="The present policy; all is open now if left out.")
    ] = None,
    assume: Annotated[
        tuple[str, ...],
        Parameter(help="What to take to be so in every case, as trl=5; repeatable."),
    ] = (),
    hours_per_case: Annotated[
        float | None, Parameter(help="Hours that an officer needs for one case.")
    ] = None,
    definition: Annotated[
        str | None,
        Parameter(help="Definition that counts works, as in `fourseas list definition`."),
    ] = None,
    lists: Annotated[
        tuple[Path, ...],
        Parameter(help="Files of lists, or directories of them; else `lists` beside the policy."),
    ] = (),
    organizations: Annotated[
        Path | None, Parameter(help="File that says what organizations are part of.")
    ] = None,
    not_acting: Annotated[
        str | None,
        Parameter(help="The owner's words on the cost of not acting, as `2024-06-30: ...`."),
    ] = None,
    out: Annotated[
        Path | None,
        Parameter(help="File to write: a page (.html), .md, .json, or each case (.parquet)."),
    ] = None,
) -> None:
    """Say what a policy would have touched of past works, on both sides, before it is adopted."""
    from fourseas.cli import simulating

    simulating.run(
        lake,
        simulating.Asked(
            policy=policy,
            owner=owner,
            years=years,
            against=against,
            assume=assume,
            hours_per_case=hours_per_case,
            definition=definition,
            lists=lists,
            organizations=organizations,
            not_acting=not_acting,
        ),
        out,
    )
