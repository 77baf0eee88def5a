"""The checkout saga as one table: (state, event) -> (next state, step). Every cell is written.

The booking's row lock is held around each move, and a step touches only this schema. What has to be asked of payments
follows from the state alone (`COMMANDS`) and is done by the request, or by a job where the request is gone. Both are
safe to repeat, so a process that dies between two lines leaves a state from which the job goes on.

Road: ordering -> awaiting -> confirmed. Deadline: -> expiring -> expired. Given up by the client: -> cancelling ->
cancelled. Paid after the deadline (rule 5): -> retaking -> confirmed, or -> refunding -> refunded. Paid after the
session's start: -> refunding -> refunded, whatever was believed before.
"""

from enum import StrEnum


class State(StrEnum):
    """Where a checkout stands."""

    ORDERING = "ordering"
    AWAITING = "awaiting"
    CONFIRMED = "confirmed"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    RECLAIMING = "retaking"
    REFUNDING = "refunding"
    REFUNDED = "refunded"


class Event(StrEnum):
    """What can happen to a checkout."""

    ORDERED = "ordered"  # payments opened the order; money is due
    PAID = "paid"  # everything due was received before the session's start, whoever says so, and however late
    PAID_AFTER_START = "paid_after_start"  # it was received when the session had begun
    DEADLINE = "deadline"  # the hold ran out
    ABANDONED = "given_up"  # the client cancelled while it was pending
    CLOSED = "closed"  # payments closed the order; nothing was received
    SLOT_GONE = "slot_gone"  # the late road found no free seat
    RETAKEN = "retaken"  # payments took the credits again
    INSUFFICIENT_CREDITS = "short"  # payments could not: they are spent
    REFUNDED = "refunded"  # everything received went back


class Step(StrEnum):
    """What a move does in this schema, in the transaction of the move."""

    NOTHING = "nothing"
    CONFIRM = "confirm"
    EXPIRE = "expire"
    CANCEL = "cancel"
    TAKE_SEAT = "take_seat"
    RELEASE_SEAT = "release_seat"
    PUBLISH_EXPIRED = "tell_expired"
    PUBLISH_REFUNDED = "tell_refunded"


class Command(StrEnum):
    """What a state wants from payments."""

    ORDER = "order"
    CLOSE = "close"
    RETAKE = "retake"
    REFUND = "refund"


Move = tuple[State, Step]

COMMANDS: dict[State, Command] = {
    State.ORDERING: Command.ORDER,
    State.EXPIRING: Command.CLOSE,
    State.CANCELLING: Command.CLOSE,
    State.RECLAIMING: Command.RETAKE,
    State.REFUNDING: Command.REFUND,
}

