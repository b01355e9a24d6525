#!/usr/bin/env python3
"""Prepare the registers that the package ships from the files that they were published in.

    python tools/embed.py DATA

DATA holds the folders named in src/fourseas/embedded/README.md. The same files give the same
output, but for the people of the RFCs and of 3GPP: their names become ids under a salt that is
drawn anew and kept nowhere, so that nobody can try names against what is shipped.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
import secrets
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROOT = Path(__file__).parents[1]
EMBEDDED = ROOT / "src" / "fourseas" / "embedded"
SAMPLES = ROOT / "tests" / "samples"

Row = dict[str, object]

ID_DIGITS = 15
"""Hexadecimal digits of a shipped person id: 60 bits."""

COLUMNS_APART = re.compile(r"\s{4,}|\t")
"""Old plain-text addresses stand side by side; what follows such a gap is somebody else's."""

PREFIX = re.compile(r"^(postal|org):\s*", re.IGNORECASE)

ORGANIZATIONS_ALL_THE_SAME = {
    "(us) national institute of standards and technology",
    "128 technology",
    "360 treasury systems",
    "724 solutions inc.",
    "lockheed martin",
    "preston & lynch",
}
"""What looks like an address, a sentence or a person, but is none."""

NO_ORGANIZATION = re.compile(
    r"""
    \S+@\S+\.\w+                                # an e-mail address
    | ^(fn|fax|phone|tel|home)\s*:              # a telephone number, or a line of a vCard
    | ^\d+[a-z]?(-\d+)?[ ,]                     # a street with its number before it
    | \b(p\.?\s?o\.?|pmb)\s*(box|\#|\d).*\d     # a post office box
    | ^box\s\d
    | ^(room|rm|suite|office|ms|mail\ stop)\b.*\d   # a room
    | \b(avenue|galerie|rue|via)\b.*\d            # a street with its number after it
    | (gasse|gatan|laan|str\.|straat|strasse|tie|vagen)\ \d
    | [ ,][a-z]{2}\s+\d{5}$ | \b\w\d\w\ \d\w\d$    # a town with its postal code
    | ^(hall|jorvas|lulea|aptos|santa\ barbara)\b.*\d
    | ^(\(|sadly,|possible,|editor,) | :$        # a sentence
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What was taken for an organisation in an address but is none."""

CORPORATE_AUTHORS = {
    "iab",
    "international organization for standardization",
    "internet architecture board",
    "rfc editor",
    "sun microsystems",
}

OLD_CODES = {
    "ROM": "RO",
    "ZAR": "CD",
    "YUG": "RS",
    "TMP": "TL",
    "PAL": "PS",
}
"""Codes of GeoDist that ISO 3166-1 has changed; the Netherlands Antilles (ANT) have no heir."""

SHORT_NAMES = {"BA": "Bosnia and Herzegovina", "GB": "United Kingdom", "US": "United States"}
"""Display names in place of Bosnia, UK and US, which stay as aliases."""

KOSOVO = {
    "iso2": "XK",
    "iso3": "XKX",
    "name": "Kosovo",
    "official_name": "Republic of Kosovo",
    "un_region": "Europe",
    "un_subregion": "Southern Europe",
    "wb_income_2021": "Upper middle income",
}
"""The country that ISO 3166-1 does not list and that registers name by a user-assigned code."""

PLACES = {
    "CD": ("-4.325", "15.32222", "2344858", "0"),
    "LI": ("47.14139", "9.52083", "160", "1"),
    "MC": ("43.73333", "7.41667", "2", "0"),
    "ME": ("42.44111", "19.26278", "13812", "0"),
    "PS": ("31.78333", "35.23333", "6020", "0"),
    "RO": ("44.43250", "26.10389", "238397", "0"),
    "RS": ("44.81667", "20.46667", "77474", "1"),
    "SS": ("4.85", "31.6", "644329", "1"),
    "TL": ("-8.55", "125.56", "14919", "0"),
    "VA": ("41.90250", "12.45333", "0.44", "1"),
    "XK": ("42.66333", "21.16222", "10887", "1"),
}
"""Latitude and longitude of the capital, area in square kilometres and whether landlocked, of
states that the data set lacks because GeoDist knew them under another code or not at all."""

COUNTRY_COLUMNS = (
    "iso2",
    "iso3",
    "m49",
    "name",
    "official_name",
    "un_region",
    "un_subregion",
    "ldc",
    "wb_income_2021",
    "lat",
    "lon",
    "area",
    "landlocked",
)

EMPLOYER = ("parent", "head_office", "site")
"""What the table of employers says of a printed name."""

SAMPLED_SPECIFICATIONS = ("TR 01.01U", "TR 12.30", "TR 23.955", "TR 33.777", "TS 11.19")
"""No rapporteur; a printed site; the secretariat; two persons at once; two, one after the other."""

INSTITUTION_KEYS = ("id", "ror", "display_name", "country_code", "type")

SAMPLED_COUNTRIES = ("CN", "HK", "MO", "NA", "TW", "US", "XK")
SAMPLED_STATUSES = ("active", "inactive", "withdrawn")


def embed(data: Path) -> None:
    """Write every prepared register below the package, and the samples below the tests."""
    embed_rfc(data / "data" / "rfc")
    embed_3gpp(data / "data" / "3gpp")
    embed_ncses(data / "data" / "ncses", data / "oracles" / "ncses")
    embed_matrix(data / "data" / "openalex")
    embed_countries(data / "data" / "countries")
    embed_map(data / "data" / "map")
    embed_institutions()
    sample_ror(data / "data" / "ror")
    sample_ncses(data / "data" / "ncses", data / "oracles" / "ncses")


def embed_rfc(folder: Path) -> None:
    """Join documents, authors and references into one record for each document."""
    salt = secrets.token_bytes(32)
    listed = _rows(folder / "rfc_authors.parquet")
    names = {str(author["name"]).lower() for author in listed} - CORPORATE_AUTHORS
    authors: dict[object, list[Row]] = defaultdict(list)
    for author in listed:
        authors[author["rfc"]].append(
            {
                "position": author["position"],
                "name": person_id(str(author["name"]), salt),
                "org": organization(author["org"], names),
                "country": author["country"],
                "editor": author["editor"],
            }
        )
    references: dict[object, list[int]] = defaultdict(list)
    for reference in _rows(folder / "rfc_refs.parquet"):
        references[reference["citing"]].append(int(str(reference["cited"])))
    documents = [
        {
            **{name: document[name] for name in ("rfc", "doi", "title", "year", "source")},
            "authors": sorted(
                authors[document["rfc"]], key=lambda author: int(str(author["position"]))
            ),
            "references": sorted(references[document["rfc"]]),
        }
        for document in _rows(folder / "rfc_docs.parquet")
    ]
    person = pa.struct(
        [
            ("position", pa.int64()),
            ("name", pa.string()),
            ("org", pa.string()),
            ("country", pa.string()),
            ("editor", pa.bool_()),
        ]
    )
    schema = pa.schema(
        [
            ("rfc", pa.int64()),
            ("doi", pa.string()),
            ("title", pa.string()),
            ("year", pa.int64()),
            ("source", pa.string()),
            ("authors", pa.list_(person)),
            ("references", pa.list_(pa.int64())),
        ]
    )
    _write(
        pa.Table.from_pylist(documents, schema=schema).sort_by("rfc"),
        EMBEDDED / "rfc" / "documents.parquet",
    )


def embed_3gpp(folder: Path) -> None:
    """Gather the versions of each specification, earliest first, with employers as looked up.

    The table of employers is written by hand (`organizations.csv`) and lies where it is shipped.
    """
    salt = secrets.token_bytes(32)
    with (EMBEDDED / "3gpp" / "organizations.csv").open(encoding="utf-8", newline="") as file:
        employers = {row["name"]: row for row in csv.DictReader(file)}
    versions: dict[str, list[Row]] = defaultdict(list)
    for listed in sorted(_rows(folder / "versions.parquet"), key=_place_of_version):
        versions[str(listed["spec"])].append(listed)
    specifications = [
        {
            "specification": name,
            "title": listed[-1]["title"],
            "working_group": listed[-1]["working_group"],
            "versions": [_version(version, employers, salt) for version in listed],
        }
        for name, listed in sorted(versions.items())
    ]
    texts = ("version", "release", "date", "rapporteur", "organization", *EMPLOYER)
    version = pa.struct([*((name, pa.string()) for name in texts), ("n_rapporteurs", pa.int64())])
    schema = pa.schema(
        [
            ("specification", pa.string()),
            ("title", pa.string()),
            ("working_group", pa.string()),
            ("versions", pa.list_(version)),
        ]
    )
    _write(
        pa.Table.from_pylist(specifications, schema=schema),
        EMBEDDED / "3gpp" / "specifications.parquet",
    )
    sampled = [row for row in specifications if row["specification"] in SAMPLED_SPECIFICATIONS]
    target = SAMPLES / "3gpp" / "specifications.jsonl"
    target.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in sampled)
    target.write_text(text, encoding="utf-8")


