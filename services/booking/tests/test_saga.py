"""The saga's table by itself."""

from collections import Counter
from itertools import permutations
from uuid import UUID

import pytest
from prometheus_client import REGISTRY

from devtools.testing.delivery import deliver
from devtools.testing.observation import log_lines
from services.booking.checkout.repository import Checkouts
from services.booking.checkout.saga import COMMANDS, IGNORED, TABLE, Event, Move, State, Step, is_ignored, move_on
from services.booking.checkout.steps import advance
from services.booking.tests.world import World

FINAL = {State.CONFIRMED, State.EXPIRED, State.CANCELLED, State.REFUNDED}
COLUMNS = (
    "ordered paid paid_in_vain deadline abandoned closed slot_gone retaken insufficient_credits refunded"
).split()
MATRIX = """
ordering   awaiting   confirmed  refunding  expiring   cancelling !          !          !          !          !
awaiting   -          confirmed  refunding  expiring   cancelling !          !          !          !          !
deferred   !          !          refunding  expiring   cancelling !          !          !          !          !
authorized !          !          refunding  expiring   cancelling !          !          !          !          !
capturing  awaiting   confirmed  refunding  !          cancelling !          !          !          !          !
confirmed  -          -          -          !          !          -          !          -          -          !
expiring   -          reclaiming refunding  !          !          expired    !          !          !          !
expired    -          reclaiming refunding  !          !          -          !          !          !          !
cancelling -          refunding  refunding  !          !          cancelled  !          !          !          !
cancelled  -          refunding  refunding  !          !          -          !          !          !          !
reclaiming -          -          refunding  !          !          -          refunding  confirmed  refunding  !
refunding  -          -          -          !          !          -          !          -          -          refunded
refunded   -          -          -          !          !          -          !          -          -          -
"""
REQUEST_COLUMNS = "deferred authorized accepted declined capture_refused".split()
REQUESTS = """
ordering   deferred   authorized !          !          !
awaiting   -          -          !          !          !
deferred   -          authorized !          !          !
authorized -          -          capturing  cancelling !
capturing  -          -          !          !          cancelling
confirmed  -          -          !          !          !
expiring   -          -          !          !          !
expired    -          -          !          !          !
cancelling -          -          !          !          -
cancelled  -          -          !          !          -
reclaiming -          -          !          !          !
refunding  -          -          !          !          -
refunded   -          -          !          !          -
"""
"""By state and event: the next state, `-` what is ignored (late or again), `!` what is impossible."""


def read(state: State, event: Event) -> str:
    """The table's cell as it is written above."""
    move = move_on(state, event)
    if move is not None:
        return move.to.value
    return "-" if is_ignored(state, event) else "!"


def test_every_state_and_event_is_a_move_ignored_or_impossible() -> None:
    rows: dict[str, dict[str, str]] = {}
    for columns, table in ((COLUMNS, MATRIX), (REQUEST_COLUMNS, REQUESTS)):
        for state, *cells in map(str.split, filter(None, table.split("\n"))):
            rows.setdefault(state, {}).update(zip(columns, cells, strict=True))
    assert rows == {state.value: {event.value: read(state, event) for event in Event} for state in State}


def test_no_event_that_moves_is_ignored_too() -> None:
    assert not [state for state in State if TABLE[state].keys() & IGNORED[state]]


def test_every_state_is_final_waits_for_people_or_asks_payments() -> None:
    assert set(COMMANDS) | FINAL | {State.AWAITING, State.DEFERRED, State.AUTHORIZED} == set(State)
    assert not set(COMMANDS) & FINAL


@pytest.mark.parametrize("final", [State.CONFIRMED, State.REFUNDED])
def test_rule_05_exactly_one_end_confirmed_and_refunded_are_never_left(final: State) -> None:
    assert TABLE[final] == {}


def test_only_four_moves_confirm() -> None:
    confirming = {
        (state, event) for state, row in TABLE.items() for event, move in row.items() if move.step is Step.CONFIRM
    }
    assert confirming == {
        (State.ORDERING, Event.PAID),
        (State.AWAITING, Event.PAID),
        (State.CAPTURING, Event.PAID),
        (State.RECLAIMING, Event.RETAKEN),
    }


def after(state: State, *events: Event) -> State:
    for event in events:
        state = (move_on(state, event) or Move(state)).to
    return state


UNDER_LOCK = {Event.DEADLINE, Event.ABANDONED, Event.SLOT_GONE, Event.ACCEPTED, Event.DECLINED}
REPEATED = [event for event in Event if event not in UNDER_LOCK]
"""What payments says may come again; the others are found out under the lock of the booking."""


@pytest.mark.parametrize("event", REPEATED)
@pytest.mark.parametrize("state", list(State))
def test_the_same_event_twice_is_the_same_as_once(state: State, event: Event) -> None:
    if read(state, event) != "!":
        assert after(state, event, event) is after(state, event)
        assert read(after(state, event), event) == "-"


@pytest.mark.parametrize("order", list(permutations([Event.ORDERED, Event.PAID, Event.DEADLINE])))
def test_rule_05_paid_and_deadline_in_any_order_end_where_paid_counts(order: tuple[Event, ...]) -> None:
    assert after(State.ORDERING, *order) in {State.CONFIRMED, State.RECLAIMING}


@pytest.mark.parametrize("state", [state for state in State if state not in {State.CONFIRMED, State.REFUNDED}])
def test_what_was_paid_in_vain_goes_back_from_every_state(state: State) -> None:
    assert after(state, Event.PAID_IN_VAIN) is State.REFUNDING


async def test_the_impossible_changes_nothing_and_is_logged_and_counted(world: World) -> None:
    await world.open_shop()
    booking = await world.book()
    await deliver(world.app, world.paid(booking))
    labels = {"state": "confirmed", "event": "deadline"}
    name = "estuary_booking_impossible_checkout_events_total"
    before = REGISTRY.get_sample_value(name, labels) or 0
    async with world.runtime.db.transaction() as session:
        checkout = await Checkouts(session).get(UUID(booking["id"]), lock=True)
        with log_lines() as lines:
            for event in (Event.DEADLINE, Event.PAID):
                await advance(session, checkout, event)
    assert await world.status_of(booking) == "confirmed"
    assert REGISTRY.get_sample_value(name, labels) == before + 1
    assert Counter(line["event"] for line in lines)["checkout.impossible"] == 1
