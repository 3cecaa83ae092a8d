"""Value: who is still a customer, how often they will buy, and what that is worth; tested on days held out.

themes.py      the variables, and what makes them
bg_nbd.py      purchases without a contract: fit_bg_nbd, BgNbd
expectation.py how often who is still there buys: the costly function of it, at any parameter
gamma_gamma.py what a purchase is worth: fit_gamma_gamma, GammaGamma
retention.py   contracts: fit_retention, Retention
residual.py    what is still to come, month by month, with a discount: Horizon
backtest.py    what the model would have said, beside what came: backtest(release), Backtest
verdict.py     what that comes to, in Dutch sentences
futures.py     the models fitted, and joined back to customers; account.py keeps what was fitted
likelihood.py  how all of them are fitted
"""

from klantprofiel.profiles.value.themes import THEMES

__all__ = ["THEMES"]