def _place_of_version(listed: Row) -> tuple[list[int], bool]:
    """Return what puts versions in order: their numbers, then the older spelling of a release.

    The register was copied at two times: REL-99 names the rapporteur of 2025, R99 an earlier one.
    """
    numbers = [int(number) for number in str(listed["version"] or "0").split(".")]
    return numbers, str(listed["release"]).startswith("REL-")


def _version(listed: Row, employers: Mapping[str, Row], salt: bytes) -> Row:
    """Return what is shipped of a version."""
    printed = " ".join(str(listed["affiliation"] or "").split())
    employer = employers[str(listed["affiliation"])] if printed else {}
    person = listed["person"]
    return {
        "version": listed["version"],
        "release": listed["release"],
        "date": None if listed["date"] is None else str(listed["date"]),
        "rapporteur": None if person is None else person_id(_ordered(str(person)), salt),
        "n_rapporteurs": listed["n_persons"],
        "organization": printed or None,
        **{name: employer.get(name) or None for name in EMPLOYER},
    }


def _ordered(person: str) -> str:
    """Return a name in lower case, the given names first: SMITH, John is john smith."""
    surname, _, given = person.partition(",")
    return " ".join(f"{given} {surname}".lower().split())


def person_id(name: str, salt: bytes) -> str:
    """Return what stands for a name: hexadecimal digits that only the salt could reproduce."""
    return hashlib.sha256(salt + name.encode()).hexdigest()[:ID_DIGITS]


