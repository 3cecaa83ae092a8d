"""Nights of a company, good ones and ones with a fault: what is refused, and by what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from klantprofiel.schema import EventTable
from tests.gate.faults import AGAIN, Planted, faults_of
from tests.gate.nights import Broken, Nights

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from klantprofiel.warehouse import Run
    from tests.gate.companies import Company


@dataclass
class Outcome:
    """What a sweep found: alarms in good nights, and per fault how often it was planted and refused."""

    alarms: list[Broken] = field(default_factory=list)
    n_judged: int = 0
    planted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


def start(run: Run, company: Company, n_before: int) -> Nights:
    """Load the first nights of a company."""
    nights = Nights(run, company.tables)
    for table in company.tables:
        nights.load(table.name, company.nights[:n_before])
    nights.bounds(company.nights[n_before - 1])
    return nights


def good_night(nights: Nights, company: Company, number: int) -> list[Broken]:
    """Load a night as it was delivered, and return what it breaks."""
    night = company.nights[number]
    for table in company.tables:
        nights.load(table.name, [night])
    return nights.broken(night)


def plant(nights: Nights, company: Company, number: int) -> Iterator[Planted]:
    """Put each fault in the place of a loaded night, one after the other; afterwards it is as it was."""
    night, before = company.nights[number], company.nights[number - 1]
    for roles in company.roles:
        for fault in faults_of(roles, f"date '{night}'", f"date '{before}'"):
            changes = not issubclass(nights.tables[fault.table], EventTable)
            nights.forget(fault.table, night, replaced=changes)
            nights.load(fault.table, [night], f"from ({fault.select})")
            yield fault
            nights.forget(fault.table, night, replaced=changes or fault.name == AGAIN)
            nights.load(fault.table, [night])


def meant(fault: Planted, broken: Sequence[Broken]) -> bool:
    """Whether what refused a fault is what was meant for it."""
    found = {(table, column, about) for table, column, about, _ in broken}
    return any((fault.table, column, about) in found for column, about in fault.refused_by)


def sweep(run: Run, company: Company, *, n_before: int, n_nights: int, every: int) -> Outcome:
    """Judge so many good nights, and in every so many of them each fault."""
    nights, outcome = start(run, company, n_before), Outcome()
    for number in range(n_before, n_before + n_nights):
        outcome.alarms += good_night(nights, company, number)
        outcome.n_judged += nights.n_judged
        if (number - n_before) % every == 0:
            for fault in plant(nights, company, number):
                outcome.planted[fault.name] += 1
                broken = nights.broken(company.nights[number], only=fault.table)
                outcome.refused[fault.name] += meant(fault, broken)
    return outcome
