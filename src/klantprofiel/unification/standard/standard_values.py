"""The values that sources delivered, each in standard form: Python per distinct value, not per row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from klantprofiel.unification.standard import addresses, contact, names, numbers
from klantprofiel.unification.standard.placeholder_values import make_placeholders
from klantprofiel.unification.standard.placeholders import TEXT, any_placeholder, use_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from klantprofiel.unification.standard.placeholders import Kind, Use
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

CUSTOMERS: Final = "identity.customers"
TOUCHED: Final = "identity.touched_records"
_CHANGED: Final = (
    f"select {', '.join(FORMS)} from {CUSTOMERS} as customers "
    f"semi join {TOUCHED} as touched on touched.record_id = customers.record_id"
)
_OLD: Final = (
    f"select 1 from {TOUCHED} as touched "
    "semi join identity.link_records as before on before.record_id = touched.record_id limit 1"
)


def standardise(run: Run, *, anew: bool = False) -> None:
    """Write `identity.standard_values`: what each distinct value in the customer files was read as.

    A value's `use` is `key` (it tells who someone is), `shared`, `missing` (placeholders of the list) or
    `unreadable`. What a value holds besides its `standard` stands in the columns of its kind: the initials of
    given names, the long form and the second name of a surname, the number in a street.

    Values that the release knows already are not read again, and values that nobody holds any more are
    deleted: `identity.touched_records` holds every new, changed and vanished record, and no others can bring
    new values. All are read when `anew`, when nothing tells what was touched, and when the release knows them
    by other columns. Makes sure that `identity.placeholder_values` exists; what it holds is found by
    `find_placeholders`.

    Parameters
    ----------
    anew
        Whether every value is read again: the forms themselves are others than in the release before.
    """
    if anew or not run.has(TOUCHED) or (run.has(TABLE) and list(run.columns(TABLE)) != list(COLUMNS)):
        run.drop(TABLE)
    _make_tables(run)
    is_carried_over = bool(run.rows(f"select 1 from {TABLE} limit 1"))
    changed = run.arrow(_CHANGED) if is_carried_over else None
    may_hold_old_values = is_carried_over and bool(run.rows(_OLD))  # new records leave no value behind
    for kind, form in FORMS.items():
        new = _standard_forms(kind, form, _new_values(run, kind, changed))
        if len(new):
            run.execute(f"insert into {TABLE} select * from new_values", new_values=new)
        if may_hold_old_values:
            run.execute(
                f"delete from {TABLE} where kind = '{kind}' and not exists "
                f"(select 1 from {CUSTOMERS} where {kind} = delivered)"
            )


def _make_tables(run: Run) -> None:
    run.create(
        TABLE,
        COLUMNS,
        describes="the standard form of each value that may tell who someone is, and what it is good for.",
        grain="One row per kind and delivered value; `use` is key, shared, missing or unreadable.",
        made_from=(CUSTOMERS,),
    )
    make_placeholders(run)


def _new_values(run: Run, kind: Kind, changed: Any) -> Any:  # noqa: ANN401  Arrow; pyarrow ships no types
    """Return the values of a kind that are not known yet: all customers', or those of `changed` ones."""
    source, frames = (CUSTOMERS, {}) if changed is None else ("changed", {"changed": changed})
    query = f"""
        with held as (select distinct {kind} as delivered from {source} where {kind} is not null)
        select held.delivered from held
        anti join {TABLE} as known on known.kind = '{kind}' and known.delivered = held.delivered
        """
    return run.arrow(query, **frames)["delivered"]


def _standard_forms(kind: Kind, form: Form, delivered: Any) -> Any:  # noqa: ANN401  the same
    """Return values of a kind as rows of `identity.standard_values`."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that unifies needs it

    texts = delivered.to_pylist()
    read = [form.of(text) for text in texts]
    standard, *parts = _columns(read, form)
    filled = {
        "standard": standard,
        "use": _uses(kind, texts, read, standard),
        **dict(zip(form.parts, parts, strict=True)),
    }
    known = {"kind": pa.repeat(pa.scalar(kind), len(texts)), "delivered": delivered}
    nothing = dict.fromkeys(COLUMNS, pa.nulls(len(texts), pa.string()))
    return pa.table(
        nothing | known | {name: pa.array(values, pa.string()) for name, values in filled.items()}
    )


def _columns(read: Sequence[Standard], form: Form) -> list[list[str | None]]:
    """Return what was read as columns: the standard forms, and each part."""
    if not form.parts:
        return [[None if isinstance(value, tuple) else value for value in read]]
    rows = [value if isinstance(value, tuple) else None for value in read]
    places = range(1 + len(form.parts))
    return [[None if row is None else row[place] for row in rows] for place in places]


def _uses(
    kind: Kind, delivered: Sequence[str], read: Sequence[Standard], standard: Sequence[str | None]
) -> list[str]:
    """Return what each value is good for; few are placeholders, and only those are judged one by one."""
    nothing = {text for text in delivered if text.strip().lower() in NOTHING}
    listed = filter(any_placeholder(kind).fullmatch, filter(None, standard))
    uses: dict[str | None, Use] = {text: use_of(kind, text) for text in listed}
    return [
        "missing" if text in nothing else "unreadable" if value is None else uses.get(form, "key")
        for text, value, form in zip(delivered, read, standard, strict=True)
    ]