def organization(printed: object, names: set[str]) -> str | None:
    """Return the organisation in an address line, or None where the line is something else.

    Telephone numbers, e-mail addresses, streets and names of people are not shipped.
    """
    if printed is None:
        return None
    first_column = COLUMNS_APART.split(str(printed).strip())[0]
    line = PREFIX.sub("", " ".join(first_column.split()))
    if not line or line.lower() in ORGANIZATIONS_ALL_THE_SAME:
        return line or None
    return None if NO_ORGANIZATION.search(line) or _is_person(line, names) else line


def _is_person(line: str, names: set[str]) -> bool:
    """Tell whether a line is the name of an author, in full or with an initial."""
    words = line.lower().split()
    return line.lower() in names or f"{words[0][0]}. {words[-1]}" in names


def embed_institutions() -> None:
    """Write the institutions that the embedded works of OpenAlex name, as most of them do.

    Of late OpenAlex calls many institutions funders that it calls something else beside; the
    other kind is kept.
    """
    folder = EMBEDDED / "openalex"
    named: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    with gzip.open(folder / "works.jsonl.gz", "rt", encoding="utf-8") as works:
        for line in works:
            for author in json.loads(line).get("authorships") or []:
                for one in author.get("institutions") or []:
                    if one.get("id"):
                        kept = {key: one.get(key) for key in INSTITUTION_KEYS}
                        named[one["id"]][json.dumps(kept, ensure_ascii=False)] += 1
    chosen = [
        min(forms, key=lambda form: ('"type": "funder"' in form, -forms[form], form))
        for _, forms in sorted(named.items())
    ]
    text = "".join(f"{form}\n" for form in chosen)
    data = gzip.compress(text.encode(), mtime=0)
    (folder / "institutions.jsonl.gz").write_bytes(data)


