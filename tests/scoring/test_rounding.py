"""Points in tenths that add up to the score, equal ones alike wherever that is possible."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formatpicker.scoring.ranking import apportioned, per_cent, rounded


@pytest.mark.parametrize(
    ("products", "scale", "expected"),
    [
        ([], 10, []),
        ([1, 2], 0, []),
        # 33.33 and 66.67: the tenth that is missing goes to the larger remainder
        ([1, 2], 3, [333, 667]),
        # 28.57 twice and 14.29 three times make 100.0. The cuts, 285 and 142, lack 4: with equals alike, x for each of
        # the two and y for each of the three, 2 x + 3 y = 4 has x = 2, y = 0 only
        ([2, 2, 1, 1, 1], 7, [287, 287, 142, 142, 142]),
        # 32.26 twice, 22.58, 9.68 make 96.8. The cuts, 322, 225 and 96, lack 3: 2 for the two, 1 for the third
        ([10, 10, 7, 3], 31, [323, 323, 226, 96]),
        # three thirds cannot be alike and make 100.0
        ([1, 1, 1], 3, [334, 333, 333]),
        # and nothing never gets a tenth, though that would help
        ([1, 1, 1, 0], 3, [334, 333, 333, 0]),
    ],
)
def test_by_hand(products: list[int], scale: int, expected: list[int]) -> None:
    assert apportioned(products, scale) == expected


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12), st.integers(0, 200))
def test_points_add_up_and_stay_near(products: list[int], rest: int) -> None:
    scale = sum(products) + rest or 1
    found = apportioned(products, scale)
    assert sum(found) == rounded(1000 * sum(products), scale)
    assert all(abs(tenths - 1000 * product / scale) < 2 for tenths, product in zip(found, products, strict=True))
    assert all(tenths == 0 for tenths, product in zip(found, products, strict=True) if not product)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=8), st.integers(1, 90))
def test_equal_products_get_equal_points_wherever_a_near_way_adds_up(products: list[int], rest: int) -> None:
    """Against trying every way within a tenth below the cut and two above it, and none of them closer."""
    scale = sum(products) + rest
    found = apportioned(products, scale)
    alike = len({*zip(products, found, strict=True)}) == len({*products})
    ways = all_ways(products, scale)
    assert alike or not ways
    if alike and ways:
        assert distance(found, products, scale) <= min(distance(way, products, scale) for way in ways)


def all_ways(products: list[int], scale: int) -> list[list[int]]:
    """Every way that adds up and treats equals alike."""
    wanted = rounded(1000 * sum(products), scale)
    ways: list[dict[int, int]] = [{}]
    for product in {*products}:
        cut = 1000 * product // scale
        nearby = range(max(0, cut - 1), cut + 3) if cut else range(2 if product else 1)
        ways = [{**way, product: tenths} for way in ways for tenths in nearby]
    spread = [[way[product] for product in products] for way in ways]
    return [each for each in spread if sum(each) == wanted]


def distance(tenths: list[int], products: list[int], scale: int) -> int:
    return sum((scale * each - 1000 * product) ** 2 for each, product in zip(tenths, products, strict=True))


@pytest.mark.parametrize(("share", "hundredths"), [(0.075, 8), (0.485, 49), (1950 / 2000, 98), (0.625, 63), (0.074, 7)])
def test_shares_round_halves_up(share: float, hundredths: int) -> None:
    assert per_cent(share) == hundredths
