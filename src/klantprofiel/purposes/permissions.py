"""Who may be used for a purpose over a channel: by the ground in the register and what customers stated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from klantprofiel.purposes.register import ALL_CHANNELS, ALL_PURPOSES, DIRECT_MARKETING
from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from datetime import date

    from klantprofiel.purposes.register import Register
    from klantprofiel.warehouse import Tables

REASONS: Final = {
    "given": "toestemming gegeven",
    "not_needed": "geen toestemming nodig",
    "no_statement": "niets verklaard",
    "withdrawn": "toestemming ingetrokken",
    "objected": "bezwaar gemaakt",
    "unclear": "verklaring onleesbaar, eerst uitzoeken",
}


def permitted(
    tables: Tables, register: Register, purpose: str, channel: str, as_of: date | None = None
) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Tell of every customer whether they may be used for `purpose` over `channel` as of the end of a day.

    The latest statement wins; of one moment the strictest. A `given` counts when it was stated by then; a
    refusal (`withdrawn`, `objected`, `unclear`) counts whenever it is known, so that an earlier day permits
    nobody who has said no since. `unclear` is a statement that could not be read: it refuses until a later
    one that could. A statement on the channel `all` covers every channel, and a refusal of the purpose `all`
    every purpose. For a purpose marked `direct_marketing`, a refusal of the purpose `direct_marketing` counts
    too; a wide yes lifts that refusal, and is no consent to this purpose, because consent is specific.

    | ground | permitted |
    | --- | --- |
    | consent | when the latest statement is `given` |
    | legitimate_interest | unless the latest statement is a refusal |
    | contract, legal_obligation | always |

    Parameters
    ----------
    tables
        A release or a run, with the tables `customers` and `consents`.
    register
        The register of purposes, from `load_register`.
    purpose, channel
        As the register names them.
    as_of
        The day until whose end, in UTC, a yes counts; by default that of `tables`.

    Returns
    -------
    pyarrow.Table
        One row per customer, sorted by `customer_id`, with `is_permitted`, `ground` and `reason`:
        `given`, `not_needed`, `no_statement`, `withdrawn`, `objected` or `unclear`.

    Raises
    ------
    PermissionRefusedError
        When the register does not name the purpose, or the channel with it.

    Examples
    --------
    >>> import datetime, tempfile
    >>> import pyarrow as pa
    >>> from klantprofiel.purposes import ChannelRule, Purpose, Register
    >>> from klantprofiel.warehouse import Warehouse
    >>> letter = Purpose(
    ...     label="Nieuwsbrief",
    ...     description="Wekelijkse nieuwsbrief.",
    ...     channels={"email": ChannelRule(ground="consent")},
    ... )
    >>> customers = pa.table({"customer_id": ["K-000001", "K-000002"]})
    >>> moment = datetime.datetime(2026, 9, 30, 12)
    >>> consents = pa.table(
    ...     {
    ...         "customer_id": ["K-000002"],
    ...         "purpose": ["nieuwsbrief"],
    ...         "channel": ["all"],
    ...         "status": ["given"],
    ...         "stated_at": [moment],
    ...     }
    ... )
    >>> with Warehouse(tempfile.mkdtemp()).run("nightly", as_of=datetime.date(2026, 10, 1)) as run:
    ...     run.write("customers", customers, describes="who.", grain="One row per customer.")
    ...     run.write("consents", consents, describes="said what.", grain="One row per statement.")
    ...     permissions = permitted(run, Register(purposes={"nieuwsbrief": letter}), "nieuwsbrief", "email")
    >>> permissions["is_permitted"].to_pylist(), permissions["reason"].to_pylist()
    ([False, True], ['no_statement', 'given'])
    """
    return tables.arrow(
        load_sql(__package__, "permissions").sql(),
        as_of=tables.as_of if as_of is None else as_of,
        ground=register.ground(purpose, channel),
        purpose=purpose,
        channel=channel,
        every_channel=ALL_CHANNELS,
        every_purpose=ALL_PURPOSES,
        wide_purpose=DIRECT_MARKETING if register.purpose(purpose).direct_marketing else purpose,
    )
