"""How far apart the organisations of a work are."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.schema.facts import WORK_DISTANCES
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import AFFILIATIONS, ORGANIZATIONS

EARTH_RADIUS_KM = 6371.01
"""As the Leiden Ranking has it."""


def great_circle_km(
    latitude: ir.FloatingValue,
    longitude: ir.FloatingValue,
    latitude_b: ir.FloatingValue,
    longitude_b: ir.FloatingValue,
) -> ir.FloatingValue:
    r"""Return the great-circle distance of two points given in degrees, in kilometres.

    .. math:: d = 2 r \arcsin \sqrt{\frac{1 - \cos \Delta\phi}{2} +
              \cos \phi_a \cos \phi_b \frac{1 - \cos \Delta\lambda}{2}}

    References
    ----------
    CWTS Leiden Ranking Open Edition, calculation of geographical collaboration distance.
    """
    phi, phi_b = latitude.radians(), latitude_b.radians()
    delta = (longitude_b - longitude).radians()
    haversine = (1.0 - (phi_b - phi).cos()) / 2.0 + phi.cos() * phi_b.cos() * (
        1.0 - delta.cos()
    ) / 2.0
    return 2.0 * EARTH_RADIUS_KM * haversine.clip(0.0, 1.0).sqrt().asin()


def work_distances(affiliations: ir.Table, organizations: ir.Table) -> ir.Table:
    """Return the greatest distance between two organisations of each work.

    Works with fewer than two organisations that have coordinates are not here: a missing
    coordinate is not a distance of 0.
    """
    located = organizations.filter(
        organizations.latitude.notnull() & organizations.longitude.notnull()
    ).select("organization_id", "latitude", "longitude")
    mentioned = affiliations.filter(affiliations.organization_id.notnull())
    placed = mentioned.select("work_id", "organization_id").distinct()
    points = placed.inner_join(located, "organization_id").select(
        "work_id", "organization_id", "latitude", "longitude"
    )
    others = points.select(
        "work_id",
        organization_id_b=points.organization_id,
        latitude_b=points.latitude,
        longitude_b=points.longitude,
    )
    sides = points.inner_join(others, "work_id")
    pairs = sides.filter(sides.organization_id < sides.organization_id_b)
    distance = great_circle_km(pairs.latitude, pairs.longitude, pairs.latitude_b, pairs.longitude_b)
    farthest = pairs.group_by("work_id").agg(distance_km=distance.max())
    sizes = points.group_by("work_id").agg(n_organizations=points.count())
    return conform(farthest.inner_join(sizes, "work_id"), WORK_DISTANCES)


STEP = Step(compute=work_distances, reads=(AFFILIATIONS, ORGANIZATIONS), writes=WORK_DISTANCES)
