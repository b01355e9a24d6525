"""The site as an RO-Crate: what it is, of which registers, by what, and under which terms."""

from __future__ import annotations

import json
from collections.abc import Sequence

from fourseas import __version__
from fourseas.publishing.listings import DataFile
from fourseas.schema.definition import DEFINITIONS
from fourseas.workspace import Workspace, indicator

VERSION = "https://w3id.org/ro/crate/1.2"
FILE = "ro-crate-metadata.json"
SOFTWARE = "#fourseas"
PARQUET = "application/vnd.apache.parquet"

Entity = dict[str, object]


def crate(ws: Workspace, files: Sequence[DataFile], title: str) -> bytes:
    """Return the metadata file of a site, in JSON-LD after RO-Crate 1.2.

    References
    ----------
    RO-Crate Metadata Specification 1.2, https://w3id.org/ro/crate/1.2
    """
    registers = ws.table("registers").order_by("register").to_pyarrow().to_pylist()
    counted = set(ws.ledger.definitions)
    definitions = [one for one in DEFINITIONS if one.definition_id in counted]
    root: Entity = {
        "@id": "./",
        "@type": "Dataset",
        "name": title,
        "description": "Indicators of the openness of science and technology: pages for people, "
        "CSV beside each, and the aggregates behind them as Parquet.",
        "datePublished": ws.ledger.built_at[: len("2000-01-01")],
        "version": ws.version,
        "license": {"@id": "licences.html"},
        "hasPart": [
            {"@id": "index.html"},
            {"@id": "licences.html"},
            *({"@id": f"data/{one.file}"} for one in files),
        ],
        "isBasedOn": [{"@id": f"#register-{row['register']}"} for row in registers],
        "mentions": [{"@id": "#made"}, *({"@id": f"#{d.definition_id}"} for d in definitions)],
    }
    terms: list[Entity] = [
        {
            "@id": f"#{one.definition_id}",
            "@type": "DefinedTerm",
            "name": one.title,
            "termCode": one.definition_id,
            "url": one.source,
        }
        for one in definitions
    ]
    graph: list[Entity] = [
        {
            "@id": FILE,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": VERSION},
        },
        root,
        _file("index.html", "The first page", "text/html"),
        _file("licences.html", "Terms of each register", "text/html"),
        *(_register(row) for row in registers),
        *terms,
        {
            "@id": SOFTWARE,
            "@type": "SoftwareApplication",
            "name": "fourseas",
            "version": __version__,
        },
        {
            "@id": "#made",
            "@type": "CreateAction",
            "name": "Published from a lake of registers",
            "instrument": {"@id": SOFTWARE},
            "object": [{"@id": f"#register-{row['register']}"} for row in registers],
            "result": {"@id": "./"},
        },
    ]
    for one in files:
        graph += _table(one)
    whole = {"@context": f"{VERSION}/context", "@graph": graph}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _file(name: str, title: str, kind: str) -> Entity:
    return {"@id": name, "@type": "File", "name": title, "encodingFormat": kind}


def _register(row: dict[str, object]) -> Entity:
    return {
        "@id": f"#register-{row['register']}",
        "@type": "Dataset",
        "name": row["title"],
        "url": row["url"],
        "version": str(row["snapshot_on"]),
        "license": row["licence"],
        "description": f"Scope: {row['scope']}.",
    }


def _table(one: DataFile) -> list[Entity]:
    """Return a file of data and its columns, each with unit and meaning."""
    columns = indicator(one.name).writes.columns
    file = _file(f"data/{one.file}", one.title, PARQUET) | {
        "contentSize": str(one.n_bytes),
        "description": one.grain,
        "variableMeasured": [{"@id": f"#{one.name}.{column.name}"} for column in columns],
    }
    measured: list[Entity] = [
        {
            "@id": f"#{one.name}.{column.name}",
            "@type": "PropertyValue",
            "name": column.name,
            "unitText": column.unit,
            "description": column.meaning,
        }
        for column in columns
    ]
    return [file, *measured]
