"""Reviews as delivered: after online orders, of a product or of the company, mostly of five stars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from klantprofiel.demo.company import BRANDS, N_DAYS
from klantprofiel.demo.dated import Dated
from klantprofiel.demo.dirt import ROW_BEFORE, Stain
from klantprofiel.demo.draws import chance, choose_by_group, digits, join, pick, read_list, stream, texts
from klantprofiel.demo.experiences import make_experiences
from klantprofiel.demo.purchase_files import product_numbers
from klantprofiel.demo.review_texts import ASPECTS, write_texts
from klantprofiel.demo.source_rows import at_row, iso_moments
from klantprofiel.demo.writers import BROKEN

if TYPE_CHECKING:
    from klantprofiel.demo.draws import Flags, Floats, Ints
    from klantprofiel.demo.world import World

LEAST, MOST = 0.008, 0.12  # share of order lines that is reviewed, from who feels little to who feels much
OF_COMPANY: Final = 0.22  # share of the reviews that are about the company
INVITED: Final = 0.7
CONTENT: Final = 4  # stars from which a late delivery goes unmentioned
LATE_COSTS, BACK_COSTS = 1.6, 1.1  # in stars
MIDDLE: Final = 3.3  # stars at which nothing is felt
EXAGGERATED: Final = 1.35  # how much stronger the written judgement is than the one held
NOTICED: Final = np.array(  # weights of ASPECTS; kinds in the order of company.KINDS
    [
        [2, 5, 1, 5, 2],
        [4, 3, 2, 1, 4],
        [5, 3, 3, 2, 2],
        [2, 6, 2, 3, 2],
        [2, 2, 9, 1, 1],
    ],
    float,
)
STAINS: Final = (
    Stain("unreadable date", "geschreven_op", "31-08-2026"),
    Stain("broken line", BROKEN, True),  # noqa: FBT003 - what stands in the column
    Stain("duplicate key", "reviewnr", ROW_BEFORE),
    Stain("missing", "reviewnr", None),
    Stain("missing", "sterren", None),
    Stain("outside scale", "sterren", 11),
    Stain("future", "geschreven_op", "2062-05-04T21:15:00"),
)


def make_reviews(world: World) -> Dated:
    """Return every review, in the order of time."""
    rng = stream(world.seed, "reviews")
    line, judged, day = _reviewers(rng, world)
    order = world.lines.order[line]
    stars = np.clip(np.rint(judged), 1, 5).astype(np.int64)
    of_product = ~chance(rng, OF_COMPANY, len(line))
    product = np.where(of_product, world.lines.product[line], -1)
    aspect = choose_by_group(rng, NOTICED, world.people.kind[world.orders.person[order]])
    late = make_experiences(world).late[order] & (stars < CONTENT)
    aspect = np.where(late, ASPECTS.index("bezorging"), aspect)
    name = pick(texts(read_list("products")["product"]), world.assortment.name)
    brand = pick(texts(BRANDS), world.assortment.brand)
    text = write_texts(rng, stars, aspect, at_row(join(name, brand, by=" "), product))
    rows = pa.table(
        {
            "reviewnr": join("R", digits(1 + np.arange(len(line)), 8)),
            "accountnr": pick(world.webshop.number, world.orders.row[order]),
            "artikelnr": at_row(product_numbers(world.assortment), product),
            "bestelnr": join("WB", digits(order, 8)),
            "geschreven_op": iso_moments(day, 25_200 + rng.integers(0, 54_000, len(line))),
            "sterren": pa.array(stars),
            "tekst": text,
            "op_uitnodiging": pa.array(chance(rng, INVITED, len(line))),
            BROKEN: pa.array(np.zeros(len(line), bool)),
        }
    )
    return Dated(rows, world.calendar.delivery_of(day))


def _reviewers(rng: np.random.Generator, world: World) -> tuple[Ints, Floats, Ints]:
    """Return the reviewed order lines, the judgement on them in stars and the day, in the order of time.

    Whoever feels much writes sooner, so the stars take the shape of a J although judgements do not (Hu, Zhang
    and Pavlou, Communications of the ACM 52(10), 2009).
    """
    experiences, lines, orders = make_experiences(world), world.lines, world.orders
    bought: Flags = orders.online[lines.order] & ~lines.is_return
    candidate = np.flatnonzero(bought & chance(rng, MOST, len(bought)))
    order = lines.order[candidate]
    contentment = experiences.contentment[orders.person[order]]
    lost = LATE_COSTS * experiences.late[order] + BACK_COSTS * experiences.back[order]
    judged = 4.1 + 0.6 * contentment - lost + rng.normal(0, 0.8, len(order))
    felt = np.clip(np.abs(judged - MIDDLE) / 2, 0, 1) ** 2
    day = orders.day[order] + 3 + np.floor(rng.exponential(9, len(order))).astype(np.int64)
    writes = chance(rng, LEAST / MOST + (1 - LEAST / MOST) * felt, len(order)) & (day < N_DAYS)
    kept = np.flatnonzero(writes)
    kept = kept[np.argsort(day[kept], kind="stable")]
    return candidate[kept], MIDDLE + EXAGGERATED * (judged[kept] - MIDDLE), day[kept]
