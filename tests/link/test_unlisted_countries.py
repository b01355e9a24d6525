"""`unlisted_countries`: codes that are no country's are counted, not lost, and are no country."""

from __future__ import annotations

import ibis
import pyarrow as pa

from fourseas.link.unlisted_countries import unlisted_countries
from tests.world import rows


def test_a_code_of_no_country_is_listed_with_its_works() -> None:
    con = ibis.duckdb.connect()
    keys: dict[str, list[object]] = {
        "register": ["openalex"] * 4,
        "part_key": ["p"] * 4,
        "record": [1, 2, 3, 4],
    }
    records = con.create_table(
        "records", pa.table({name: keys[name][:3] for name in keys} | {"work_id": [0, 1, 2]})
    )
    staged = con.create_table(
        "staged",
        pa.table(keys | {"unlisted_codes": [["XX"], ["AN", "XX"], None, ["ZZ"]]}),
    )

    assert rows(unlisted_countries(records, staged), "register", "country_code", "n_works") == [
        ("openalex", "AN", 1),
        ("openalex", "XX", 2),
    ]
