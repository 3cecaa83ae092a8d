"""Een eigen variabele: what `weekend.sql` beside this file makes. Nothing else has to be changed."""

from klantprofiel.profiles import Variable

VARIABLES = (
    Variable(
        name="weekend_share",
        label="Aandeel besteld in het weekend",
        facet="leefwereld",
        basis="behavioural",
        kind="share",
        unit="deel van de bestellingen",
        missing="sinds 2024 nog niets besteld",
    ),
)
