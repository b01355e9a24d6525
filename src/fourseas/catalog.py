"""Everything that can be read, built or asked for, by name."""

from __future__ import annotations

from collections.abc import Iterable

from fourseas.errors import FourseasError, LakeError, UnknownNameError
from fourseas.facts import (
    citation_distributions,
    double_affiliations,
    flow_cells,
    funded_registers,
    funding_cells,
    mobility_cells,
    organization_pairs,
    pair_cells,
    person_homes,
    person_records,
    person_works,
    person_years,
    set_countries,
    topic_cells,
    unit_cells,
    work_citations,
    work_countries,
    work_distances,
    work_impact,
    work_organizations,
    work_roles,
)
from fourseas.indicators import (
    affinity,
    benefit_balance,
    collaboration,
    complementarity,
    development,
    distance,
    funding,
    home_bias,
    impact,
    knowledge_flows,
    lead_with_low_income,
    leadership,
    leadership_trajectory,
    mobility,
    open_access,
    openness_profile,
    partner_concentration,
    position,
    relatedness,
    relatedness_density,
    rule_making,
    specialization,
    volume,
)
from fourseas.link import (
    citations,
    companies,
    correction_outcomes,
    country_sets,
    fields,
    funder_dois,
    fundings,
    organization_tree,
    organizations,
    owners,
    people,
    retractions,
    same_works,
    unlisted_countries,
    work_records,
    works,
)
from fourseas.models import catch_up, closure, gravity, level, realized_change, rivalry
from fourseas.schema.cells import CITATION_INDEX_CELLS
from fourseas.schema.countries import (
    COUNTRIES,
    COUNTRY_DISTANCES,
    COUNTRY_NAMES,
    COUNTRY_YEARS,
    GROUP_MEMBERSHIPS,
)
from fourseas.schema.model import Model
from fourseas.schema.source import Source
from fourseas.schema.step import Indicator, Step
from fourseas.schema.table import TableSpec
from fourseas.sources import (
    countries,
    crossref,
    funders,
    matrix,
    ncses,
    openalex,
    openalex_export,
    retraction_watch,
    rfc,
    ror,
    threegpp,
    uspto,
)

SOURCES: tuple[Source, ...] = (
    openalex.SOURCE,
    openalex_export.SOURCE,
    crossref.SOURCE,
    rfc.SOURCE,
    threegpp.SOURCE,
    uspto.SOURCE,
    ror.SOURCE,
    funders.SOURCE,
    retraction_watch.SOURCE,
    ncses.SOURCE,
    matrix.SOURCE,
    countries.SOURCE,
)

LOADED: tuple[TableSpec, ...] = (
    COUNTRIES,
    COUNTRY_NAMES,
    GROUP_MEMBERSHIPS,
    COUNTRY_YEARS,
    COUNTRY_DISTANCES,
    CITATION_INDEX_CELLS,
)
"""Tables that registers publish as they are."""

LINKS: tuple[Step, ...] = (
    work_records.STEP,
    country_sets.STEP,
    unlisted_countries.STEP,
    works.WORKS_STEP,
    works.TITLES_STEP,
    retractions.STEP,
    owners.STEP,
    same_works.STEP,
    people.PERSONS_STEP,
    people.AUTHORSHIPS_STEP,
    funder_dois.STEP,
    organizations.IDS_STEP,
    organizations.ORGANIZATIONS_STEP,
    organizations.NAMES_STEP,
    correction_outcomes.STEP,
    companies.STEP,
    organization_tree.RELATIONS_STEP,
    organization_tree.TREE_STEP,
    organizations.AFFILIATIONS_STEP,
    citations.CITATIONS_STEP,
    citations.UNRESOLVED_STEP,
    fields.FIELDS_STEP,
    fields.WORK_FIELDS_STEP,
    fundings.STEP,
)

FACTS: tuple[Step, ...] = (
    set_countries.STEP,
    work_countries.STEP,
    work_organizations.STEP,
    work_roles.STEP,
    double_affiliations.STEP,
    work_citations.STEP,
    citation_distributions.STEP,
    work_impact.STEP,
    work_distances.STEP,
    funded_registers.STEP,
    unit_cells.STEP,
    topic_cells.STEP,
    organization_pairs.STEP,
    funding_cells.STEP,
    pair_cells.STEP,
    flow_cells.STEP,
    person_works.STEP,
    person_years.STEP,
    person_homes.STEP,
    person_records.STEP,
    mobility_cells.STEP,
)

INDICATORS: tuple[Indicator, ...] = (
    volume.INDICATOR,
    collaboration.INDICATOR,
    impact.INDICATOR,
    leadership.INDICATOR,
    leadership_trajectory.INDICATOR,
    open_access.INDICATOR,
    distance.INDICATOR,
    funding.INDICATOR,
    specialization.INDICATOR,
    relatedness.INDICATOR,
    relatedness_density.INDICATOR,
    affinity.INDICATOR,
    partner_concentration.INDICATOR,
    benefit_balance.INDICATOR,
    complementarity.INDICATOR,
    knowledge_flows.INDICATOR,
    home_bias.INDICATOR,
    mobility.INDICATOR,
    openness_profile.INDICATOR,
    position.INDICATOR,
    development.INDICATOR,
    lead_with_low_income.INDICATOR,
    rule_making.INDICATOR,
)

MODELS: tuple[Model, ...] = (
    gravity.MODEL,
    gravity.CITATION_MODEL,
    rivalry.MODEL,
    closure.MODEL,
    realized_change.MODEL,
    level.MODEL,
    catch_up.MODEL,
)

STEPS: tuple[Step, ...] = LINKS + FACTS
"""What a build computes; indicators are computed when they are asked for."""


def absent_table(name: str, here: Iterable[str]) -> FourseasError:
    """Return why a lake has no table of a name: an older release built it, or none has one."""
    if name in {step.writes.name for step in STEPS}:
        problem = f"This version of the lake has no table `{name}`: an older fourseas built it."
        return LakeError(problem, "Build the lake again: fourseas build LAKE.")
    return UnknownNameError.of("table", name, [*here, *(one.name for one in INDICATORS)])


def absent_column(table: str, name: str) -> LakeError:
    """Return why a table of a lake lacks a column that it is declared with."""
    problem = f"This version's `{table}` has no column `{name}`: an older fourseas built it."
    return LakeError(problem, "Build the lake again: fourseas build LAKE.")
