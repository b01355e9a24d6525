"""What can go wrong between a query and the records that it finds."""

from __future__ import annotations

import difflib
from typing import Self

from fourseas.errors import NEAREST_NAMES, SourceError


class QueryError(SourceError):
    """An address that asks for no list of records, or an API that does not give it whole."""

    @classmethod
    def not_of_openalex(cls, url: str) -> Self:
        """Say that an address is of another site."""
        return cls(
            f"{url} is no address of OpenAlex.",
            "Paste one such as https://openalex.org/works?filter=authorships.countries:br.",
        )

    @classmethod
    def not_a_list(cls, url: str, found: str, entities: tuple[str, ...]) -> Self:
        """Say that an address names no list of records that are read."""
        return cls(
            f"{url} asks for {found}, and not for a list of {', '.join(entities)}.",
            "Records of persons are never fetched. One record is asked for by a filter, as in "
            "https://openalex.org/works?filter=ids.openalex:W2741809807.",
        )

    @classmethod
    def parameter(cls, name: str, known: tuple[str, ...]) -> Self:
        """Say that a parameter is not known."""
        near = difflib.get_close_matches(name, known, n=NEAREST_NAMES, cutoff=0.6)
        return cls(
            f"The parameter `{name}` is not known here.",
            f"Did you mean {' or '.join(near)}?" if near else f"Known are {', '.join(known)}.",
        )

    @classmethod
    def empty(cls, name: str) -> Self:
        """Say that a parameter has no value."""
        return cls(
            f"The parameter `{name}` has no value.", f"Write one after `{name}=`, or take it out."
        )

    @classmethod
    def grouped(cls) -> Self:
        """Say that counts were asked for in place of records."""
        return cls(
            "`group_by` asks for counts, and not for records.",
            "Take it out of the address: fourseas counts the records itself, by its definitions.",
        )

    @classmethod
    def unseeded(cls) -> Self:
        """Say that a sample would be another one on every page."""
        return cls(
            "A `sample` without a `seed` is another sample on every page.",
            "Add a seed to the address, as in `sample=1000&seed=1`.",
        )

    @classmethod
    def nothing(cls, url: str) -> Self:
        """Say that a query finds no record."""
        return cls(f"{url} finds nothing.", "Look at the filter; nothing was written.")

    @classmethod
    def too_large(cls, n: int, most: int) -> Self:
        """Say that a query finds more than the API is for."""
        return cls(
            f"The query finds {n:,} records; the API is for at most {most:,}.",
            "Narrow it, or add the snapshot: fourseas add LAKE s3://openalex/data/parquet "
            "--source openalex --snapshot DATE.",
        )

    @classmethod
    def another(cls, place: str, url: str) -> Self:
        """Say that a directory holds another query."""
        return cls(
            f"{place} holds what another query finds: {url}",
            "Choose a directory where there is nothing yet.",
        )

    @classmethod
    def done(cls, place: str, ended_on: str) -> Self:
        """Say that a query has been fetched."""
        return cls(
            f"{place} holds all that this query found on {ended_on}.",
            "Add it to a lake, or choose another directory to ask anew.",
        )

    @classmethod
    def damaged(cls, path: str, found: str) -> Self:
        """Say that a file of a query begun earlier cannot be read."""
        return cls(
            f"{path}: {found}", "Remove that file and those after it, and run the command again."
        )

    @classmethod
    def refused(cls, url: str, status: int, said: str) -> Self:
        """Say why an API does not answer a query."""
        if status in {401, 403}:
            remedy = (
                "Put a key, free at openalex.org/settings/api, into the environment variable "
                "OPENALEX_API_KEY, and run the command again."
            )
        else:
            remedy = "Mend the address; what was fetched so far stays."
        return cls(f"{url}: the API answers {status}: {said}", remedy)

    @classmethod
    def spent(cls, url: str, pause: str) -> Self:
        """Say that the budget of a day is used up."""
        return cls(
            f"{url}: the API gives no more today; it asks to wait {pause}.",
            "Run the same command again then: it goes on with the next page. A key, free at "
            "openalex.org/settings/api, in OPENALEX_API_KEY gives ten times the budget.",
        )

    @classmethod
    def not_given(cls, url: str, found: str) -> Self:
        """Say what an API did in place of giving a page."""
        return cls(
            f"{url} could not be fetched: {found}",
            "Run the same command again when the server is well; what was fetched so far stays.",
        )

    @classmethod
    def not_as_announced(cls, place: str, found: int, announced: int) -> Self:
        """Say that the records are not as many as the API counts."""
        return cls(
            f"The API counts {announced:,} records and gave {found:,} different ones.",
            f"The register may have changed meanwhile. Remove {place} and fetch it anew, or pass "
            "--allow-incomplete to keep what came.",
        )

    @classmethod
    def no_correspondence(cls, indicator: str, known: tuple[str, ...]) -> Self:
        """Say that no query counts what an indicator does."""
        return cls(
            f"No query of the OpenAlex API counts what {indicator} does.",
            f"The API is asked for {', '.join(known)}; `fourseas verify {indicator}` asks the "
            "staged records.",
        )

    @classmethod
    def no_definition(cls, definition: str, known: tuple[str, ...]) -> Self:
        """Say that works are not counted here by a definition, or not those of OpenAlex."""
        return cls(
            f"By {definition} no works of OpenAlex are counted from records.",
            f"Choose one of {', '.join(known)}.",
        )

    @classmethod
    def no_unit(cls, unit: str) -> Self:
        """Say that no filter finds the works of a unit."""
        return cls(
            f"The API has no filter for the works of {unit}.",
            "Name countries, or WORLD; a group is asked for country by country, since its "
            "members change with the years.",
        )

    @classmethod
    def no_country(cls) -> Self:
        """Say that a country is wanting."""
        return cls(
            "The API is asked for one country at a time, and none is named.",
            "Add --country BR, or --country WORLD; it may be repeated.",
        )

    @classmethod
    def no_field(cls, field: str, schemes: tuple[str, ...]) -> Self:
        """Say that no filter finds the works of a field."""
        return cls(
            f"The API has no filter for the works of {field}.",
            f"Choose a field of {' or '.join(schemes)}: `fourseas list field` shows all.",
        )

    @classmethod
    def too_many_years(cls, n: int, most: int) -> Self:
        """Say that an answer does not hold so many groups."""
        return cls(
            f"{n:,} years are asked for; an answer of the API holds {most}.",
            "Ask for fewer, as in --years 2015-2024.",
        )

    @classmethod
    def not_all_grouped(cls, url: str, found: int, announced: int) -> Self:
        """Say that the groups of an answer do not make up the whole."""
        return cls(
            f"{url}: the API counts {announced:,} works, and {found:,} in all years together.",
            "The register may be changing. Run the same command again, or ask for fewer years.",
        )
