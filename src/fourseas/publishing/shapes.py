"""Outlines of countries: every map of a site means them by name, and one file holds them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from fourseas.publishing.addresses import SHAPES
from fourseas.reports.outlines import HEIGHT, WIDTH

OUTLINE = re.compile(r'<path d="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Shapes:
    """Outlines by their names, in the order in which maps drew them first."""

    names: dict[str, str] = field(default_factory=dict)

    def meant(self, drawn: str) -> str:
        """Return a map that means each outline by its name: megabytes become kilobytes."""

        def by_name(found: re.Match[str]) -> str:
            name = self.names.setdefault(found[1], f"s{len(self.names)}")
            return f'<use href="/{SHAPES}#{name}"'

        return OUTLINE.sub(by_name, drawn).replace("</path>", "</use>")

    def file(self) -> bytes:
        """Return the file that holds the outlines."""
        lines = [f'<path id="{name}" d="{line}"/>' for line, name in self.names.items()]
        size = f'viewBox="0 0 {WIDTH} {HEIGHT}"'
        whole = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n<defs>\n'
        return "\n".join([whole + "\n".join(lines), "</defs>", "</svg>", ""]).encode()
