"""The gate of the contract: a delivery with too much in quarantine is refused as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from klantprofiel.errors import GateError
from klantprofiel.ingestion import Land

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klantprofiel.validation.account import BatchAccount
    from klantprofiel.warehouse import Run

_TOP_RULES: Final = 3
_FIRST_LINES: Final = 3


def refuse_soiled(run: Run, accounts: Sequence[BatchAccount]) -> None:
    """Refuse the run when any delivery has more in quarantine than its table allows.

    Refused deliveries are set aside in land/<table>/refused: the next run goes on without them, and takes
    them in again when they are delivered again.

    Raises
    ------
    GateError
        Naming table, file, counts, the most broken rules and where they are first broken; never a value.
    """
    soiled = [
        each for each in accounts if each.share > run.declarations[each.batch.table_name].quarantine.share
    ]
    if not soiled:
        return
    found = "; ".join(_described(run, account) for account in soiled)
    for account in soiled:
        Land(run.land, account.batch.table_name).set_aside(account.batch.sha256)
    shares = {
        name: run.declarations[name].quarantine.share
        for name in sorted({account.batch.table_name for account in soiled})
    }
    raise GateError(
        found,
        expected=", ".join(f"at most {share:.1%} in quarantine for {name}" for name, share in shares.items()),
        todo="have the file mended and delivered again, or correct the declaration and deliver the same file "
        f"again; until then it is kept in {' and '.join(f'land/{name}/refused' for name in shares)}",
    )


def _described(run: Run, account: BatchAccount) -> str:
    rules = run.rows(
        """
        select rule, count(*) as n_rows, list_sort(list(line_number))[:$n_lines]
        from (
            select unnest(rules) as rule, line_number from identity.quarantine
            where batch_id = $batch_id and table_name = $table_name
        )
        group by rule order by n_rows desc, rule limit $n_rules
        """,
        batch_id=account.batch.batch_id,
        table_name=account.batch.table_name,
        n_lines=_FIRST_LINES,
        n_rules=_TOP_RULES,
    )
    told = ", ".join(
        f"{rule} ({n_rows}, first on line{'s' * (len(lines) > 1)} {', '.join(map(str, lines))})"
        for rule, n_rows, lines in rules
    )
    batch = account.batch
    return (
        f"{batch.table_name}: {batch.file_name} has {account.n_quarantined} of {batch.n_records} records "
        f"({account.share:.1%}) in quarantine, by {told}"
    )
