"""Which works have a country, and which several, as pySciSci reads them from a snapshot."""

import json
import sys

import pyscisci.all as pyscisci

TABLES = ["affiliations", "publications", "publicationauthoraffiliation"]


def main():
    """Preprocess the snapshot, load the countries of its institutions, and count."""
    with open(sys.argv[1], encoding="utf-8") as file:
        task = json.load(file)
    database = pyscisci.OpenAlex(
        task["snapshot"],
        database_extension="csv.gz",
        keep_in_memory=False,
        show_progress=False,
    )
    database.preprocess(dataframe_list=TABLES, show_progress=False)
    countries = database.load_affiliations(columns=["AffiliationId", "Country"]).dropna()
    authors = database.load_publicationauthoraffiliation(
        columns=["PublicationId", "AffiliationId"]
    ).dropna()
    placed = authors.merge(countries, on="AffiliationId")
    by_work = (
        placed.drop_duplicates(["PublicationId", "Country"])
        .groupby("PublicationId")["Country"]
        .nunique()
    )
    found = {"with_country": len(by_work), "international": int((by_work > 1).sum())}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
