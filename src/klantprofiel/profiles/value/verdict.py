"""What a backtest comes to, in Dutch sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from klantprofiel.display import dutch_number, dutch_share

if TYPE_CHECKING:
    from collections.abc import Sequence

Outcome: TypeAlias = Literal["better", "worse", "alike", "short", "few", "unfitted"]

FORECASTS: Final = {
    "model": "Model (BG/NBD)",
    "naive": "Eigen tempo doorgetrokken",
    "mean": "Gemiddeld tempo van iedereen",
}
_COMPARED: Final = (
    "Het model voorspelt de aankopen per klant {how}: het zit er per klant {model} naast (RMSE), het eigen "
    "tempo {naive}, en iedereen hetzelfde gemiddelde geven {mean}. Getoetst op {n_customers} klanten en "
    "{n_days} dagen die het model niet zag."
)
_HOW: Final[dict[Outcome, str]] = {
    "better": "beter dan wie het eigen tempo van de klant doortrekt",
    "worse": "slechter dan wie het eigen tempo van de klant doortrekt",
    "alike": "niet aantoonbaar beter of slechter dan wie het eigen tempo van de klant doortrekt",
}
_NONE: Final[dict[Outcome, str]] = {
    "short": "Er is geen oordeel over het model: de aankopen beslaan te weinig tijd.",
    "few": "Er is geen oordeel over het model: te weinig klanten kochten vaker dan op één dag.",
    "unfitted": "Er is geen oordeel over het model: het is op deze aankopen niet te schatten.",
}
_OTHERWISE: Final = (
    "Naar de gemiddelde absolute fout is het omgekeerd: {model} tegen {naive} van het eigen tempo."
)
_BIAS: Final = "Over alle klanten samen verwacht het model {model}, en het eigen tempo {naive}."
_NOTHING: Final = (
    "In de toetsperiode werd niets gekocht, zodat niet te zeggen is hoeveel het te veel verwacht."
)
_UNBIASED: Final = 0.005  # shown as 0%


@dataclass(frozen=True)
class Forecast:
    """How far one way to forecast was off, over all customers.

    Attributes
    ----------
    name
        `model`; `naive`, one's own past rate times the time; `mean`, the rate of all times the time.
    total
        Purchases forecast in all.
    mean_absolute_error, root_mean_squared_error
        Per customer, in purchases.
    bias_share
        (forecast - observed) / observed, in all; None when nothing came.
    """

    name: str
    total: float
    mean_absolute_error: float
    root_mean_squared_error: float
    bias_share: float | None


def verdict(
    outcome: Outcome, forecasts: Sequence[Forecast], *, n_days: int, n_customers: int, n_observed: int
) -> str:
    """Return the sentences: which forecast is closer per customer, and by how much each is off in all.

    Parameters
    ----------
    outcome
        Which is closer, or why that is not known.
    forecasts
        The model, one's own rate and the mean rate; empty when there is no verdict.
    n_days, n_customers, n_observed
        Days held out, customers, and the purchases they then made.

    Examples
    --------
    >>> verdict("few", (), n_days=90, n_customers=12, n_observed=0)
    'Er is geen oordeel over het model: te weinig klanten kochten vaker dan op één dag.'
    """
    if outcome in _NONE:
        return _NONE[outcome]
    squared = {each.name: _purchases(each.root_mean_squared_error) for each in forecasts}
    absolute = {each.name: _purchases(each.mean_absolute_error) for each in forecasts}
    bias = {each.name: _bias(each.bias_share) for each in forecasts}
    n = {"n_customers": dutch_number(n_customers), "n_days": dutch_number(n_days)}
    sentences = [
        _COMPARED.format(how=_HOW[outcome], **n, **squared),
        _OTHERWISE.format(**absolute) if _disagree(outcome, forecasts) else "",
        _BIAS.format(**bias) if n_observed else _NOTHING,
    ]
    return " ".join(filter(None, sentences))


def _disagree(outcome: Outcome, forecasts: Sequence[Forecast]) -> bool:
    """Whether absolute errors say the opposite of squared ones."""
    error = {each.name: each.mean_absolute_error for each in forecasts}
    is_closer = error["model"] < error["naive"]
    return outcome == ("worse" if is_closer else "better")


def _bias(share: float | None) -> str:
    """Return a bias in words.

    >>> _bias(0.123), _bias(-0.04), _bias(0.001)
    ('12,3% te veel aankopen', '4,0% te weinig aankopen', 'vrijwel precies zoveel aankopen als er kwamen')
    """
    if share is None or abs(share) < _UNBIASED:
        return "vrijwel precies zoveel aankopen als er kwamen"
    return f"{dutch_share(abs(share))} te {'veel' if share > 0 else 'weinig'} aankopen"


def _purchases(error: float) -> str:
    return f"{dutch_number(error, decimals=2)} aankopen"
