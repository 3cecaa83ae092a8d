"""The values that sources delivered for a key, each in standard form: Python per value, not per row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from klantprofiel.unification import normalise
from klantprofiel.unification.placeholders import use_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from klantprofiel.unification.placeholders import Kind
    from klantprofiel.warehouse import Run

Form: TypeAlias = "Callable[[str], str | None]"

FORMS: Final[dict[Kind, Form]] = {
    "email": normalise.email_form,
    "phone": normalise.phone_form,
    "surname": normalise.surname_form,
    "loyalty_number": normalise.number_form,
    "given_name": normalise.initial_form,
    "initials": normalise.initial_form,
}


def standardise(run: Run) -> None:
    """Write `identity.standard_values`: what each e-mail, phone, surname and card number was read as.

    Of a given name and of initials it is the first letter, by which people at one phone number differ.

    A value's `use` is `key` (it tells who someone is), `shared`, `missing` (placeholders) or `unreadable`.
    """
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that unifies needs it

    tables = [_standard_forms(run, kind, form) for kind, form in FORMS.items()]
    run.write(
        "identity.standard_values",
        pa.concat_tables(tables),
        describes="the standard form of each value that may tell who someone is, and what it is good for.",
        grain="One row per kind and delivered value; `use` is key, shared, missing or unreadable.",
        made_from=("identity.customers",),
    )


def _standard_forms(run: Run, kind: Kind, form: Form) -> Any:  # noqa: ANN401  pyarrow ships no types
    import pyarrow as pa  # noqa: PLC0415  the same

    delivered = run.arrow(
        f"select distinct {kind} as delivered from identity.customers where {kind} is not null order by 1"
    )["delivered"].to_pylist()
    standard = [form(value) for value in delivered]
    use = ["unreadable" if value is None else use_of(kind, value) for value in standard]
    return pa.table(
        {
            "kind": pa.array([kind] * len(delivered), pa.string()),
            "delivered": pa.array(delivered, pa.string()),
            "standard": pa.array(standard, pa.string()),
            "use": pa.array(use, pa.string()),
        }
    )
