"""The door of the fictional company: everything its systems deliver, written from one seed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from klantprofiel.demo.company import DELIVERY_DAYS, NAME
from klantprofiel.display import Displayed
from klantprofiel.errors import ConfigurationError

if TYPE_CHECKING:
    from datetime import date

    from klantprofiel.demo.registers import Frame
    from klantprofiel.display import Summary

DELIVERIES: Final = "leveringen"
TRUTH: Final = "waarheid"  # no pipeline reads here
ORDER: Final = "opdracht.json"  # what was asked for, in TRUTH
MOST_CUSTOMERS: Final = 5_000_000  # the telephone range holds ten million numbers


@dataclass(frozen=True)
class GeneratedFile:
    """One delivered file: its path in the project, its records, and how many of them are planted dirt."""

    path: Path
    n_records: int
    n_dirty: int


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
                    "columns": ("Bestand", "Records", "Waarvan vuil"),
                    "rows": [(file.path.as_posix(), file.n_records, file.n_dirty) for file in self.files],
                }
            ],
            "notes": [f"Het bedrijf en de personen bestaan niet; wat er werkelijk speelt staat in {TRUTH}/."],
        }


def generate(directory: str | Path, customers: int = 20_000, seed: int = 1) -> Generated:
    """Write the deliveries of the fictional retailer Hoefblad Huis & Tuin, and the truth behind them.

    The same number and seed give the same bytes. Two years of history come first, then two days of changes.
    Under `leveringen/<yyyy-mm-dd>/` go the CRM's customers and statements of consent (CSV), the web shop's
    accounts and order lines (Parquet), till receipts and stores (CSV) and products (Parquet); about one row
    in a hundred is dirt. Under `waarheid/` go the persons, the person behind each customer number, and the
    dirty rows.

    Parameters
    ----------
    directory
        Where `leveringen/` and `waarheid/` are written, usually a project.
    customers
        How many persons there are, at least 1; some have several customer numbers.
    seed
        Which fictional world, at least 0.

    Raises
    ------
    ConfigurationError
        When `customers` or `seed` is out of range, or when other deliveries stand there already.

    Examples
    --------
    >>> import tempfile
    >>> generated = generate(tempfile.mkdtemp(), customers=50, seed=1)
    >>> generated.days[0].isoformat(), generated.files[0].path.as_posix()
    ('2026-09-01', 'leveringen/2026-09-01/klanten.csv')
    """
    from klantprofiel.demo import truth  # noqa: PLC0415 - numpy and pyarrow, and the face imports this module
    from klantprofiel.demo.deliveries import make_deliveries  # noqa: PLC0415 - the same
    from klantprofiel.demo.world import make_world  # noqa: PLC0415 - the same

    root = Path(directory)
    _check(customers, seed)
    _claim(root, customers, seed)
    world = make_world(customers, seed)
    delivered = make_deliveries(world)
    for file in delivered:
        write_table(file.rows, root / file.path)
    truths = {
        "personen": truth.persons(world),
        "registraties": truth.records(world),
        "vuil": truth.stained_rows(delivered),
    }
    for name, table in truths.items():
        write_table(table, root / TRUTH / f"{name}.parquet")
    files = tuple(GeneratedFile(f.path, f.rows.num_rows, f.stained.num_rows) for f in delivered)
    return Generated(root, customers, seed, DELIVERY_DAYS, files)


def write_table(table: Frame, path: Path) -> None:
    """Write a table as CSV the way Dutch office software does, or as Parquet, by the suffix of `path`."""
    import pyarrow.csv as pa_csv  # noqa: PLC0415 - as above
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".csv":
        options = pa_csv.WriteOptions(delimiter=";", quoting_style="needed")
        pa_csv.write_csv(table.combine_chunks(), path, options)
    else:
        pq.write_table(table.combine_chunks(), path, compression="zstd")


def _check(customers: int, seed: int) -> None:
    if not 1 <= customers <= MOST_CUSTOMERS:
        raise ConfigurationError(
            f"{customers} customers", expected=f"1 to {MOST_CUSTOMERS}", todo="choose a number in that range"
        )
    if seed < 0:
        raise ConfigurationError(f"seed {seed}", expected="0 or more", todo="choose such a number")


def _claim(root: Path, customers: int, seed: int) -> None:
    """Write down what is asked for; refuse when other deliveries stand here already."""
    order = root / TRUTH / ORDER
    asked = json.dumps({"customers": customers, "seed": seed}) + "\n"
    if (root / DELIVERIES).exists() and not (order.exists() and order.read_text(encoding="utf-8") == asked):
        raise ConfigurationError(
            f"{root / DELIVERIES} holds other deliveries already",
            expected=f"no {DELIVERIES}/, or the one that {customers} customers with seed {seed} gave before",
            todo="make the demo in another directory, or remove these deliveries and their warehouse first",
        )
    order.parent.mkdir(parents=True, exist_ok=True)
    order.write_text(asked, encoding="utf-8")
