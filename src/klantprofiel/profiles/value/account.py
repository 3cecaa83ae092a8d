"""What is kept of the models: parameters, likelihoods, numbers, dates, and how they did; labels in Dutch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from klantprofiel.profiles.value.verdict import FORECASTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantprofiel.profiles.value.backtest import Backtest
    from klantprofiel.profiles.value.futures import Models
    from klantprofiel.profiles.value.residual import Horizon

FITTED: Final = "geschat"
ENDLESS: Final = "geschat; niemand lijkt te vertrekken, zodat ieders kans er nog te zijn 1 is"
CONSTANT: Final = {
    "bg_nbd": "geschat; klanten verschillen niet, zodat allen na een aankoop even vaak voorgoed wegblijven",
    "gamma_gamma": "geschat; klanten verschillen niet, zodat van allen het gemiddelde bedrag wordt verwacht",
    "retention": "geschat; klanten verschillen niet, zodat allen even vaak opzeggen",
}
FAULTS: Final = {
    "few": "te weinig gegevens",
    "boundary": "niet te schatten: een parameter loopt weg, zoals wanneer niemand ooit terugkomt",
    "flat": "niet te schatten: de gegevens onderscheiden de parameters niet",
    "unfinished": "niet te schatten: het zoeken naar de beste parameters kwam niet tot rust",
    "no_mean": "niet bruikbaar: enkele zeer grote bedragen overheersen, zodat er geen gemiddelde is",
}
LABELS: Final = {
    "state": "Stand",
    "log_likelihood": "Log-aannemelijkheid",
    "n_customers": "Klanten",
    "n_contracts": "Abonnementen",
    "n_rows": "Verschillende koopverledens",
    "first_month_churn_share": "Aandeel dat na de eerste maand opzegt",
    "observed_until": "Gegevens tot en met",
    "amount_correlation": "Samenhang van aantal en bedrag (moet bij 0 liggen)",
    "kept_share": "Wat na retouren overblijft",
    "horizon_months": "Maanden vooruit",
    "annual_rate": "Rente per jaar",
    "trained_until": "Geleerd tot en met",
    "tested_until": "Getoetst tot en met",
    "n_observed": "Aankopen in de toetsperiode",
    "verdict": "Oordeel",
}
_ERRORS: Final = {
    "total": "aankopen voorspeld",
    "mean_absolute_error": "gemiddelde absolute fout",
    "root_mean_squared_error": "RMSE",
    "bias_share": "te veel (+) of te weinig (-)",
}
_SIGNIFICANT: Final = 9  # digits to which a fit is repeatable on any processor


def model_rows(models: Models, horizon: Horizon, tested: Backtest) -> list[dict[str, Any]]:
    """Return the rows of `value_model`: model, figure, label, and a number, a day or a text."""
    purchases, spend, contracts = models.purchases, models.spend, models.contracts
    until: dict[str, object] = {"observed_until": tested.as_of}
    return [
        *_fitted("bg_nbd", purchases, ("r", "alpha", "a", "b"), _numbers(purchases, "n_rows") | until),
        *_fitted(
            "gamma_gamma",
            spend,
            ("p", "q", "gamma"),
            {"amount_correlation": models.amount_correlation, **until},
        ),
        *_fitted(
            "retention",
            contracts,
            ("alpha", "beta"),
            {
                "first_month_churn_share": None if contracts.fault else 1 - float(contracts.survival(1)),
                **until,
            },
        ),
        *_rows(
            "residual_value",
            {
                "horizon_months": horizon.months,
                "annual_rate": horizon.annual_rate,
                "kept_share": models.kept_share,
            },
        ),
        *_rows(
            "backtest",
            {
                "trained_until": tested.until,
                "tested_until": tested.as_of,
                "n_customers": tested.n_customers,
                "n_observed": tested.n_observed,
            },
        ),
        *_errors(tested),
        *_rows("backtest", {"verdict": tested.verdict}),
    ]


def _fitted(
    name: str,
    model: Any,  # noqa: ANN401  three models, each with its parameters
    parameters: tuple[str, ...],
    others: dict[str, object],
) -> Iterator[dict[str, Any]]:
    """Return the rows of a model; where it was not fitted the figures of the fit are unknown."""
    state = FAULTS[model.fault] if model.fault else FITTED
    if not model.fault and model.is_constant:
        state = ENDLESS if name == "bg_nbd" and model.a == 0 else CONSTANT[name]
    counted = "n_contracts" if hasattr(model, "n_contracts") else "n_customers"
    figures = {
        figure: None if model.fault else getattr(model, figure) for figure in (*parameters, "log_likelihood")
    }
    return _rows(name, {"state": state} | figures | _numbers(model, counted) | others)


def _numbers(model: object, *names: str) -> dict[str, object]:
    return {name: getattr(model, name) for name in names}


def _errors(tested: Backtest) -> Iterator[dict[str, Any]]:
    for each in tested.forecasts:
        for name, label in _ERRORS.items():
            figure = f"{each.name}_{name}"
            yield _row("backtest", figure, f"{FORECASTS[each.name]}: {label}", getattr(each, name))


def _rows(model: str, figures: dict[str, object]) -> Iterator[dict[str, Any]]:
    for figure, value in figures.items():
        yield _row(model, figure, LABELS.get(figure, figure), value)


def _row(model: str, figure: str, label: str, value: object) -> dict[str, Any]:
    number = isinstance(value, int | float)
    return {
        "model": model,
        "figure": figure,
        "label": label,
        "number": float(f"{value:.{_SIGNIFICANT}g}") if number else None,
        "day": None if number or isinstance(value, str) else value,
        "text": value if isinstance(value, str) else None,
    }
