"""How good a linkage is, held against the truth: pairs of records, and B-cubed per record.

Pairs: of all pairs of records put together, which share is right (precision); of all pairs that are one
person, which share is put together (recall). Large groups weigh by their square. B-cubed asks the same for
each record of its own group and takes the mean, so that everyone counts once (Bagga and Baldwin, "Algorithms
for Scoring Coreference Chains", 1998).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from klantprofiel.display import Displayed, Share
from klantprofiel.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from klantprofiel.display import Summary


class Released(Protocol):
    """A release, as far as its identity is asked for."""

    @property
    def release_id(self) -> str:
        """The id under which it was published."""

    @property
    def root(self) -> Path:
        """The warehouse that holds it."""


@dataclass(frozen=True, repr=False)
class LinkageQuality(Displayed):
    """How a grouping of records compares with the truth; a share is from 0 to 1, None where there is none.

    Attributes
    ----------
    n_records, n_groups, n_persons
        Records compared, groups they were put in, and persons they really are.
    n_found_pairs, n_true_pairs, n_right_pairs
        Pairs of records put together, that are one person, and that are both.
    b_cubed_precision, b_cubed_recall
        The mean over records; 1 for no records.
    """

    n_records: int
    n_groups: int
    n_persons: int
    n_found_pairs: int
    n_true_pairs: int
    n_right_pairs: int
    b_cubed_precision: float
    b_cubed_recall: float

    @property
    def precision(self) -> float | None:
        """The share of the pairs put together that is right; None when nothing was put together."""
        return self.n_right_pairs / self.n_found_pairs if self.n_found_pairs else None

    @property
    def recall(self) -> float | None:
        """The share of the true pairs that was found; None when there are none."""
        return self.n_right_pairs / self.n_true_pairs if self.n_true_pairs else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; None when there is no pair at all."""
        n_pairs = self.n_found_pairs + self.n_true_pairs
        return 2 * self.n_right_pairs / n_pairs if n_pairs else None

    @property
    def b_cubed_f1(self) -> float:
        """The harmonic mean of both B-cubed shares."""
        return _harmonic(self.b_cubed_precision, self.b_cubed_recall)

    def summary(self) -> Summary:
        """Return the comparison in Dutch."""
        shares = (
            ("Paren", self.precision, self.recall, self.f1),
            ("B-cubed", self.b_cubed_precision, self.b_cubed_recall, self.b_cubed_f1),
        )
        return {
            "title": "Koppeling tegen de waarheid",
            "facts": {
                "Records": self.n_records,
                "Groepen": self.n_groups,
                "Personen": self.n_persons,
                "Ten onrechte samen": self.n_found_pairs - self.n_right_pairs,
                "Ten onrechte apart": self.n_true_pairs - self.n_right_pairs,
            },
            "tables": [
                {
                    "title": "Hoe goed",
                    "columns": ("Geteld per", "Precisie", "Vindkans", "F1"),
                    "rows": [(by, *(None if s is None else Share(s) for s in each)) for by, *each in shares],
                }
            ],
            "notes": [],
        }


def linkage_quality(groups: Any, persons: Any) -> LinkageQuality:  # noqa: ANN401  whatever numpy takes
    """Compare a grouping of records with the truth.

    Parameters
    ----------
    groups, persons
        Shape (n_records,): the group and the person of each record, as numbers or texts.

    Raises
    ------
    ConfigurationError
        When one has more records than the other.

    Examples
    --------
    Five records of two persons, of which one was put with the other person:

    >>> quality = linkage_quality(["a", "a", "b", "b", "b"], [1, 1, 1, 2, 2])
    >>> quality.n_found_pairs, quality.n_true_pairs, quality.n_right_pairs, quality.f1
    (4, 4, 2, 0.5)
    >>> round(quality.b_cubed_precision, 3), round(quality.b_cubed_recall, 3)
    (0.733, 0.733)
    """
    import numpy as np  # noqa: PLC0415  costly, and only who compares needs it

    if len(groups) != len(persons):
        raise ConfigurationError(
            f"{len(groups)} groups and {len(persons)} persons", expected="one of each for every record"
        )
    n_records = len(groups)
    group_names, group = np.unique(np.asarray(groups), return_inverse=True)
    person_names, person = np.unique(np.asarray(persons), return_inverse=True)
    cells, in_cell = np.unique(
        group.astype(np.int64) * max(1, len(person_names)) + person, return_counts=True
    )
    of_group, of_person = np.divmod(cells, max(1, len(person_names)))
    in_group, in_person = np.bincount(group), np.bincount(person)
    squares = in_cell.astype(np.float64) ** 2
    return LinkageQuality(
        n_records=n_records,
        n_groups=len(group_names),
        n_persons=len(person_names),
        n_found_pairs=_n_pairs(in_group),
        n_true_pairs=_n_pairs(in_person),
        n_right_pairs=_n_pairs(in_cell),
        b_cubed_precision=float(np.sum(squares / in_group[of_group])) / n_records if n_records else 1.0,
        b_cubed_recall=float(np.sum(squares / in_person[of_person])) / n_records if n_records else 1.0,
    )


def identity_quality(release: Released, truth: object) -> LinkageQuality:
    """Compare the customers of a release with the truth; for the owner of the warehouse.

    Parameters
    ----------
    release
        What `kp.open_release` returned.
    truth
        A frame (Arrow, or another with its capsule) of `record_id`, as in `identity.customer_records`, and
        `person`, which is equal for records of one person. Records that only one of both knows are left out.

    Raises
    ------
    PermissionRefusedError
        When the direct identifiers are not yours to read.

    Examples
    --------
    >>> truth = release.arrow("select 'crm/1' as record_id, 'P-1' as person")
    >>> identity_quality(release, truth).n_records
    0
    """
    from klantprofiel.warehouse import open_owner  # noqa: PLC0415  costly, and only the owner needs it

    with open_owner(release.root, release.release_id) as whole:
        both = whole.arrow(
            "select registry.customer_id, known.person from identity.customer_records as registry "
            "inner join known on known.record_id = registry.record_id order by registry.record_id",
            known=truth,
        )
    return linkage_quality(both["customer_id"].to_numpy(), both["person"].to_numpy())


def _n_pairs(sizes: NDArray[np.int64]) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _harmonic(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one + other else 0.0