def embed_ncses(folder: Path, tables: Path) -> None:
    """Keep the columns that are read, and name the countries of the pair tables by code."""
    kept = {
        "output": ("name", "country_code", "field", "counting", "year", "articles"),
        "top_1_percent": (
            "name",
            "country_code",
            "field",
            "counting",
            "year",
            "share_in_top_1_percent",
        ),
        "coauthorship_attributes": ("name", "country_code", "attribute", "year", "articles"),
        "relative_citation_index_2020": ("citing_code", "cited_code", "field", "rci"),
    }
    for stem, columns in kept.items():
        table = pq.read_table(folder / f"{stem}.parquet").select(list(columns))
        keys = [(name, "ascending") for name in columns[:-1]]
        _write(table.sort_by(keys), EMBEDDED / "ncses" / f"{stem}.parquet")
    pairs = _matrix_rows(tables, "pairs", _codes(folder))
    _write_csv(
        EMBEDDED / "ncses" / "pairs.csv", ("year", "unit_code", "partner_code", "works"), pairs
    )


def embed_matrix(folder: Path) -> None:
    """Take over the country pair matrix as it is."""
    name = "country_coauthorship_1990_2023.parquet"
    table = pq.read_table(folder / name)
    keys = [(column, "ascending") for column in ("year", "a", "b")]
    _write(table.sort_by(keys), EMBEDDED / "matrix" / name)


def embed_countries(folder: Path) -> None:
    """Write countries with Kosovo, covariates by year, and distances under present codes."""
    with (folder / "countries.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    countries = sorted([*listed, KOSOVO], key=lambda country: country["iso2"])
    _write_csv(
        EMBEDDED / "countries" / "countries.csv",
        COUNTRY_COLUMNS,
        ([_country(country)[name] for name in COUNTRY_COLUMNS] for country in countries),
    )
    years = pq.read_table(folder / "country_year.parquet").drop_columns(
        ["iso3", "technicians_per_million", "sci_articles", "hightech_exports_pct"]
    )
    _write(
        years.sort_by([("iso2", "ascending"), ("year", "ascending")]),
        EMBEDDED / "countries" / "country_years.parquet",
    )
    codes = {country["iso3"]: country["iso2"] for country in listed} | OLD_CODES
    distances = [
        {
            "country_code_a": codes[str(pair["iso_o"])],
            "country_code_b": codes[str(pair["iso_d"])],
            **{name: pair[name] for name in ("contig", "comlang_off", "colony", "dist", "distw")},
        }
        for pair in _rows(folder / "geodist_small.parquet")
        if "ANT" not in {pair["iso_o"], pair["iso_d"]}
    ]
    schema = pa.schema(
        [
            ("country_code_a", pa.string()),
            ("country_code_b", pa.string()),
            *((name, pa.int8()) for name in ("contig", "comlang_off", "colony")),
            *((name, pa.int32()) for name in ("dist", "distw")),
        ]
    )
    keys = [("country_code_a", "ascending"), ("country_code_b", "ascending")]
    _write(
        pa.Table.from_pylist(distances, schema=schema).sort_by(keys),
        EMBEDDED / "countries" / "distances.parquet",
    )


def _country(listed: Mapping[str, str]) -> dict[str, str]:
    """Return the columns of a country that are shipped, with what the data set lacks."""
    country = {name: listed.get(name, "") for name in COUNTRY_COLUMNS}
    country["name"] = SHORT_NAMES.get(country["iso2"], country["name"])
    country["m49"] = country["m49"].zfill(3) if country["m49"] else ""
    if country["iso2"] in PLACES:
        place = zip(("lat", "lon", "area", "landlocked"), PLACES[country["iso2"]], strict=True)
        country.update(place)
    return country


def embed_map(folder: Path) -> None:
    """Take over the world's shapes as they are."""
    target = EMBEDDED / "map" / "world-50m.topo.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder / "world-countries-50m.topo.json", target)


def sample_ror(folder: Path) -> None:
    """Keep the first records of each kind: countries easily lost, statuses, several places."""
    kept: list[Row] = []
    n_kept: dict[tuple[str, str], int] = defaultdict(int)
    with_gzip = pa.input_stream(str(folder / "ror_records_v2_native.jsonl.gz"), compression="gzip")
    for line in with_gzip.read().decode("utf-8").splitlines():
        record = json.loads(line)
        codes = {place["geonames_details"]["country_code"] for place in record["locations"]}
        kinds = [("several", "countries")] if len(codes) > 1 else []
        kinds += [("status", status) for status in SAMPLED_STATUSES if record["status"] == status]
        kinds += [("country", code) for code in SAMPLED_COUNTRIES if code in codes]
        kinds += [("types", "-".join(record["types"]))] if len(record["types"]) > 1 else []
        wanted = [kind for kind in kinds if n_kept[kind] < N_SAMPLED[kind[0]]]
        if wanted:
            kept.append(record)
            for kind in kinds:
                n_kept[kind] += 1
    target = SAMPLES / "ror" / "ror_v2.jsonl"
    target.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in kept)
    target.write_text(text, encoding="utf-8")


