"""The door of the fictional company: everything its systems deliver, written from one seed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from klantprofiel.demo.company import LAST_DAY, MOST_DAYS, NAME, delivery_days
from klantprofiel.demo.files import AGAIN, DELIVERIES, TOO_LATE, TRUTH, GeneratedFile
from klantprofiel.display import Displayed
from klantprofiel.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from klantprofiel.display import Summary

ORDER: Final = "opdracht.json"  # what was asked for, in TRUTH
MOST_CUSTOMERS: Final = 5_000_000  # the telephone range holds ten million numbers


@dataclass(frozen=True, repr=False)
class Generated(Displayed):
    """What was delivered: the days and files under `leveringen/`, and the truth under `waarheid/`."""

    directory: Path
    customers: int
    seed: int
    days: tuple[date, ...]
    files: tuple[GeneratedFile, ...]

    @property
    def n_records(self) -> int:
        """How many records were delivered in all."""
        return sum(file.n_records for file in self.files)

    def _per_source(self) -> Iterator[tuple[str, int, int, int, int, int]]:
        sources: dict[str, list[GeneratedFile]] = {}
        for file in self.files:
            sources.setdefault(file.source, []).append(file)
        for name, files in sources.items():
            manners = Counter(file.manner for file in files)
            n_records, n_dirty = (sum(getattr(file, n) for file in files) for n in ("n_records", "n_dirty"))
            yield name, len(files), n_records, n_dirty, manners[TOO_LATE], manners[AGAIN]

    def summary(self) -> Summary:
        """Return the delivered files with their records, in Dutch."""
        return {
            "title": f"Leveringen van {NAME}",
            "facts": {
                "Personen": self.customers,
                "Leveringen": len(self.days),
                "Bestanden": len(self.files),
                "Records": self.n_records,
            },
            "tables": [
                {
                    "title": "Bestanden",
                    "columns": ("Bron", "Bestanden", "Records", "Waarvan vuil", "Te laat", "Nogmaals"),
                    "rows": list(self._per_source()),
                }
            ],
            "notes": [f"Het bedrijf en de personen bestaan niet; wat er werkelijk speelt staat in {TRUTH}/."],
        }


def generate(
    directory: str | Path, customers: int = 20_000, seed: int = 1, days: int = MOST_DAYS
) -> Generated:
    """Write the deliveries of the fictional retailer Hoefblad Huis & Tuin, and the truth behind them.

    The same numbers give the same bytes. What happens in the three years up to 3 September 2026 does not
    depend on `days`, which only says how it is delivered: the first delivery holds all that came before it,
    then one follows each day. Under `leveringen/<yyyy-mm-dd>/` go the files of every system, a day without
    news having none: CSV, Parquet, JSON lines and Excel. About one row in a hundred is dirt; some files come
    a day late, some come twice. Under `waarheid/` go the persons, the person behind each customer number,
    the dirty rows, and how each file came.

    Parameters
    ----------
    directory
        Where `leveringen/` and `waarheid/` are written, usually a project.
    customers
        How many persons there are, at least 1; some have several customer numbers.
    seed
        Which fictional world, at least 0.
    days
        How many daily deliveries follow the first, 0 to 365.

    Raises
    ------
    ConfigurationError
        When a number is out of range, or when other deliveries stand there already.

    Examples
    --------
    >>> import tempfile
    >>> generated = generate(tempfile.mkdtemp(), customers=50, seed=1, days=2)
    >>> generated.days[0].isoformat(), generated.files[0].path.as_posix()
    ('2026-09-01', 'leveringen/2026-09-01/klanten.csv')
    """
    from klantprofiel.demo import truth  # noqa: PLC0415 - numpy and pyarrow, and the face imports this module
    from klantprofiel.demo.deliveries import SOURCES, deliver  # noqa: PLC0415 - the same
    from klantprofiel.demo.world import make_world  # noqa: PLC0415 - the same

    root = Path(directory)
    _check(customers, seed, days)
    _claim(root, customers, seed, days)
    world = make_world(customers, seed, days)
    made = [deliver(world, source, root) for source in SOURCES]
    files = tuple(file for delivered, _ in made for file in delivered)
    truth.write(world, files, [stained for _, stained in made], root / TRUTH)
    return Generated(root, customers, seed, delivery_days(days), files)


def _check(customers: int, seed: int, days: int) -> None:
    if not 1 <= customers <= MOST_CUSTOMERS:
        raise ConfigurationError(
            f"{customers} customers", expected=f"1 to {MOST_CUSTOMERS}", todo="choose a number in that range"
        )
    if seed < 0:
        raise ConfigurationError(f"seed {seed}", expected="0 or more", todo="choose such a number")
    if not 0 <= days <= MOST_DAYS:
        raise ConfigurationError(
            f"{days} days of deliveries after the first",
            expected=f"0 to {MOST_DAYS}, the last on {LAST_DAY}",
            todo="choose a number in that range",
        )


def _claim(root: Path, customers: int, seed: int, days: int) -> None:
    """Write down what is asked for; refuse when other deliveries stand here already."""
    order = root / TRUTH / ORDER
    asked = json.dumps({"customers": customers, "seed": seed, "days": days}) + "\n"
    if (root / DELIVERIES).exists() and not (order.exists() and order.read_text(encoding="utf-8") == asked):
        raise ConfigurationError(
            f"{root / DELIVERIES} holds other deliveries already",
            expected=f"no {DELIVERIES}/, or that of {customers} customers, seed {seed} and {days} days",
            todo="make the demo in another directory, or remove these deliveries and their warehouse first",
        )
    order.parent.mkdir(parents=True, exist_ok=True)
    order.write_text(asked, encoding="utf-8")
