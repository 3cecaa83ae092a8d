"""The theme `value`: its variables, and what makes it. Nothing heavy is loaded before it is made."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from klantprofiel.profiles.theme import Facts, Theme
from klantprofiel.profiles.variable import Variable

if TYPE_CHECKING:
    from klantprofiel.profiles.theme import Makes

NEVER: Final = "nog nooit iets gekocht"
NO_MODEL: Final = "het model is niet te schatten (de tabel value_model zegt waarom)"

_what = partial(Variable, facet="gegevens", basis="behavioural")

VARIABLES: Final = (
    _what(
        name="customer_setting",
        label="Abonnement of losse aankopen",
        kind="category",
        unit="",
        missing=f"{NEVER} en nooit een abonnement gehad",
    ),
    _what(
        name="p_alive",
        label="Kans dat de klant er nog is",
        kind="share",
        unit="kans; 1 bij een lopend abonnement en bij wie één dag kocht",
        missing=f"{NEVER} en nooit een abonnement gehad, of {NO_MODEL}",
    ),
    _what(
        name="expected_purchases_365",
        label="Verwachte aankopen in een jaar",
        kind="number",
        unit="aankopen in 365 dagen",
        missing=f"{NEVER}, of {NO_MODEL}",
    ),
    _what(
        name="residual_value_eur",
        label="Waarde van wat nog komt",
        kind="amount",
        unit="EUR omzet in drie jaar, contant gemaakt tegen 10% per jaar",
        missing=f"{NEVER} en nooit een abonnement gehad, of {NO_MODEL}",
    ),
)

SUBSCRIPTION_PERIODS: Final = Facts(
    name="subscription_periods",
    package=__package__,
    types={"n_subscriptions": "BIGINT", "amount_eur": "DECIMAL(18,2)"},
)


def make_value(tables: Makes) -> tuple[Variable, ...]:
    """Fit the models on what happened up to the date; make `value`, `value_model` and `value_backtest`."""
    from klantprofiel.profiles.value.futures import write_value  # noqa: PLC0415  it loads numpy

    write_value(tables, {variable.name: variable.sql_type for variable in VARIABLES})
    return VARIABLES


THEMES: Final = (
    Theme(
        name="value",
        package=__package__,
        variables=VARIABLES,
        facts=(SUBSCRIPTION_PERIODS,),
        make=make_value,
    ),
)
