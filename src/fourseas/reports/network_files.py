"""A network as files that VOSviewer, Gephi, Cytoscape, igraph and networkx open."""

from __future__ import annotations

import csv
import io
import json
from xml.sax.saxutils import escape, quoteattr

from fourseas.reports.networks import Network

GRAPHML = "http://graphml.graphdrawing.org/xmlns"


def as_vosviewer(network: Network) -> bytes:
    """Return a network as VOSviewer's JSON; strengths are raw, VOSviewer normalizes them itself.

    References
    ----------
    https://app.vosviewer.com/docs/file-types/json-file-type/
    """
    whole = {
        "network": {
            "items": [
                {
                    "id": item.code,
                    "label": item.name,
                    "description": escape(f"{item.name} ({item.code})"),
                    **({} if item.works is None else {"weights": {"Works": item.works}}),
                }
                for item in network.items
            ],
            "links": [
                {"source_id": first, "target_id": second, "strength": strength}
                for first, second, strength in network.undirected()
            ],
        },
        "info": {"title": network.title, "description": escape(network.told)},
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def as_map(network: Network) -> bytes:
    """Return the items for VOSviewer, numbered from 1, in columns divided by tabs.

    References
    ----------
    https://app.vosviewer.com/docs/file-types/map-and-network-file-type/
    """
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter="\t", lineterminator="\n")
    is_weighed = all(item.works is not None for item in network.items)
    writer.writerow(["id", "label", *(["weight<Works>"] if is_weighed else [])])
    for number, item in enumerate(network.items, 1):
        writer.writerow([number, item.name, *([item.works] if is_weighed else [])])
    return lines.getvalue().encode()


def as_links(network: Network) -> bytes:
    """Return the links for VOSviewer, by the numbers of the items that `as_map` gives."""
    numbers = {item.code: number for number, item in enumerate(network.items, 1)}
    lines = [
        f"{numbers[first]}\t{numbers[second]}\t{strength!r}\n"
        for first, second, strength in network.undirected()
    ]
    return "".join(lines).encode()


def as_graphml(network: Network) -> bytes:
    """Return a network as GraphML; links that have a direction keep it.

    References
    ----------
    http://graphml.graphdrawing.org/specification.html
    """
    direction = "directed" if network.is_directed else "undirected"
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<graphml xmlns="{GRAPHML}">',
        f"<desc>{escape(network.title)}. {escape(network.told)}</desc>",
        '<key id="label" for="node" attr.name="label" attr.type="string"/>',
        '<key id="works" for="node" attr.name="works" attr.type="double"/>',
        '<key id="weight" for="edge" attr.name="weight" attr.type="double"/>',
        f'<graph edgedefault="{direction}">',
    ]
    for item in network.items:
        works = "" if item.works is None else f'<data key="works">{item.works!r}</data>'
        label = f'<data key="label">{escape(item.name)}</data>'
        lines.append(f"<node id={quoteattr(item.code)}>{label}{works}</node>")
    for first, second, strength in network.links:
        ends = f"source={quoteattr(first)} target={quoteattr(second)}"
        lines.append(f'<edge {ends}><data key="weight">{strength!r}</data></edge>')
    return "\n".join([*lines, "</graph>", "</graphml>", ""]).encode()
