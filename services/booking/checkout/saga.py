"""The checkout saga as one table: (state, event) -> (next state, step). What it does not list is ignored or impossible.

The row locks of all bookings of a purchase are held around each move, and a step touches only this schema. What has
to be asked of payments follows from the state alone (`COMMANDS`) and is done by the request, or by a job where the
request is gone. Both are safe to repeat, so a process that dies between two lines leaves a state from which the job
goes on.

Usual: ordering -> awaiting -> confirmed. Deadline: -> expiring -> expired. Abandoned by the client: -> cancelling ->
cancelled. Paid after the deadline (rule 5): -> reclaiming -> confirmed, or -> refunding -> refunded. Paid after the
session's start: -> refunding -> refunded, whatever was believed before.

A request holds no seat (rule 6): ordering -> deferred -> authorized. Accepted: the seat is taken, -> capturing ->
confirmed; -> awaiting where a saved card was refused; -> cancelling -> cancelled where what was authorised cannot be
captured. Declined: -> cancelling -> cancelled. Silence: -> expiring -> expired.
"""

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """Where a checkout stands."""

    ORDERING = "ordering"
    AWAITING = "awaiting"
    DEFERRED = "deferred"
    AUTHORIZED = "authorized"
    CAPTURING = "capturing"
    CONFIRMED = "confirmed"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    RECLAIMING = "reclaiming"
    REFUNDING = "refunding"
    REFUNDED = "refunded"


class Event(StrEnum):
    """What can happen to a checkout."""

    ORDERED = "ordered"  # payments opened the order; money is due
    DEFERRED = "deferred"  # payments opened the order of a request, for which no card is there yet
    AUTHORIZED = "authorized"  # a card is, for the order of a request, or nothing is due
    ACCEPTED = "accepted"  # the practitioner accepted the request, and its seat is taken
    DECLINED = "declined"  # they declined it, or another has its time
    CAPTURE_REFUSED = "capture_refused"  # payments could not charge what was authorised
    PAID = "paid"  # everything due was received before the session's start, whoever says so, and however late
    PAID_IN_VAIN = "paid_in_vain"  # it was received when the session had begun, or nobody had accepted the request
    DEADLINE = "deadline"  # the hold ran out
    ABANDONED = "abandoned"  # the client cancelled while it was pending
    CLOSED = "closed"  # payments closed the order; nothing was received
    SLOT_GONE = "slot_gone"  # after a late payment not all seats were free, or a session was cancelled
    RETAKEN = "retaken"  # payments took the credits again
    INSUFFICIENT_CREDITS = "insufficient_credits"  # payments could not: they are spent
    REFUNDED = "refunded"  # everything received went back


class Step(StrEnum):
    """What a move does in this schema, in the transaction of the move."""

    NOTHING = "nothing"
    CONFIRM = "confirm"
    EXPIRE = "expire"
    CANCEL = "cancel"
    REQUEST = "request"
    ACCEPT = "accept"
    DECLINE = "decline"
    WAIT_FOR_CARD = "wait_for_card"
    TAKE_SEATS = "take_seats"
    RELEASE_SEATS = "release_seats"
    PUBLISH_EXPIRED = "publish_expired"
    PUBLISH_REFUNDED = "publish_refunded"


class Command(StrEnum):
    """What a state wants from payments."""

    ORDER = "order"
    CLOSE = "close"
    CAPTURE = "capture"
    RETAKE = "retake"
    REFUND = "refund"


class Move(NamedTuple):
    """The next state, and what is done on the way there."""

    to: State
    step: Step = Step.NOTHING


COMMANDS: dict[State, Command] = {
    State.ORDERING: Command.ORDER,
    State.CAPTURING: Command.CAPTURE,
    State.EXPIRING: Command.CLOSE,
    State.CANCELLING: Command.CLOSE,
    State.RECLAIMING: Command.RETAKE,
    State.REFUNDING: Command.REFUND,
}

