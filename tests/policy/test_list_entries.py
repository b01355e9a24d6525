"""Lists as tables: read, refused with line and column, and compared between editions."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourseas.errors import PolicyError
from fourseas.policy import list_entries
from fourseas.policy.list_entries import Entry, Heading, Kind, changes, normalized, read_entries
from fourseas.policy.lists import read_list

LIST = """\
name,aliases,country,ror,from,to
Northwind Institute of Optics,NIO|Northwind Optics,XA,,2024-01-01,
"Harbor, Tide & Co",,XB,,,2025-12-31
"""
INSTITUTE = Entry(
    name="Northwind Institute of Optics",
    aliases=("NIO", "Northwind Optics"),
    country="XA",
    first_on=dt.date(2024, 1, 1),
)
TODAY = dt.date(2024, 6, 15)
HARBOR = Entry(name="Harbor, Tide & Co", country="XB", last_on=dt.date(2025, 12, 31))


def faults(text: str | bytes, name: str = "list.csv", of: Kind = "organization") -> list[str]:
    """Return what is wrong with a list."""
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(PolicyError) as raised:
        read_entries(data, name, of)
    return [line.strip() for line in raised.value.problem.splitlines()[1:]]


def test_entries_are_read_with_aliases_countries_and_dates() -> None:
    assert read_entries(LIST.encode(), "list.csv") == (INSTITUTE, HARBOR)


def test_tabs_marks_of_windows_and_other_orders_of_columns_change_nothing() -> None:
    lines = [
        "Country\taliases\tNAME\tto\tfrom\tror",
        "XA\t NIO ; Northwind Optics | \tNorthwind Institute of Optics \t\t2024-01-01\t",
        "XB\t\tHarbor, Tide & Co\t2025-12-31\t\t",
    ]
    data = b"\xef\xbb\xbf" + "\r\n".join([*lines, "", "\t\t\t\t\t", ""]).encode()

    assert read_entries(data, "list.tsv") == (INSTITUTE, HARBOR)


def test_ids_of_organizations_are_brought_to_one_spelling() -> None:
    data = b"name,id\nLeiden University,https://ror.org/027bh9e22\nAlpha,invented:alpha\n"

    assert [entry.member_id for entry in read_entries(data, "x.csv")] == [
        "027bh9e22",
        "invented:alpha",
    ]


@pytest.mark.parametrize(
    ("of", "text", "ids"),
    [
        ("country", "name,country\nBrazil,BR\nInvented,XA\n", ["BR", "XA"]),
        ("topic", "name,id\nOptics,https://openalex.org/T10245\n", ["T10245"]),
        ("field", "name,id\nPhysics,31\n", ["31"]),
    ],
)
def test_lists_of_other_things_have_ids(of: Kind, text: str, ids: list[str]) -> None:
    assert [entry.member_id for entry in read_entries(text.encode(), "x.csv", of)] == ids


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "line 1, column 1: The file is empty. Begin with column names."),
        ("\n\n", "line 1, column 1: The file is empty. Begin with column names."),
        ("name\n", "line 1, column 1: There is no entry below the column names. Add one."),
        ("nmae\nA\n", "line 1, column 1: There is no column `nmae`. Did you mean `name`?"),
        ("name,name\nA,B\n", "line 1, column 2: The column `name` is there twice. Remove one"),
        ("country\nXA\n", "line 1, column 1: The column `name` is missing. Add it."),
        (
            "name,nationality\nA,B\n",
            "line 1, column 2: `nationality` is a column about persons (nationality). No list",
        ),
        ("name,country\nA\n", "line 2, column 1: 1 columns stand here, 2 at the top."),
        ("name\nA,B\n", "line 2, column 1: 2 columns stand here, 1 at the top."),
        ("name,country\n,XA\n", "line 2, column 1: The name is missing. Write it."),
        ("name,country\n--,XA\n", "line 2, column 1: The name is missing. Write it."),
        (
            "name,country\nA,XA\n\nB,UK\n",
            "line 4, column 2: `UK` is no country code. Did you mean GB?",
        ),
        ("name,ror\nA,027bh9e23\n", "line 2, column 2: `027bh9e23` is no ROR id"),
        ("name,ror\nA,27bh\n", "line 2, column 2: `27bh` is no id of the kind organization."),
        ("name,ror,id\nA,027bh9e22,invented:a\n", "line 2, column 3: `ror` and `id` differ."),
        ("name,from\nA,2024-13-01\n", "line 2, column 2: `2024-13-01` is no date. Write YYYY"),
        ("name,from\nA,01/02/2024\n", "line 2, column 2: `01/02/2024` is no date."),
        ("name,from\nA,2023-02-29\n", "line 2, column 2: `2023-02-29` is no date."),
        (
            "name,from,to\nA,2024-02-01,2024-01-01\n",
            "line 2, column 3: `to` lies before `from`, 2024-02-01. Mend the dates.",
        ),
        (
            'name,country\n"A\nB",XA\nÀ b,XA\n',
            "line 4, column 1: `À b` stands on line 2 already. Remove one of them",
        ),
        ('name\n"A\n', "line 2, column 1: The line cannot be taken apart: unexpected end of data."),
        ('name\n"A"B\n', "line 2, column 1: The line cannot be taken apart: ',' expected after"),
        (f"name\n{'x' * 501}\n", "line 2, column 1: `name` has 501 signs. Shorten it."),
        ("name\nA\x07\n", "line 2, column 1: `name` holds a control sign. Remove it."),
        (b"name\nA\nB \xff\n", "line 3, column 3: Byte 0xff is not UTF-8. Save the file"),
        (b"PK\x03\x04rest", "line 1, column 1: This is a spreadsheet, not a text. Save it as CSV."),
    ],
)
def test_a_fault_is_told_with_its_line_and_column(text: str | bytes, expected: str) -> None:
    (told,) = faults(text)

    assert told.startswith(expected)


def test_all_faults_are_told_at_once_up_to_fifty() -> None:
    text = "name,country,from\n" + "".join(f"N{n},UK,soon\n" for n in range(60))
    told = faults(text)

    assert told[:2] == [
        "line 2, column 2: `UK` is no country code. Did you mean GB?",
        "line 2, column 3: `soon` is no date. Write YYYY-MM-DD.",
    ]
    assert told[-1] == "and 70 more"
    assert len(told) == 51


def test_other_lists_need_their_ids() -> None:
    assert faults("name\nBrazil\n", of="country") == [
        "line 1, column 1: The column `country` is missing. Add it."
    ]
    assert faults("name,id\nOptics,\n", of="topic") == [
        "line 2, column 2: `id` is empty. Every entry of this list needs it."
    ]


def test_an_entry_may_return_in_another_span_of_days() -> None:
    data = b"name,from,to\nAlpha,2020-01-01,2020-12-31\nAlpha,2022-01-01,\n"

    assert len(read_entries(data, "x.csv")) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Universität Köln", "UNIVERSITAT KOLN"),
        ("Tide & Harbor, Co.", "tide and harbor co"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Søren-Ærø", "soren aero"),
        ("İstanbul", "istanbul"),
        ("北京  大学", "北京 大学"),
        ("\uff21\uff22\uff23", "abc"),
    ],
)
def test_spellings_that_are_one_name(one: str, other: str) -> None:
    assert normalized(one) == normalized(other) != ""


@given(st.text())
def test_normalizing_again_changes_nothing(name: str) -> None:
    assert normalized(normalized(name)) == normalized(name)


@given(st.text(st.characters(codec="ascii")))
def test_plain_names_are_normalized_like_all_others(name: str) -> None:
    # A mark that does not count makes the name one that is not plain.
    assert normalized(name) == normalized(f"{name}\N{COMBINING ACUTE ACCENT}")


def test_what_an_edition_adds_removes_and_changes() -> None:
    new = LIST.replace("Harbor, Tide & Co", "Gale Works").replace(
        "Northwind Institute of Optics,NIO|", "NORTHWIND INSTITUTE OF OPTICS,"
    )
    found = changes((INSTITUTE, HARBOR), read_entries(new.encode(), "x.csv"))

    assert [entry.name for entry in found.added] == ["Gale Works"]
    assert found.removed == (HARBOR,)
    ((before, after),) = found.changed
    assert (before, after.aliases) == (INSTITUTE, ("Northwind Optics",))


def test_an_edition_of_the_same_entries_in_another_order_changes_nothing() -> None:
    found = changes((INSTITUTE, HARBOR, INSTITUTE), (HARBOR, INSTITUTE, INSTITUTE))

    assert found == list_entries.Changes((), (), ())


def test_entries_are_stored_and_read_back() -> None:
    doubted = Entry(name="Gale", member_id="invented:gale", confidence=0.7)
    entries = (INSTITUTE, HARBOR, doubted)

    assert list_entries.entries_of(entry.plain() for entry in entries) == entries


def test_source_and_date_are_required_and_slips_are_told() -> None:
    heading = Heading(
        list_id="A list", title="", of="organisation", source=" ", dated="2024", review_by="soon"
    )

    assert [*heading.problems(TODAY)] == [
        "The name of a list has small letters, digits and hyphens. Write `a-list`.",
        "`organisation` is nothing that a list can hold. Did you mean `organization`?",
        "The source is missing. Say who publishes the list and where, with --source.",
        "--dated is `2024`, which is no date. Write YYYY-MM-DD.",
        "--review-by is `soon`, which is no date. Write YYYY-MM-DD.",
    ]
    fine = Heading(list_id="a-list", title="", of="topic", source="x", dated="2024-02-29")
    assert [*fine.problems(TODAY)] == []
    undated = Heading(list_id="a-list", title="", of="topic", source="x", dated="")
    assert [*undated.problems(TODAY)] == [
        "The date of the edition is missing. Give it with --dated YYYY-MM-DD."
    ]
    to_come = Heading(list_id="a-list", title="", of="topic", source="x", dated="2024-06-16")
    assert [*to_come.problems(TODAY)] == [
        "--dated is 2024-06-16, after today, 2024-06-15. Give the day that the list bears."
    ]


@pytest.mark.parametrize(
    ("dated", "review_by", "expected"),
    [
        ("2023-06-15", None, "This edition is more than 12 months old: look for a newer one."),
        ("2023-06-16", None, "This edition will be 12 months old on 2024-06-16."),
        ("2023-08-14", None, "This edition will be 12 months old on 2024-08-14."),
        ("2023-08-15", None, None),
        ("2024-02-29", "2024-06-15", "A newer edition was to be looked for by 2024-06-15."),
        ("2024-02-29", "2024-06-16", None),
        ("2020-02-29", None, "This edition is more than 12 months old: look for a newer one."),
    ],
)
def test_an_edition_that_ages_is_told_in_time(
    dated: str, review_by: str | None, expected: str | None
) -> None:
    heading = Heading(
        list_id="a-list", title="", of="topic", source="x", dated=dated, review_by=review_by
    )

    assert heading.remark_on_age(TODAY) == expected


def test_a_list_as_policies_use_it_keeps_its_doubts() -> None:
    text = """list: a-list
