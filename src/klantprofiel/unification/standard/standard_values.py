"""The values that sources delivered, each in standard form: Python per distinct value, not per row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from klantprofiel.unification.standard import addresses, contact, names, numbers
from klantprofiel.unification.standard.placeholder_values import make_placeholders
from klantprofiel.unification.standard.placeholders import TEXT, use_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from klantprofiel.unification.standard.placeholders import Kind
    from klantprofiel.warehouse import Run

Standard: TypeAlias = "str | tuple[str | None, ...] | None"
TABLE: Final = "identity.standard_values"
NOTHING: Final = frozenset(TEXT)
PARTS: Final = (
    "initials",
    "surname_long",
    "other_surname",
    "email_user",
    "street_alone",
    "house_number",
    "addition",
)
COLUMNS: Final = dict.fromkeys(("kind", "delivered", "standard", "use", *PARTS), "VARCHAR")


@dataclass(frozen=True)
class Form:
    """How a kind is brought into standard form, and which parts it gives besides `standard`, in order."""

    of: Callable[[str], Standard]
    parts: tuple[str, ...] = ()


FORMS: Final[dict[Kind, Form]] = {
    "given_name": Form(names.given_name_forms, ("initials",)),
    "initials": Form(names.initials_form),
    "surname_prefix": Form(names.prefix_form),
    "surname": Form(names.surname_forms, ("surname_long", "other_surname")),
    "email": Form(contact.email_forms, ("email_user",)),
    "phone": Form(contact.phone_form),
    "loyalty_number": Form(numbers.number_form),
    "iban": Form(numbers.iban_form),
    "street": Form(addresses.street_forms, ("street_alone", "house_number", "addition")),
    "house_number": Form(addresses.house_number_forms, ("addition",)),
    "house_number_addition": Form(addresses.addition_form),
    "postal_code": Form(addresses.postal_code_form),
    "place": Form(addresses.place_form),
    "country": Form(addresses.country_form),
}
"""One kind per column of the canonical customers of which the values are written in many ways."""

_OF_TOUCHED: Final = (
    "semi join identity.touched_records as touched on touched.record_id = customers.record_id"
)


def standardise(run: Run, *, anew: bool = False) -> None:
    """Write `identity.standard_values`: what each distinct value in the customer files was read as.

    A value's `use` is `key` (it tells who someone is), `shared`, `missing` (placeholders of the list) or
    `unreadable`. What a value holds besides its `standard` stands in the columns of its kind: the initials of
    given names, the long form and the second name of a surname, the number in a street.

    Values that the release knows already are not read again, unless `anew` or it knows them by other columns,
    and values that nobody holds any more are deleted. When `identity.touched_records` is there, it must hold
    every new, changed and vanished record: no others can bring new values. Makes sure that
    `identity.placeholder_values` exists; what it holds is found by `find_placeholders`.

    Parameters
    ----------
    anew
        Whether every value is read again: the forms themselves are others than in the release before.
    """
    if anew or (run.has(TABLE) and list(run.columns(TABLE)) != list(COLUMNS)):
        run.drop(TABLE)
    _make_tables(run)
    is_carried_over = bool(run.rows(f"select 1 from {TABLE} limit 1"))
    of_touched = _OF_TOUCHED if is_carried_over and run.has("identity.touched_records") else ""
    may_hold_old_values = is_carried_over and _may_hold_old_values(run)
    for kind, form in FORMS.items():
        new = _standard_forms(run, kind, form, of_touched)
        if len(new):
            run.execute(f"insert into {TABLE} select * from new_values", new_values=new)
        if may_hold_old_values:
            run.execute(
                f"delete from {TABLE} where kind = '{kind}' and not exists "
                f"(select 1 from identity.customers where {kind} = delivered)"
            )


def _make_tables(run: Run) -> None:
    run.create(
        TABLE,
        COLUMNS,
        describes="the standard form of each value that may tell who someone is, and what it is good for.",
        grain="One row per kind and delivered value; `use` is key, shared, missing or unreadable.",
        made_from=("identity.customers",),
    )
    make_placeholders(run)


def _may_hold_old_values(run: Run) -> bool:
    """Whether a record that was there before has changed or vanished; new records leave no value behind."""
    if not (run.has("identity.touched_records") and run.has("identity.link_records")):
        return True
    changed = "identity.touched_records as touched semi join identity.link_records as before"
    return bool(run.rows(f"select 1 from {changed} on before.record_id = touched.record_id limit 1"))


def _standard_forms(run: Run, kind: Kind, form: Form, of_touched: str) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return the new values of a kind as they are to be added."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that unifies needs it

    delivered = run.arrow(
        f"""
        with held as (
            select distinct {kind} as delivered from identity.customers as customers {of_touched}
            where {kind} is not null
        )
        select held.delivered from held
        anti join {TABLE} as known on known.kind = '{kind}' and known.delivered = held.delivered
        """
    )["delivered"]
    texts = delivered.to_pylist()
    read = [form.of(text) for text in texts]
    standard, *parts = _columns(read, 1 + len(form.parts))
    use = [_use(kind, *values) for values in zip(texts, read, standard, strict=True)]
    nothing = pa.nulls(len(read), pa.string())
    values = dict.fromkeys(COLUMNS, nothing) | {
        "kind": pa.array([kind] * len(read), pa.string()),
        "delivered": delivered,
        "standard": pa.array(standard, pa.string()),
        "use": pa.array(use, pa.string()),
    }
    return pa.table(
        values | {name: pa.array(part, pa.string()) for name, part in zip(form.parts, parts, strict=True)}
    )


def _use(kind: Kind, delivered: str, read: Standard, standard: str | None) -> str:
    if delivered.strip().lower() in NOTHING:
        return "missing"
    if read is None:
        return "unreadable"
    return "key" if standard is None else use_of(kind, standard)


def _columns(read: Sequence[Standard], n_columns: int) -> list[list[str | None]]:
    """Return what was read as columns: the standard forms, and each part."""
    if n_columns == 1:
        return [[None if isinstance(value, tuple) else value for value in read]]
    unreadable = (None,) * n_columns
    rows = [value if isinstance(value, tuple) else unreadable for value in read]
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in unreadable]
