"""Decide who is who: join records or customers, split records off, or take such a decision back."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.display import Displayed
from klantprofiel.errors import ConfigurationError, KlantprofielError, NotFoundError
from klantprofiel.unification.decisions.consistency import contradiction
from klantprofiel.unification.decisions.decision import Decision, check_signed, in_force, read_decisions
from klantprofiel.unification.decisions.names import check_records, customers_of, records_of, records_of_all
from klantprofiel.unification.decisions.preview import check_linked, preview
from klantprofiel.warehouse import open_owner

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from klantprofiel.display import Summary
    from klantprofiel.unification.decisions.changes import Changes
    from klantprofiel.warehouse import StoredRelease, Warehouse

TITLES: Final = {"join": "Samengevoegd", "split": "Gesplitst", "retract": "Ingetrokken"}


@dataclass(frozen=True, repr=False)
class Effect(Displayed):
    """A decision and what it changes in the next run; `decision_id` is None after a dry run."""

    decision: Decision
    decision_id: int | None
    changes: Changes

    def summary(self) -> Summary:
        """Return what the decision changes, in Dutch."""
        number = f"besluit {self.decision_id}" if self.decision_id else "proef, niets vastgelegd"
        return {**self.changes.summary(), "title": f"{TITLES[self.decision.kind]} ({number})"}


def join(  # noqa: PLR0913  who, why and what is asked of every decision
    warehouse: Warehouse,
    names: Sequence[str],
    *,
    by: str,
    because: str,
    instead_of: Sequence[int] = (),
    dry_run: bool = False,
) -> Effect:
    """Decide that records are one person; the next run follows it, and so does every rebuild.

    Parameters
    ----------
    names
        Records such as crm/123, or customers such as K-000123, which are all their records.
    by, because
        Who decides, and why.
    instead_of
        Numbers of decisions that are taken back with it.
    dry_run
        Only tell what would change; nothing is recorded.

    Raises
    ------
    ConfigurationError
        When nobody or no reason is named, or there are not two records.
    NotFoundError
        When there is no release, no such record, customer or decision, or no scored pairs.
    KlantprofielError
        When decisions in force contradict it or say the same.

    Examples
    --------
    >>> import tempfile
    >>> from klantprofiel.warehouse import Warehouse
    >>> empty = Warehouse(tempfile.mkdtemp() + "/klanten")
    >>> join(empty, ["crm/123", "web/7"], by="Els", because="same card")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    klantprofiel.errors.NotFoundError: there is no release in ...
    """
    by, because = check_signed(by, because)
    with open_owner(warehouse.store.root) as release:
        records = records_of_all(release, tuple(names))
        if len(records) < 2:  # noqa: PLR2004  a pair
            raise ConfigurationError(
                "there are not two records to join",
                expected="two or more records, or a customer of two or more records",
                todo="name the other record too",
            )
        decision = Decision("join", by, because, records=records, asked=_asked(names))
        return _decide(warehouse, release, decision, instead_of, dry_run=dry_run)


def split(  # noqa: PLR0913  the same
    warehouse: Warehouse,
    names: Sequence[str],
    *,
    by: str,
    because: str,
    apart_from: Sequence[str] = (),
    instead_of: Sequence[int] = (),
    dry_run: bool = False,
) -> Effect:
    """Decide that records are somebody else than the other records of their customer.

    Parameters
    ----------
    names
        Records of one customer, such as crm/123; what they are to each other is left as it is.
    apart_from
        The records or customers that they are kept apart from; by default all that remain of their customer.
    by, because, instead_of, dry_run
        As in `join`.

    Raises
    ------
    ConfigurationError, NotFoundError, KlantprofielError
        As in `join`; also when nothing remains to be apart from.

    Examples
    --------
    >>> import tempfile
    >>> from klantprofiel.warehouse import Warehouse
    >>> split(Warehouse(tempfile.mkdtemp() + "/klanten"), ["crm/123"], by="Els", because=" ")
    Traceback (most recent call last):
    klantprofiel.errors.ConfigurationError: a decision without a name or a reason
      Expected: --by NAME --because "..."
      What to do: say who decides, and why
    """
    by, because = check_signed(by, because)
    with open_owner(warehouse.store.root) as release:
        if not apart_from:
            check_records(
                tuple(names), "name the records to split off, or what to keep it apart from (--from)"
            )
        records = records_of_all(release, tuple(names))
        others = records_of_all(release, tuple(apart_from)) if apart_from else _remaining(release, records)
        if set(records) & set(others) or not records:
            raise ConfigurationError(
                "a record cannot be kept apart from itself", expected="other records after --from"
            )
        asked = _asked((*names, *apart_from))
        decision = Decision("split", by, because, records=records, others=others, asked=asked)
        return _decide(warehouse, release, decision, instead_of, dry_run=dry_run)


def retract(
    warehouse: Warehouse, decision_id: int, *, by: str, because: str, dry_run: bool = False
) -> Effect:
    """Take a decision back: a new line in the ledger says that it no longer holds.

    Raises
    ------
    ConfigurationError
        When nobody or no reason is named.
    NotFoundError
        When there is no release, no such decision, or no scored pairs.
    KlantprofielError
        When it was taken back before.

    Examples
    --------
    >>> import tempfile
    >>> from klantprofiel.warehouse import Warehouse
    >>> empty = Warehouse(tempfile.mkdtemp() + "/klanten")
    >>> retract(empty, 1, by="Els", because="toch niet")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    klantprofiel.errors.NotFoundError: there is no release in ...
    """
    by, because = check_signed(by, because)
    with open_owner(warehouse.store.root) as release:
        decision = Decision("retract", by, because, retracts=decision_id)
        return _decide(warehouse, release, decision, (), dry_run=dry_run)


def _decide(
    warehouse: Warehouse,
    release: StoredRelease,
    decision: Decision,
    instead_of: Sequence[int],
    *,
    dry_run: bool,
) -> Effect:
    """Check a decision with all others, tell what it changes, and record it unless this is a dry run."""
    check_linked(release)
    _check_ledger(warehouse)
    back = [Decision("retract", decision.by, decision.because, retracts=n) for n in dict.fromkeys(instead_of)]
    new = [replace(each, release_id=release.release_id) for each in (*back, decision)]
    known = read_decisions(warehouse.ledger.decisions())
    before = in_force(known)
    after = _checked(known, new)
    changed = preview(release, before, after)
    if dry_run:
        return Effect(decision, None, changed)

    def check(rows: list[dict[str, Any]]) -> None:
        _checked(read_decisions(rows[: -len(new)]), new)

    with ledger_in_words():
        numbers = warehouse.ledger.record_decisions([each.body() for each in new], check=check)
    return Effect(decision, numbers[-1], changed)


@contextlib.contextmanager
def ledger_in_words() -> Iterator[None]:
    """Say in our words why the ledger cannot be written; every other error passes as it is."""
    import sqlite3  # noqa: PLC0415  its error is named here

    try:
        yield
    except sqlite3.OperationalError as error:
        raise KlantprofielError(
            f"the ledger cannot be written: {error}",
            expected="room and permission to write in the warehouse, and nobody who keeps the ledger busy",
            todo="mend that and do it again; nothing was recorded",
        ) from error


def _checked(known: Sequence[Decision], new: Sequence[Decision]) -> list[Decision]:
    """Return the decisions that are in force once the new ones are; refuse what cannot be true with them."""
    before = in_force(known)
    for each in new:
        if each.retracts is not None:
            _check_retractable(known, each.retracts)
    gone = {each.retracts for each in new}
    kept = [each for each in before if each.decision_id not in gone]
    said = {each.says(): each for each in kept}
    added = in_force(new)
    for each in added:
        if (same := said.get(each.says())) is not None:
            raise KlantprofielError(
                f"{same.named()} says the same",
                expected="a decision that adds something",
                todo="nothing: the next run follows it",
            )
    if found := contradiction([*kept, *added]):
        raise found.error()
    return [*kept, *added]


def _check_retractable(known: Sequence[Decision], decision_id: int) -> None:
    by_number = {each.decision_id: each for each in known}
    if decision_id not in by_number:
        raise NotFoundError(
            f"there is no decision {decision_id}",
            expected=f"a number from 1 to {max(by_number)}" if by_number else "a decision; there is none yet",
            todo="list them with `klantprofiel identity decisions`",
        )
    decision = by_number[decision_id]
    if not decision.is_in_force:
        why = "takes another one back" if decision.kind == "retract" else "was taken back before"
        raise KlantprofielError(
            f"{decision.named()} {why}",
            expected="a join or split in force",
            todo="to decide it again, record it again",
        )


def _remaining(release: StoredRelease, records: tuple[str, ...]) -> tuple[str, ...]:
    """Return the records that remain of the customer that these records are split off from."""
    customers = sorted(set(customers_of(release, records).values()))
    if len(customers) > 1:
        raise ConfigurationError(
            f"these records are of {len(customers)} customers: {', '.join(customers)}",
            expected="records of one customer",
            todo="split each by itself, or say with --from what they are kept apart from",
        )
    remaining = tuple(set(records_of(release, customers[0])) - set(records)) if customers else ()
    if not remaining:
        raise ConfigurationError(
            "nothing remains of the customer that these records are split off from",
            expected="a part of the records of one customer",
            todo="to keep two of them apart: `klantprofiel identity split RECORD --from OTHER`",
        )
    return tuple(sorted(remaining))


def _check_ledger(warehouse: Warehouse) -> None:
    """Refuse to begin a new ledger where one was lost."""
    if not warehouse.store.ledger.exists():
        raise NotFoundError(
            f"{warehouse.store.ledger} is missing, while there are releases",
            expected="the ledger: it tells what people decided",
            todo="restore it from your backup; if it is gone for good, make an empty file in its place",
        )


def _asked(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip() for name in names)