of: organization
source: invented
dated: 2024-01-01
members:
  - {id: invented:a, name: Alpha, from: 2024-01-01}
  - {id: invented:b, name: Beta, confidence: 0.7}
  - {id: invented:c, confidence: 0.7, confirmed: true}
  - {id: invented:d, confirmed: false}
"""
    found = list_entries.entries_of_list(read_list(text))

    assert [(one.name, one.member_id, one.confidence) for one in found] == [
        ("Alpha", "invented:a", None),
        ("Beta", "invented:b", 0.7),
        ("invented:c", "invented:c", None),
        ("invented:d", "invented:d", 0.5),
    ]
    assert found[0].first_on == dt.date(2024, 1, 1)


def test_five_hundred_signs_fifty_faults_and_one_day_are_not_too_much() -> None:
    (entry,) = read_entries(f"name,from,to\n{'x' * 500},2024-01-01,2024-01-01\n".encode(), "x.csv")

    assert (len(entry.name), entry.first_on) == (500, entry.last_on)
    assert len(faults("name,country\n" + "".join(f"N{n},UK\n" for n in range(50)))) == 50
    told = faults("name,country\n" + "".join(f"N{n},UK\n" for n in range(51)))
    assert told[50:] == ["and 1 more"]


def test_members_of_a_list_of_countries_are_of_themselves() -> None:
    text = "{list: a, of: country, source: x, dated: 2024-01-01, members: [{id: CN, name: China}]}"
    (country,) = list_entries.entries_of_list(read_list(text))
    topic = text.replace("country", "topic").replace("CN", "T10001")

    assert country == Entry(name="China", country="CN", member_id="CN")
    assert list_entries.entries_of_list(read_list(topic))[0].country is None


def test_spans_of_one_entry_are_compared_in_their_order() -> None:
    first, second = (
        Entry(name="Alpha", country="XA", first_on=dt.date(year, 1, 1)) for year in (2020, 2023)
    )
    elsewhere = Entry(name="ALPHA", country="XB")
    found = changes((first,), (first, second, elsewhere))

    assert (found.added, found.removed, found.changed) == ((second, elsewhere), (), ())
    back = changes((first, second, elsewhere), (second,))
    assert (back.added, back.removed) == ((), (second, elsewhere))
    assert back.changed == ((first, second),)
