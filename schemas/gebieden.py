"""Wat er van elk postcodegebied bekend is: gemeente, stedelijkheid, inwoners en ligging.

The file that comes with the demo, reference/pc4_fictief.csv, is made up. reference/ORIGIN.md tells how to put
the official files of Statistics Netherlands (CBS) in its place, and what their columns mean.
"""

from decimal import Decimal

from klantprofiel import schema as s


class Pc4Areas(s.ReferenceTable, maps_to=s.canonical.Areas):
    """Postcodegebieden: one row per four digits of a postal code; each file holds all of them."""

    source = "gebieden"
    dialect = s.Csv(delimiter=",", decimal=".")
    quarantine = s.at_most(share=0)

    pc4 = s.Text(label="Postcode, vier cijfers", source="postcode", key=True, pattern="[1-9][0-9]{3}")
    population = s.Integer(label="Inwoners", source="aantal_inwoners", unit="inwoners", nullable=True)
    households = s.Integer(
        label="Huishoudens", source="aantal_part_huishoudens", unit="huishoudens", nullable=True
    )
    urbanity = s.Integer(label="Stedelijkheid", source="stedelijkheid", nullable=True)
    municipality = s.Text(label="Gemeente", source="gemeentenaam", nullable=True)
    province = s.Text(label="Provincie", source="provincienaam", nullable=True)
    latitude = s.Amount(
        label="Breedtegraad",
        unit="graden",
        decimals=4,
        minimum=Decimal(50),
        maximum=Decimal(54),
        nullable=True,
    )
    longitude = s.Amount(
        label="Lengtegraad", unit="graden", decimals=4, minimum=Decimal(3), maximum=Decimal(8), nullable=True
    )
    origin = s.Text(label="Herkomst", source="herkomst", nullable=True)
