"""`unlisted_countries`: codes that are no country's are counted, not lost."""

from __future__ import annotations

import ibis
import pyarrow as pa

from fourseas.link.unlisted_countries import unlisted_countries
from tests.world import rows


def test_a_code_of_no_country_is_listed_with_its_works() -> None:
    con = ibis.duckdb.connect()
    sets = con.create_table(
        "sets",
        pa.table({"country_codes": [["DE", "XX"], ["XX"], ["NA"]], "n_works": [3, 2, 5]}),
    )
    countries = con.create_table("countries", pa.table({"country_code": ["DE", "NA"]}))

    assert rows(unlisted_countries(sets, countries), "country_code", "n_works") == [("XX", 5)]
