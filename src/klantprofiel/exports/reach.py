"""An audience: the customers in chosen segments who may be reached for a purpose over a channel."""

from __future__ import annotations

from collections import Counter
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from klantprofiel.display import Displayed
from klantprofiel.errors import ConfigurationError, NotFoundError, near_miss
from klantprofiel.exports.account import Account
from klantprofiel.exports.channels import ANALYSIS, contact_columns
from klantprofiel.labels import CHANNELS, GROUNDS
from klantprofiel.purposes import load_register, permitted
from klantprofiel.reading import Release, open_release
from klantprofiel.warehouse import Run, Warehouse, load_sql, open_owner

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from klantprofiel.display import Summary
    from klantprofiel.purposes import Register
    from klantprofiel.segmentation import Segmentation
    from klantprofiel.targeting import Choice
    from klantprofiel.warehouse import Tables


@dataclass(frozen=True, repr=False, kw_only=True)
class Audience(Displayed):
    """Who is reached, and the account of who is not; it holds customer numbers and no address.

    `members` is a `pyarrow.Table` with `customer_id` and `segment_id`, one row per customer who is reached,
    sorted by `customer_id`.
    """

    purpose: str
    channel: str
    ground: str
    label: str
    segments: tuple[str, ...]
    variables: tuple[str, ...]
    account: Account
    choice: Choice | None
    release_id: str
    root: Path
    members: Any = field(compare=False)

    def __len__(self) -> int:
        """Return the number of customers who are reached."""
        return self.account.net

    def summary(self) -> Summary:
        """Return the account from gross to net, in Dutch."""
        return {
            "title": f"Doelgroep: {self.label} via {CHANNELS[self.channel]}",
            "facts": {
                "Netto": self.account.net,
                "In de segmenten": self.account.in_segments,
                "Segmenten": self.segments,
                "Grondslag": GROUNDS[self.ground],
            },
            "tables": [
                {
                    "title": "Van bruto naar netto",
                    "columns": ["Stap", "Klanten"],
                    "rows": self.account.steps(),
                }
            ],
            "notes": [] if self.choice else ["Zonder vastgelegde keuze: bekijken kan, exporteren niet."],
        }


def audience(
    chosen: Choice | tuple[Segmentation, Sequence[str]],
    *,
    purpose: str,
    channel: str,
    variables: Sequence[str] = (),
    release: Release | None = None,
) -> Audience:
    r"""Work out who in the chosen segments may be reached for `purpose` over `channel`, and who not and why.

    Whoever has no ground is left out first, then who has no address for the channel; a mailbox such as info@
    is no address of one's own. An address that is in any record of somebody who refused is not used for
    another customer either, and an address that several customers share is used once: for the lowest number.

    Parameters
    ----------
    chosen
        A `Choice`; or a segmentation with the ids of some of its segments, to look before one chooses.
    purpose, channel
        As `schemas/purposes.yaml` of the project names them.
    variables
        Names of the profile variables to hand over; only for the channel `analysis`.
    release
        The release to read; by default the one in force in the warehouse that the segmentation comes from.

    Raises
    ------
    PermissionRefusedError
        When the register does not name the purpose with this channel, or you are not the warehouse's owner
        and the channel needs addresses.
    NotFoundError
        When the segmentation has no segment of that name, or the profiles no such variable.
    ConfigurationError
        When variables are asked for over another channel than `analysis`, or the channel has no file.

    Examples
    --------
    Two customers in a segment, of whom one objected to research:

    >>> import datetime, tempfile
    >>> from pathlib import Path
    >>> from types import SimpleNamespace
    >>> import pyarrow as pa
    >>> project = Path(tempfile.mkdtemp())
    >>> (project / "schemas").mkdir()
    >>> _ = (project / "klantprofiel.toml").write_text('[project]\nname = "dorp"')
    >>> _ = (project / "schemas" / "purposes.yaml").write_text('''
    ... purposes:
    ...   onderzoek:
    ...     label: Onderzoek
    ...     description: Onderzoek zonder contactgegevens.
    ...     channels: {analysis: {ground: legitimate_interest}}
    ... ''')
    >>> customers = pa.table({"customer_id": ["K-000001", "K-000002"]})
    >>> objected = customers.slice(0, 1)
    >>> for name, value in {"purpose": "onderzoek", "channel": "all", "status": "objected"}.items():
    ...     objected = objected.append_column(name, pa.array([value]))
    >>> objected = objected.append_column("stated_at", pa.array([datetime.datetime(2026, 9, 1)]))
    >>> with Warehouse(project / "klanten").run("nightly", as_of=datetime.date(2026, 10, 1)) as run:
    ...     run.write("customers", customers, describes="who.", grain="One row per customer.")
    ...     run.write("consents", objected, describes="said what.", grain="One row per statement.")
    >>> members = customers.append_column("segment_id", pa.array(["S1", "S1"]))
    >>> segmentation = SimpleNamespace(members=lambda: members, tables=run)  # as `segment(...)` makes one
    >>> found = audience((segmentation, ["S1"]), purpose="onderzoek", channel="analysis")
    >>> found.account.in_segments, found.account.objected, found.account.net
    (2, 1, 1)
    """
    contact_columns(channel)
    choice, segmentation, segments = _what_was_chosen(chosen)
    with open_release(_root(segmentation)) if release is None else nullcontext(release) as opened:
        register = _register(opened)
        ground = register.ground(purpose, channel)
        _check_variables(opened, channel, variables)
        found = outcomes(
            opened,
            members=_members(segmentation, segments),
            permissions=permitted(opened, register, purpose, channel),
            addresses=_addresses(opened, channel),
        )
        return Audience(
            purpose=purpose,
            channel=channel,
            ground=ground,
            label=register.purpose(purpose).label,
            segments=tuple(segments),
            variables=tuple(variables),
            account=Account.of(Counter(found["outcome"].to_pylist())),
            choice=choice,
            release_id=opened.release_id,
            root=opened.root,
            members=_net(found),
        )


