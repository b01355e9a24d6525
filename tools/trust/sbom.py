"""Write what fourseas consists of beside its own code, as CycloneDX JSON, from a lock.

python -m tools.trust.sbom requirements.lock OUT

The same lock and version give the same bytes: there is no time and no chance in it.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import uuid
from pathlib import Path

PINNED = re.compile(r"^(?P<name>[a-z0-9.-]+)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>[^\\]+))?")
HASHED = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def components(lock: str) -> list[dict[str, object]]:
    """Return a component for each package of a lock, with the hashes of the files it may be."""
    found: list[dict[str, object]] = []
    for entry in lock.replace("\\\n", " ").splitlines():
        pinned = PINNED.match(entry)
        if pinned is None:
            continue
        name, version = pinned["name"], pinned["version"]
        address = f"pkg:pypi/{name}@{version.replace('+', '%2B')}"
        properties = [
            {"name": "fourseas:file:sha256", "value": value} for value in HASHED.findall(entry)
        ]
        if pinned["marker"]:
            marker = {"name": "fourseas:marker", "value": pinned["marker"].strip()}
            properties.insert(0, marker)
        found.append(
            {
                "type": "library",
                "bom-ref": address,
                "name": name,
                "version": version,
                "purl": address,
                "properties": properties,
            }
        )
    return found


def sbom(lock: str, project: str) -> bytes:
    """Return the list of components of a lock, of the project that pyproject.toml describes."""
    stated = tomllib.loads(project)["project"]
    own = f"pkg:pypi/{stated['name']}@{stated['version']}"
    listed = components(lock)
    told = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, own + lock)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": stated["name"],
                "version": stated["version"],
                "purl": own,
                "licenses": [{"license": {"id": stated["license"]}}],
            }
        },
        "components": listed,
        "dependencies": [
            {"ref": own, "dependsOn": [component["bom-ref"] for component in listed]},
        ],
    }
    return (json.dumps(told, indent=1) + "\n").encode()


def main() -> None:
    """Write the list where the command line says."""
    lock, out = (Path(argument) for argument in sys.argv[1:])
    project = Path(__file__).parents[2] / "pyproject.toml"
    written = sbom(lock.read_text(encoding="utf-8"), project.read_text(encoding="utf-8"))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(written)


if __name__ == "__main__":
    main()
