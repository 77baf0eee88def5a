"""The saga's table by itself."""

from itertools import permutations

import pytest

from services.booking.checkout.saga import COMMANDS, TABLE, Event, State, Step

FINAL = {State.CONFIRMED, State.EXPIRED, State.CANCELLED, State.REFUNDED}


def test_every_cell_is_written() -> None:
    assert {(state, event) for state, row in TABLE.items() for event in row} == {
        (state, event) for state in State for event in Event
    }


def test_every_state_is_final_waits_for_the_client_or_asks_payments() -> None:
    assert set(COMMANDS) | FINAL | {State.AWAITING} == set(State)
    assert not set(COMMANDS) & FINAL


@pytest.mark.parametrize("final", [State.CONFIRMED, State.REFUNDED])
def test_rule_05_exactly_one_end_confirmed_and_refunded_are_never_left(final: State) -> None:
    assert {TABLE[final][event] for event in Event} == {(final, Step.NOTHING)}


def test_only_two_moves_confirm() -> None:
    confirming = {
        (state, event) for state, row in TABLE.items() for event, move in row.items() if move[1] is Step.CONFIRM
    }
    assert confirming == {
        (State.ORDERING, Event.PAID),
        (State.AWAITING, Event.PAID),
        (State.RECLAIMING, Event.RETAKEN),
    }


def test_the_same_event_twice_is_the_same_as_once() -> None:
    for state in State:
        for event in Event:
            once, _ = TABLE[state][event]
            twice, step = TABLE[once][event]
            late = event in {Event.PAID, Event.PAID_AFTER_START} and once in {State.RECLAIMING, State.REFUNDING}
            assert twice is once or late
            assert twice is not once or step is Step.NOTHING


@pytest.mark.parametrize("order", list(permutations([Event.ORDERED, Event.PAID, Event.DEADLINE])))
def test_rule_05_paid_and_deadline_in_any_order_end_in_a_paid_road(order: tuple[Event, ...]) -> None:
    state = State.ORDERING
    for event in order:
        state, _ = TABLE[state][event]
    assert state in {State.CONFIRMED, State.RECLAIMING}


@pytest.mark.parametrize("state", [state for state in State if state not in {State.CONFIRMED, State.REFUNDED}])
def test_what_was_paid_after_the_start_goes_back_from_every_state(state: State) -> None:
    assert TABLE[state][Event.PAID_AFTER_START][0] is State.REFUNDING
