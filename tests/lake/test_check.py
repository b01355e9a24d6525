"""`check` against tables that break each kind of promise in one place."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourseas.errors import TableError
from fourseas.lake import ranges
from fourseas.lake.check import check, check_in_order
from fourseas.schema.table import ROUNDING, Column, Law, TableSpec

NAN, INFINITE = float("nan"), float("inf")


def _unpaid(table: ir.Table) -> ir.Table:
    spent = table.group_by("owner").agg(credit=table.credit.sum())
    return spent.filter(spent.credit > 1 + ROUNDING)


SPEC = TableSpec(
    name="accounts",
    grain="one row per owner and number",
    key=("owner", "number"),
    columns=(
        Column("owner", "string", "name", "Who."),
        Column("number", "int64", "count", "Which."),
        Column("credit", "float64", "share", "Part of it."),
        Column("height_km", "float64", "km", "How high.", nullable=True),
        Column("debt_usd", "float64", "usd", "How much.", nullable=True),
        Column("tags", "array<string>", "list", "Words."),
    ),
    laws=(Law("an owner's credit is at most 1", _unpaid),),
)

GOOD: dict[str, object] = {
    "owner": "Li",
    "number": 1,
    "credit": 0.25,
    "height_km": 1.0,
    "debt_usd": -5.0,
    "tags": ["a"],
}
TYPES = pa.schema([(column.name, ibis.dtype(column.dtype).to_pyarrow()) for column in SPEC.columns])


def checked(*rows: dict[str, object], types: pa.Schema = TYPES) -> None:
    """Check a table of these rows."""
    con = ibis.duckdb.connect()
    table = con.create_table("accounts", pa.Table.from_pylist(list(rows), schema=types))
    check(con, table, SPEC)
    con.disconnect()


def checked_in_order(*rows: dict[str, object]) -> None:
    """Check a table of these rows, which should lie in the order of their keys."""
    con = ibis.duckdb.connect()
    table = con.create_table("accounts", pa.Table.from_pylist(list(rows), schema=TYPES))
    check_in_order(con, table, SPEC)
    con.disconnect()


def test_a_table_that_keeps_its_promises_passes() -> None:
    checked()
    checked(GOOD, GOOD | {"number": 2, "height_km": None, "debt_usd": None})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"owner": None},
            "`owner` is never missing does not hold in 1 rows, for example owner=None",
        ),
        ({"credit": None}, "`credit` is never missing"),
        ({"tags": None}, "`tags` is never missing"),
        ({"credit": 1.1}, "`credit` is at most 1 .* owner='Li', number=2, credit=1.1"),
        ({"credit": -0.1}, "`credit` is at least 0"),
        ({"number": -1}, "`number` is at least 0"),
        ({"height_km": -1.0}, "`height_km` is at least 0"),
        ({"height_km": NAN}, "`height_km` is a finite number"),
        ({"debt_usd": INFINITE}, "`debt_usd` is a finite number"),
        ({"number": 1}, r"the key \(owner, number\) is unique .* owner='Li', number=1, n_rows=2"),
        ({"credit": 0.8}, "an owner's credit is at most 1 .* owner='Li', credit=1.05"),
    ],
)
def test_one_bad_row_is_refused_and_shown(change: dict[str, object], message: str) -> None:
    with pytest.raises(TableError, match=message):
        checked(GOOD, GOOD | {"number": 2} | change)


def test_rounding_breaks_no_range() -> None:
    checked(GOOD | {"credit": 1 + 1e-10}, GOOD | {"number": 2, "owner": "Wu", "credit": -1e-10})


def test_an_absent_column_is_named() -> None:
    with pytest.raises(TableError, match="Table `accounts` lacks tags; it has credit, debt_usd"):
        checked(types=pa.schema(list(TYPES)[:-1]))


def test_another_type_is_named() -> None:
    with pytest.raises(TableError, match="column `number`: found type int32, declared int64"):
        checked(types=TYPES.set(1, pa.field("number", pa.int32())))


@pytest.mark.parametrize("types", [list(TYPES)[::-1], [*TYPES, pa.field("more", pa.int64())]])
def test_other_or_reordered_columns_are_refused(types: list[pa.Field]) -> None:
    with pytest.raises(TableError, match="the order of columns"):
        checked(types=pa.schema(types))


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 3)), max_size=6))
def test_a_key_is_unique_or_refused(keys: list[tuple[str, int]]) -> None:
    rows = [GOOD | {"owner": owner, "number": number, "credit": 0.1} for owner, number in keys]
    if len(set(keys)) == len(keys):
        checked(*rows)
    else:
        with pytest.raises(TableError, match="is unique"):
            checked(*rows)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 3)), max_size=6))
def test_keys_in_order_pass_and_others_are_told_apart(keys: list[tuple[str, int]]) -> None:
    rows = [GOOD | {"owner": owner, "number": number, "credit": 0.1} for owner, number in keys]
    if keys == sorted(set(keys)):
        checked_in_order(*rows)
    else:
        with pytest.raises(TableError, match=r"is unique|in the order of the key"):
            checked_in_order(*rows)
    in_order = sorted(rows, key=lambda row: (str(row["owner"]), int(str(row["number"]))))
    if len(set(keys)) < len(keys):
        with pytest.raises(TableError, match="is unique"):
            checked_in_order(*in_order)


def test_a_row_out_of_order_is_found_among_many() -> None:
    numbers = [*range(5_000), 4_000, *range(5_000, 300_000)]
    rows = [GOOD | {"number": number, "credit": 0.0} for number in numbers]
    with pytest.raises(TableError, match=r"in the order of the key \(owner, number\).*4000"):
        checked_in_order(*rows)


def test_in_order_every_other_promise_is_kept_too() -> None:
    with pytest.raises(TableError, match="credit"):
        checked_in_order(GOOD | {"credit": 1.5})
    with pytest.raises(TableError, match="credit is at most 1"):
        checked_in_order(*(GOOD | {"number": number, "credit": 0.7} for number in (1, 2)))


def _debts(owners: ir.Table) -> ir.Table:
    return owners.group_by("owner_id").agg(debt=owners.debt.sum()).filter(lambda row: row.debt > 9)


OWNERS = TableSpec(
    name="owners",
    grain="one row per owner and number",
    key=("owner_id", "number"),
    columns=(
        Column("owner_id", "int32", "id", "Who."),
        Column("number", "int32", "count", "Which."),
        Column("debt", "int32", "count", "How much."),
    ),
    laws=(Law("nobody owes more than 9", _debts, "owner_id"),),
)


@pytest.mark.parametrize("debtor", [1, 50, 100])
def test_a_law_that_holds_id_by_id_is_looked_at_in_every_range(
    debtor: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranges, "BYTES_OF_ROW", 10**7)
    con = ibis.duckdb.connect(memory_limit="100MB")
    ids = pa.array([owner for owner in range(1, 101) for _ in range(2)], pa.int32())
    numbers = pa.array([1, 2] * 100, pa.int32())
    debts = pa.array([5 if owner == debtor else 4 for owner in ids.to_pylist()], pa.int32())
    rows = pa.table({"owner_id": ids, "number": numbers, "debt": debts})
    table = con.create_table("owners", rows)

    assert len(ranges.fitting(con, [table], "owner_id", ranges.BYTES_OF_ROW)) > 10
    with pytest.raises(TableError, match=f"nobody owes more than 9.*owner_id={debtor}"):
        check_in_order(con, table, OWNERS)
    con.disconnect()
