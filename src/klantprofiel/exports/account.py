"""The account of an audience: from the customers in the chosen segments to those who may be reached."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Final, Self

from klantprofiel.errors import KlantprofielError

if TYPE_CHECKING:
    from collections.abc import Mapping

LABELS: Final = {
    "in_segments": "In de gekozen segmenten",
    "gone": "Geen klant meer (samengevoegd of verdwenen)",
    "no_ground": "Geen toestemming of andere grondslag",
    "objected": "Bezwaar gemaakt",
    "unclear": "Verklaring onleesbaar, eerst uitzoeken",
    "no_address": "Geen adres voor dit kanaal",
    "address_refused": "Adres door een ander afgemeld",
    "shared_address": "Gedeeld adres, al een keer in de lijst",
    "net": "Netto",
}


@dataclass(frozen=True, kw_only=True)
class Account:
    """Numbers of customers, gross to net; who is in the segments is counted in exactly one line below.

    >>> account = Account.of({"no_ground": 3, "net": 7})
    >>> account.in_segments, account.net
    (10, 7)
    """

    in_segments: int
    gone: int = 0
    no_ground: int = 0
    objected: int = 0
    unclear: int = 0
    no_address: int = 0
    address_refused: int = 0
    shared_address: int = 0
    net: int = 0

    def __post_init__(self) -> None:
        """Refuse an account that does not add up."""
        counted = sum(self.as_dict().values()) - self.in_segments
        if counted != self.in_segments:
            raise KlantprofielError(
                f"the account of the audience does not add up: {self.in_segments} in, {counted} counted",
                expected="every customer in the segments in exactly one line",
                todo="report this as a defect; nothing was exported",
            )

    @classmethod
    def of(cls, outcomes: Mapping[str, int]) -> Self:
        """Make an account of the number of customers per outcome."""
        return cls(in_segments=sum(outcomes.values()), **outcomes)

    def as_dict(self) -> dict[str, int]:
        """Return the lines in order, from gross to net."""
        return asdict(self)

    def steps(self) -> list[tuple[str, int]]:
        """Return the lines with their Dutch labels, what is left out as a negative number."""
        signs = {"in_segments": 1, "net": 1}
        return [(LABELS[f.name], signs.get(f.name, -1) * getattr(self, f.name)) for f in fields(self)]
