"""Companies that ROR does not hold, and which organizations as printed are one of them."""

from __future__ import annotations

from fourseas.schema.table import Column, TableSpec

STATED = (
    Column("company", "string", "name", "The company that the name tells."),
    Column(
        "parent", "string", "name", "Its parent company while it bore the name; itself if none."
    ),
    Column("country_code", "string", "code", "Country of the parent's head office."),
    Column("source", "string", "text", "Where that can be looked up."),
)

COMPANY_NAMES = TableSpec(
    name="company_names",
    grain="one row per name of a company that comes with the package",
    key=("name",),
    columns=(
        Column("name", "string", "name", "In lower case, without marks and legal form."),
        *STATED,
    ),
)

ORGANIZATION_COMPANIES = TableSpec(
    name="organization_companies",
    grain="one row per organization without a ROR id that is a known company by its name",
    key=("organization_id",),
    columns=(
        Column("organization_id", "int32", "id", "The organization as its register has it."),
        Column("name", "string", "name", "Its name as it was compared."),
        *STATED,
    ),
)