TABLE: dict[State, dict[Event, Move]] = {
    State.ORDERING: {
        Event.ORDERED: Move(State.AWAITING),
        Event.DEFERRED: Move(State.DEFERRED),
        Event.AUTHORIZED: Move(State.AUTHORIZED, Step.REQUEST),
        Event.PAID: Move(State.CONFIRMED, Step.CONFIRM),
        Event.PAID_IN_VAIN: Move(State.REFUNDING, Step.EXPIRE),
        Event.DEADLINE: Move(State.EXPIRING, Step.EXPIRE),
        Event.ABANDONED: Move(State.CANCELLING, Step.CANCEL),
    },
    State.AWAITING: {
        Event.PAID: Move(State.CONFIRMED, Step.CONFIRM),
        Event.PAID_IN_VAIN: Move(State.REFUNDING, Step.EXPIRE),
        Event.DEADLINE: Move(State.EXPIRING, Step.EXPIRE),
        Event.ABANDONED: Move(State.CANCELLING, Step.CANCEL),
    },
    State.DEFERRED: {
        Event.AUTHORIZED: Move(State.AUTHORIZED, Step.REQUEST),
        Event.PAID_IN_VAIN: Move(State.REFUNDING, Step.EXPIRE),
        Event.DEADLINE: Move(State.EXPIRING, Step.EXPIRE),
        Event.ABANDONED: Move(State.CANCELLING, Step.CANCEL),
    },
    State.AUTHORIZED: {
        Event.ACCEPTED: Move(State.CAPTURING, Step.ACCEPT),
        Event.DECLINED: Move(State.CANCELLING, Step.DECLINE),
        Event.PAID_IN_VAIN: Move(State.REFUNDING, Step.EXPIRE),
        Event.DEADLINE: Move(State.EXPIRING, Step.EXPIRE),
        Event.ABANDONED: Move(State.CANCELLING, Step.CANCEL),
    },
    State.CAPTURING: {
        Event.ORDERED: Move(State.AWAITING, Step.WAIT_FOR_CARD),
        Event.PAID: Move(State.CONFIRMED, Step.CONFIRM),
        Event.PAID_IN_VAIN: Move(State.REFUNDING, Step.EXPIRE),
        Event.CAPTURE_REFUSED: Move(State.CANCELLING, Step.DECLINE),
        Event.ABANDONED: Move(State.CANCELLING, Step.CANCEL),
    },
    State.CONFIRMED: {},
    State.EXPIRING: {
        Event.PAID: Move(State.RECLAIMING, Step.TAKE_SEATS),
        Event.PAID_IN_VAIN: Move(State.REFUNDING),
        Event.CLOSED: Move(State.EXPIRED, Step.PUBLISH_EXPIRED),  # only now: closing may still find the payment
    },
    State.EXPIRED: {
        Event.PAID: Move(State.RECLAIMING, Step.TAKE_SEATS),
        Event.PAID_IN_VAIN: Move(State.REFUNDING),
    },
    State.CANCELLING: {
        Event.PAID: Move(State.REFUNDING),  # the client wants it no more
        Event.PAID_IN_VAIN: Move(State.REFUNDING),
        Event.CLOSED: Move(State.CANCELLED),
    },
    State.CANCELLED: {
        Event.PAID: Move(State.REFUNDING),
        Event.PAID_IN_VAIN: Move(State.REFUNDING),
    },
    State.RECLAIMING: {
        Event.PAID_IN_VAIN: Move(State.REFUNDING, Step.RELEASE_SEATS),
        Event.SLOT_GONE: Move(State.REFUNDING, Step.RELEASE_SEATS),
        Event.RETAKEN: Move(State.CONFIRMED, Step.CONFIRM),
        Event.INSUFFICIENT_CREDITS: Move(State.REFUNDING, Step.RELEASE_SEATS),
    },
    State.REFUNDING: {
        Event.REFUNDED: Move(State.REFUNDED, Step.PUBLISH_REFUNDED),
    },
    State.REFUNDED: {},
}

PAYMENT = frozenset({Event.PAID, Event.PAID_IN_VAIN})
ANSWERS_OF_RETAKE = frozenset({Event.RETAKEN, Event.INSUFFICIENT_CREDITS})

# What comes late or twice. `ORDERED`: the request and the job may both ask, and either answer may be the slower one.
OPENED = frozenset({Event.ORDERED, Event.DEFERRED, Event.AUTHORIZED})
IGNORED: dict[State, frozenset[Event]] = {
    State.ORDERING: frozenset(),
    State.AWAITING: OPENED,
    State.DEFERRED: frozenset({Event.DEFERRED}),
    State.AUTHORIZED: frozenset({Event.DEFERRED, Event.AUTHORIZED}),
    State.CAPTURING: frozenset({Event.DEFERRED, Event.AUTHORIZED}),
    State.CONFIRMED: frozenset({*OPENED, Event.CLOSED, *PAYMENT, *ANSWERS_OF_RETAKE}),
    State.EXPIRING: OPENED,
    State.EXPIRED: frozenset({*OPENED, Event.CLOSED}),
    State.CANCELLING: frozenset({*OPENED, Event.CAPTURE_REFUSED}),
    State.CANCELLED: frozenset({*OPENED, Event.CLOSED, Event.CAPTURE_REFUSED}),
    State.RECLAIMING: frozenset({*OPENED, Event.PAID, Event.CLOSED}),
    State.REFUNDING: frozenset({*OPENED, Event.CLOSED, Event.CAPTURE_REFUSED, *PAYMENT, *ANSWERS_OF_RETAKE}),
    State.REFUNDED: frozenset(
        {*OPENED, Event.CLOSED, Event.CAPTURE_REFUSED, Event.REFUNDED, *PAYMENT, *ANSWERS_OF_RETAKE}
    ),
}


def move_on(state: State, event: Event) -> Move | None:
    """The move that the event means in that state; None if it means none."""
    return TABLE[state].get(event)


def is_ignored(state: State, event: Event) -> bool:
    """Whether the event is expected in that state, late or again; one that means no move either is impossible."""
    return event in IGNORED[state]
