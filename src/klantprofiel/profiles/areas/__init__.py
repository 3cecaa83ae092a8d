"""Areas: where customers live, how far the nearest store is, and how much of each area is customer already.

postcode_provinces, areas, store_places   reference: what is known of postal areas and stores
region                                    the theme: one row per customer with a Dutch postal code
area_penetration                          the market: customers against inhabitants, by `make_market`
official.py, geopackage.py, rd.py         the official files of CBS, by `read_areas`
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from klantprofiel.profiles.areas.official import read_areas
from klantprofiel.profiles.people import LIVING
from klantprofiel.profiles.theme import Facts, Theme
from klantprofiel.profiles.variable import Variable
from klantprofiel.purposes import MINIMUM_GROUP
from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from klantprofiel.profiles.theme import Makes

NO_ADDRESS: Final = "geen Nederlandse postcode bekend"
NO_AREA: Final = f"{NO_ADDRESS}, of geen gebied in het referentiebestand"

COUNT: Final = "BIGINT"
_MARKET: Final = {"n_inhabitants": COUNT, "n_households": COUNT, "n_customers": COUNT, "n_homes": COUNT}

_where = partial(Variable, facet="leefwereld")

POSTCODE_PROVINCES: Final = Facts(name="postcode_provinces", package=__package__)
AREAS: Final = Facts(name="areas", package=__package__)
STORE_PLACES: Final = Facts(name="store_places", package=__package__)

REGION: Final = Theme(
    name="region",
    package=__package__,
    references=(POSTCODE_PROVINCES, AREAS, STORE_PLACES),
    facts=(LIVING,),
    windows=(),
    variables=(
        _where(
            name="pc4",
            label="Postcode, vier cijfers",
            basis=None,  # thousands of values, and with an age it points out a person
            kind="category",
            unit="",
            missing=NO_ADDRESS,
        ),
        _where(
            name="postal_area",
            label="Postcodegebied, twee cijfers",
            basis="geographic",
            kind="category",
            unit="",
            missing=NO_ADDRESS,
        ),
        _where(
            name="municipality",
            label="Gemeente",
            basis="geographic",
            kind="category",
            unit="",
            missing=NO_AREA,
        ),
        _where(
            name="region",
            label="Provincie",
            basis="geographic",
            kind="category",
            unit="",
            missing=f"{NO_ADDRESS}, of een die buiten de bekende reeksen valt",
        ),
        _where(
            name="region_from",
            label="Waaruit de provincie blijkt",
            basis=None,  # it tells of our files, not of the customer
            kind="category",
            unit="",
            missing="geen provincie bekend",
        ),
        _where(
            name="urbanity",
            label="Stedelijkheid",
            basis="geographic",
            kind="count",
            unit="klasse van het CBS, van 1 zeer sterk tot 5 niet stedelijk",
            missing=NO_AREA,
        ),
        _where(
            name="area_type",
            label="Gebiedstype",
            basis="geographic",
            kind="category",
            unit="",
            missing=NO_AREA,
        ),
        _where(
            name="distance_store_km",
            label="Afstand tot de dichtstbijzijnde winkel",
            basis="geographic",
            kind="number",
            unit="km, hemelsbreed",
            missing=f"{NO_AREA}, of geen open winkel waarvan de plaats bekend is",
        ),
        _where(
            name="store_nearest",
            label="Dichtstbijzijnde winkel",
            basis="geographic",
            kind="category",
            unit="",
            missing=f"{NO_AREA}, of geen open winkel waarvan de plaats bekend is",
        ),
    ),
)

THEMES: Final = (REGION,)


def make_market(tables: Makes) -> None:
    """Make `area_penetration`: customers against inhabitants per postal area, municipality and province.

    One row per level and area with a known population; `penetration_share` is customers by inhabitants,
    `penetration_index` that of the whole market as 100, and `n_white_space` how many customers more the area
    would have at the share of the whole market (`benchmark_share`). Areas of fewer than ten homes with a
    customer are withheld, with as many others as it takes that nobody can compute them.

    Reads the reference table `areas` and the facts `living`. Without a reference file the table is empty.
    """
    tables.make(load_sql(__package__, "area_penetration"), types=_MARKET, minimum=MINIMUM_GROUP)


__all__ = ["AREAS", "POSTCODE_PROVINCES", "REGION", "STORE_PLACES", "THEMES", "make_market", "read_areas"]
