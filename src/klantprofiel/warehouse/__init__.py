"""The store: a directory of immutable releases, built by runs, read by everyone, never half.

The room holds tables, not other rooms. Its doors are `Warehouse(path)` for who builds, `open_stored` and
`open_owner` for who reads; SQL files are read with `load_sql`.
"""

from klantprofiel.warehouse.ledger import Ledger, RunEntry
from klantprofiel.warehouse.release import StoredRelease, open_owner, open_stored
from klantprofiel.warehouse.releases import ReleaseEntry
from klantprofiel.warehouse.run import Run
from klantprofiel.warehouse.statement import Statement, load_sql, parse, read_sql
from klantprofiel.warehouse.store import settle_file, write_file
from klantprofiel.warehouse.tables import Tables
from klantprofiel.warehouse.warehouse import Warehouse

__all__ = [
    "Ledger",
    "ReleaseEntry",
    "Run",
    "RunEntry",
    "Statement",
    "StoredRelease",
    "Tables",
    "Warehouse",
    "load_sql",
    "open_owner",
    "open_stored",
    "parse",
    "read_sql",
    "settle_file",
    "write_file",
]