def _register(release: Release) -> Register:
    project = Warehouse(release.root).project
    path = "schemas/purposes.yaml"
    return load_register(project.path(path) if project else path)


def _check_variables(release: Release, channel: str, variables: Sequence[str]) -> None:
    if variables and channel != ANALYSIS:
        raise ConfigurationError(
            f"variables were asked for over the channel {channel!r}",
            expected=f"variables only over {ANALYSIS!r}: a mailing needs names and addresses",
            todo="leave the variables out",
        )
    known = list(release.columns("profiles")) if variables else []
    for name in variables:
        if name not in known or name == "customer_id":
            raise NotFoundError(
                f"the profiles have no variable {name!r}{near_miss(name, known)}",
                expected="the name of a variable of the profiles",
                todo="list them with `release.profiles().describe()`",
            )


def _what_was_chosen(
    chosen: Choice | tuple[Segmentation, Sequence[str]],
) -> tuple[Choice | None, Segmentation, tuple[str, ...]]:
    if isinstance(chosen, tuple):
        segmentation, segments = chosen
        return None, segmentation, tuple(segments)
    return chosen, chosen.segmentation, tuple(chosen.segments)


def _root(segmentation: Segmentation) -> Path | None:
    """Return the warehouse that a segmentation comes from; None when it does not tell."""
    tables = segmentation.tables
    if isinstance(tables, Run):
        return tables.warehouse.store.root
    return tables.root if isinstance(tables, Release) else None


def _members(segmentation: Segmentation, segments: Sequence[str]) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return the customers in the segments, with their segment."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only who makes an audience needs it
    import pyarrow.compute as pc  # noqa: PLC0415  the same

    members = segmentation.members().select(["customer_id", "segment_id"])
    known = sorted(set(members["segment_id"].unique().to_pylist()))
    for segment in segments:
        if segment not in known:
            raise NotFoundError(
                f"the segmentation has no segment {segment!r}{near_miss(segment, known)}",
                expected=f"one of {', '.join(known)}",
            )
    return members.filter(pc.is_in(members["segment_id"], pa.array(segments, pa.string())))


def outcomes(tables: Tables, *, members: object, permissions: object, addresses: object) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return an Arrow table with per member why they are reached (`net`) or not; all frames are Arrow too.

    `members` has `customer_id` and `segment_id`, `permissions` is as `permitted` returns it, and `addresses`
    has every `address` of each `customer_id`, equal when the address is the same; `is_contact` marks
    the one where they are reached.
    """
    query = load_sql(__package__, "outcomes").sql()
    return tables.arrow(query, members=members, permissions=permissions, addresses=addresses)


def addresses_for(channel: str, owner: Tables) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return the addresses of each customer over a channel, from tables that include `identity.*`."""
    return owner.arrow(load_sql(__package__, "addresses").sql(), channel=channel)


def _addresses(release: Release, channel: str) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return the addresses of each customer; for research that is the customer number itself."""
    if channel == ANALYSIS:
        return release.arrow("select customer_id, customer_id as address, true as is_contact from customers")
    with closing(open_owner(release.root, release.release_id)) as owner:
        return addresses_for(channel, owner)


def _net(found: Any) -> Any:  # noqa: ANN401  pyarrow ships no types
    import pyarrow.compute as pc  # noqa: PLC0415  costly, and only who makes an audience needs it

    return found.filter(pc.equal(found["outcome"], "net")).select(["customer_id", "segment_id"])