TABLE: dict[State, dict[Event, Move]] = {
    State.ORDERING: {
        Event.ORDERED: (State.AWAITING, Step.NOTHING),
        Event.PAID: (State.CONFIRMED, Step.CONFIRM),
        Event.PAID_AFTER_START: (State.REFUNDING, Step.EXPIRE),
        Event.DEADLINE: (State.EXPIRING, Step.EXPIRE),
        Event.ABANDONED: (State.CANCELLING, Step.CANCEL),
        Event.CLOSED: (State.ORDERING, Step.NOTHING),
        Event.SLOT_GONE: (State.ORDERING, Step.NOTHING),
        Event.RETAKEN: (State.ORDERING, Step.NOTHING),
        Event.INSUFFICIENT_CREDITS: (State.ORDERING, Step.NOTHING),
        Event.REFUNDED: (State.ORDERING, Step.NOTHING),
    },
    State.AWAITING: {
        Event.ORDERED: (State.AWAITING, Step.NOTHING),
        Event.PAID: (State.CONFIRMED, Step.CONFIRM),
        Event.PAID_AFTER_START: (State.REFUNDING, Step.EXPIRE),
        Event.DEADLINE: (State.EXPIRING, Step.EXPIRE),
        Event.ABANDONED: (State.CANCELLING, Step.CANCEL),
        Event.CLOSED: (State.AWAITING, Step.NOTHING),
        Event.SLOT_GONE: (State.AWAITING, Step.NOTHING),
        Event.RETAKEN: (State.AWAITING, Step.NOTHING),
        Event.INSUFFICIENT_CREDITS: (State.AWAITING, Step.NOTHING),
        Event.REFUNDED: (State.AWAITING, Step.NOTHING),
    },
    State.CONFIRMED: {
        Event.ORDERED: (State.CONFIRMED, Step.NOTHING),  # payments' event overtook its answer
        Event.PAID: (State.CONFIRMED, Step.NOTHING),  # the same again
        Event.PAID_AFTER_START: (State.CONFIRMED, Step.NOTHING),  # an order is paid once, and that was before
        Event.DEADLINE: (State.CONFIRMED, Step.NOTHING),
        Event.ABANDONED: (State.CONFIRMED, Step.NOTHING),  # a confirmed booking is cancelled by its own use case
        Event.CLOSED: (State.CONFIRMED, Step.NOTHING),
        Event.SLOT_GONE: (State.CONFIRMED, Step.NOTHING),
        Event.RETAKEN: (State.CONFIRMED, Step.NOTHING),
        Event.INSUFFICIENT_CREDITS: (State.CONFIRMED, Step.NOTHING),
        Event.REFUNDED: (State.CONFIRMED, Step.NOTHING),
    },
    State.EXPIRING: {
        Event.ORDERED: (State.EXPIRING, Step.NOTHING),  # too late for the client; the order is closed next
        Event.PAID: (State.RECLAIMING, Step.TAKE_SEAT),
        Event.PAID_AFTER_START: (State.REFUNDING, Step.NOTHING),
        Event.DEADLINE: (State.EXPIRING, Step.NOTHING),
        Event.ABANDONED: (State.EXPIRING, Step.NOTHING),
        Event.CLOSED: (State.EXPIRED, Step.PUBLISH_EXPIRED),  # only now: closing may still find the payment
        Event.SLOT_GONE: (State.EXPIRING, Step.NOTHING),
        Event.RETAKEN: (State.EXPIRING, Step.NOTHING),
        Event.INSUFFICIENT_CREDITS: (State.EXPIRING, Step.NOTHING),
        Event.REFUNDED: (State.EXPIRING, Step.NOTHING),
    },
    State.EXPIRED: {
        Event.ORDERED: (State.EXPIRED, Step.NOTHING),
        Event.PAID: (State.RECLAIMING, Step.TAKE_SEAT),  # paid after expired
        Event.PAID_AFTER_START: (State.REFUNDING, Step.NOTHING),
        Event.DEADLINE: (State.EXPIRED, Step.NOTHING),
        Event.ABANDONED: (State.EXPIRED, Step.NOTHING),
        Event.CLOSED: (State.EXPIRED, Step.NOTHING),
        Event.SLOT_GONE: (State.EXPIRED, Step.NOTHING),
        Event.RETAKEN: (State.EXPIRED, Step.NOTHING),
        Event.INSUFFICIENT_CREDITS: (State.EXPIRED, Step.NOTHING),
        Event.REFUNDED: (State.EXPIRED, Step.NOTHING),
    },
    State.CANCELLING: {
        Event.ORDERED: (State.CANCELLING, Step.NOTHING),
        Event.PAID: (State.REFUNDING, Step.NOTHING),  # the client wants it no more
        Event.PAID_AFTER_START: (State.REFUNDING, Step.NOTHING),
        Event.DEADLINE: (State.CANCELLING, Step.NOTHING),
        Event.ABANDONED: (State.CANCELLING, Step.NOTHING),
        Event.CLOSED: (State.CANCELLED, Step.NOTHING),
        Event.SLOT_GONE: (State.CANCELLING, Step.NOTHING),
        Event.RETAKEN: (State.CANCELLING, Step.NOTHING),
        Event.INSUFFICIENT_CREDITS: (State.CANCELLING, Step.NOTHING),
        Event.REFUNDED: (State.CANCELLING, Step.NOTHING),
    },
    State.CANCELLED: {
        Event.ORDERED: (State.CANCELLED, Step.NOTHING),
        Event.PAID: (State.REFUNDING, Step.NOTHING),
        Event.PAID_AFTER_START: (State.REFUNDING, Step.NOTHING),
        Event.DEADLINE: (State.CANCELLED, Step.NOTHING),
        Event.ABANDONED: (State.CANCELLED, Step.NOTHING),
        Event.CLOSED: (State.CANCELLED, Step.NOTHING),
        Event.SLOT_GONE: (State.CANCELLED, Step.NOTHING),
        Event.RETAKEN: (State.CANCELLED, Step.NOTHING),
        Event.INSUFFICIENT_CREDITS: (State.CANCELLED, Step.NOTHING),
        Event.REFUNDED: (State.CANCELLED, Step.NOTHING),
    },
    State.RECLAIMING: {
        Event.ORDERED: (State.RECLAIMING, Step.NOTHING),
        Event.PAID: (State.RECLAIMING, Step.NOTHING),
        Event.PAID_AFTER_START: (State.REFUNDING, Step.RELEASE_SEAT),
        Event.DEADLINE: (State.RECLAIMING, Step.NOTHING),
        Event.ABANDONED: (State.RECLAIMING, Step.NOTHING),
        Event.CLOSED: (State.RECLAIMING, Step.NOTHING),
        Event.SLOT_GONE: (State.REFUNDING, Step.NOTHING),
        Event.RETAKEN: (State.CONFIRMED, Step.CONFIRM),
        Event.INSUFFICIENT_CREDITS: (State.REFUNDING, Step.RELEASE_SEAT),
        Event.REFUNDED: (State.RECLAIMING, Step.NOTHING),
    },
    State.REFUNDING: {
        Event.ORDERED: (State.REFUNDING, Step.NOTHING),
        Event.PAID: (State.REFUNDING, Step.NOTHING),
        Event.PAID_AFTER_START: (State.REFUNDING, Step.NOTHING),
        Event.DEADLINE: (State.REFUNDING, Step.NOTHING),
        Event.ABANDONED: (State.REFUNDING, Step.NOTHING),
        Event.CLOSED: (State.REFUNDING, Step.NOTHING),
        Event.SLOT_GONE: (State.REFUNDING, Step.NOTHING),
        Event.RETAKEN: (State.REFUNDING, Step.NOTHING),
        Event.INSUFFICIENT_CREDITS: (State.REFUNDING, Step.NOTHING),
        Event.REFUNDED: (State.REFUNDED, Step.PUBLISH_REFUNDED),
    },
    State.REFUNDED: {
        Event.ORDERED: (State.REFUNDED, Step.NOTHING),
        Event.PAID: (State.REFUNDED, Step.NOTHING),
        Event.PAID_AFTER_START: (State.REFUNDED, Step.NOTHING),
        Event.DEADLINE: (State.REFUNDED, Step.NOTHING),
        Event.ABANDONED: (State.REFUNDED, Step.NOTHING),
        Event.CLOSED: (State.REFUNDED, Step.NOTHING),
        Event.SLOT_GONE: (State.REFUNDED, Step.NOTHING),
        Event.RETAKEN: (State.REFUNDED, Step.NOTHING),
        Event.INSUFFICIENT_CREDITS: (State.REFUNDED, Step.NOTHING),
        Event.REFUNDED: (State.REFUNDED, Step.NOTHING),
    },
}