N_SAMPLED = {"several": 4, "status": 5, "country": 4, "types": 1}
"""How many records of a kind are sampled."""


def sample_ncses(folder: Path, tables: Path) -> None:
    """Write the published indexes of collaboration, for tests that compute them anew."""
    _write_csv(
        SAMPLES / "ncses" / "collaboration_index.csv",
        ("year", "unit_code", "partner_code", "collaboration_index"),
        _matrix_rows(tables, "index", _codes(folder)),
    )


def _codes(folder: Path) -> dict[str, str]:
    """Return the country code of each name in the tables of co-authorship."""
    table = _rows(folder / "coauthorship_attributes.parquet")
    named = {str(row["name"]): str(row["country_code"]) for row in table if row["country_code"]}
    return {**named, "World": "WORLD"}


def _matrix_rows(tables: Path, stem: str, codes: Mapping[str, str]) -> Iterable[list[str]]:
    """Yield the filled cells of a published matrix of each year: year, row, column, value."""
    for year in ("2003", "2022"):
        with (tables / f"{stem}_{year}.csv").open(encoding="utf-8", newline="") as file:
            header, *lines = list(csv.reader(file))
        for name, *values in lines:
            for partner, value in zip(header[1:], values, strict=True):
                if value:
                    yield [year, codes[name], codes[partner], value.removesuffix(".0")]


def _rows(path: Path) -> list[Row]:
    rows: list[Row] = pq.read_table(path).to_pylist()
    return rows


def _write(table: pa.Table, path: Path) -> None:
    """Write a table with missing numbers as null, whatever the publisher wrote for them."""
    for place, field in enumerate(table.schema):
        if pa.types.is_floating(field.type):
            column = table.column(place)
            known = pc.if_else(pc.is_nan(column), None, column)
            table = table.set_column(place, field, known)
    path.parent.mkdir(parents=True, exist_ok=True)
    bare = table.replace_schema_metadata(None)
    pq.write_table(bare, path, compression="zstd", compression_level=19)


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


if __name__ == "__main__":
    embed(Path(sys.argv[1]))
