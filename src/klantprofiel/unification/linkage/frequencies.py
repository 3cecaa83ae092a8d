"""How common values are: shares of the filled records, frozen with the model and joined to the records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb

    from klantprofiel.unification.linkage.comparisons import Comparison
    from klantprofiel.unification.linkage.model import Trained

POPULATION: Final = 5000
"""Fewer records are thought of as some of so many: a mailbox is not common because two of three share it."""
USUAL_RECORDS: Final = 100
COMMON_DOMAIN: Final = 0.002  # of the filled e-mail addresses, and more than
COMMON_DOMAIN_RECORDS: Final = 10  # so many


def count_frequencies(
    cursor: duckdb.DuckDBPyConnection, comparisons: Iterable[Comparison], n_records: int
) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return how common values are that several records hold: (comparison, value, frequency)."""
    selects = [
        f"select '{each.name}' as comparison, {each.frequency} as value, "
        f"{_share(each, 'count(*)', n_records)} as frequency from records "
        f"where {each.frequency} is not null group by {each.frequency} having count(*) > 1"
        for each in comparisons
        if each.frequency
    ]
    selects.append("select '' as comparison, '' as value, 0::double as frequency where false")
    return cursor.sql(f"{' union all '.join(selects)} order by comparison, value").to_arrow_table()


def rarest_of(cursor: duckdb.DuckDBPyConnection, comparison: Comparison, n_records: int) -> float:
    """Return the share that a value has which one record holds; 0 for a comparison without frequencies."""
    if not comparison.frequency:
        return 0.0
    ((share,),) = cursor.execute(f"select {_share(comparison, '1', n_records)}").fetchall()
    return float(share)


def _share(comparison: Comparison, n_holders: str, n_records: int) -> str:
    """Return a share of the filled records, with some others beside them that hold other values.

    How many others follows from the preset: under a Dirichlet process of concentration a two strangers hold
    the same value with probability 1 / (1 + a), and n records of which k hold it promise it k / (n + a) of
    the time (Ferguson 1973, Ann. Statist. 1:209-230). So what few records show of names, which vary little,
    counts soon; of mailboxes, which vary much, late.
    """
    n_others = min(round(1 / comparison.levels[0].u) - 1, max(POPULATION - n_records, USUAL_RECORDS))
    return f"{n_holders} / ((select count({comparison.frequency}) from records) + {n_others})::double"


def common_domains(cursor: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Return the domains of e-mail addresses that are so common that they tell nothing of a person."""
    found = cursor.execute(
        "select email_domain from records where email_domain is not null group by email_domain "
        "having count(*) > $most and count(*) > $share * (select count(email) from records) order by 1",
        {"most": COMMON_DOMAIN_RECORDS, "share": COMMON_DOMAIN},
    ).fetchall()
    return tuple(domain for (domain,) in found)


def with_own_domain(domains: Sequence[str], source: str) -> str:
    """Return the select of the records of `source` with `own_domain`, the e-mail's, unless common."""
    return (
        f"select *, case when not {_is_common(domains, 'email_domain')} then email_domain end as own_domain "
        f"from {source}"
    )


def _is_common(domains: Sequence[str], column: str) -> str:
    quoted = ", ".join("'" + domain.replace("'", "''") + "'" for domain in domains)
    return f"coalesce({column} in ({quoted}), false)" if domains else "false"


def with_frequencies(trained: Iterable[Trained], domains: Sequence[str], source: str) -> str:
    """Return the select of the records of `source` with `tf_` columns from `identity.term_frequencies`."""
    tf = [each for each in trained if each.comparison.frequency]
    columns = "".join(
        f",\n    case when records.{each.comparison.frequency} is not null "
        f"then coalesce(of_{each.comparison.name}.frequency, {each.rarest!r}::double) end "
        f"as tf_{each.comparison.frequency}"
        for each in tf
    )
    joins = "".join(
        f"\nleft join identity.term_frequencies as of_{each.comparison.name} "
        f"on of_{each.comparison.name}.comparison = '{each.comparison.name}' "
        f"and of_{each.comparison.name}.value = records.{each.comparison.frequency}"
        for each in tf
    )
    common = _is_common(domains, "records.email_domain")
    return f"select records.*, {common} as is_common_domain{columns}\nfrom {source} as records{joins}"
