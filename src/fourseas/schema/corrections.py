"""What persons correct in registers, and what became of each correction in a build."""

from __future__ import annotations

from fourseas.schema.table import Column, TableSpec

LINK, NAME, COUNTRY = "organization_ror", "organization_name", "organization_country"
KINDS = (LINK, NAME, COUNTRY)

NO_LINK = "none"
"""In place of a ROR id: the register's link is taken back."""

APPLIED, ALREADY_SO, NO_SUCH_KEY, NO_SUCH_TARGET = (
    "applied",
    "already so",
    "no such organization",
    "no such ROR record",
)

STATED = (
    Column("line", "int64", "count", "Line of the file."),
    Column("kind", "string", "category", f"What is corrected: {', '.join(KINDS)}."),
    Column("register", "string", "code", "Register that says otherwise."),
    Column("organization_key", "string", "id", "That register's organisation."),
    Column("corrected", "string", "text", "What stands in its place; `none` takes a link back."),
)

CORRECTIONS = TableSpec(
    name="corrections",
    grain="one row per local correction in the newest edition of the lake's file",
    key=("line",),
    columns=(
        *STATED,
        Column("said_by", "string", "name", "Who says so."),
        Column("said_on", "string", "date", "When it was said."),
        Column("why", "string", "text", "For what reason."),
        Column("source", "string", "text", "Where that can be looked up."),
    ),
)

CORRECTION_OUTCOMES = TableSpec(
    name="correction_outcomes",
    grain="one row per local correction",
    key=("line",),
    columns=(
        *STATED,
        Column("registered", "string", "text", "What the register says.", nullable=True),
        Column(
            "outcome",
            "string",
            "category",
            f"{APPLIED}, {ALREADY_SO}, {NO_SUCH_KEY} or {NO_SUCH_TARGET}.",
        ),
    ),
)
