"""Which units meet which needs."""

from uuid import UUID

import pytest

from services.booking.resources.domain import Need, Stock, assigned, first_free

A, B, C = (UUID(int=number) for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("needs", "free", "expected"),
    [
        ([], {A: 1}, {}),
        ([Need((A, B), 1)], {A: 1, B: 1}, {A: 1, B: 0}),
        ([Need((A, B), 1)], {A: 0, B: 1}, {A: 0, B: 1}),
        ([Need((A, B), 1)], {B: 0}, None),
        ([Need((A, B), 3)], {A: 2, B: 1}, {A: 2, B: 1}),
        ([Need((A,), 2)], {A: 1}, None),
        ([Need((A, B), 1), Need((A,), 1)], {A: 1, B: 1}, {A: 1, B: 1}),
        ([Need((A, B), 1), Need((B, C), 1), Need((A,), 1)], {A: 1, B: 1, C: 1}, {A: 1, B: 1, C: 1}),
        ([Need((A, B), 1), Need((A, B), 1), Need((B, A), 1)], {A: 1, B: 1}, None),
    ],
)
def test_each_need_has_its_first_resource_that_others_can_do_without(needs, free, expected) -> None:
    assert assigned(needs, free) == expected


def test_the_first_units_that_are_free() -> None:
    assert first_free({A: 2, B: 0}, {A: Stock(4, None), B: Stock(1, None)}, {(A, 1), (A, 3)}) == [(A, 2), (A, 4)]
