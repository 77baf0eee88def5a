"""What becomes of a pass and of its sessions. The caller has the lock of the pass, or takes it here as the last one."""

from datetime import datetime
from uuid import UUID

from services.booking.passes.domain import (
    RESTORED_FOR,
    SESSION_TRANSITIONS,
    TRANSITIONS,
    WARNED_BEFORE,
    PassSessionStatus,
    PassStatus,
    end_of_day,
)
from services.booking.passes.errors import NotInPass, OutsideValidity, PassNotActive, PassUsedUp
from services.booking.passes.events import publish
from services.booking.passes.models import Pass, PassSession
from services.booking.passes.repository import Passes
from shared.database.session import Session
from shared.records.state import transition


def activate(session: Session, sold: Pass) -> None:
    """It is paid; from its event on its lines are earned."""
    transition(sold, PassStatus.ACTIVE, TRANSITIONS)
    publish(session, sold, "activated", sold.sessions)


def void(session: Session, sold: Pass) -> None:
    """It was not paid in time, or its client wanted it no more."""
    transition(sold, PassStatus.VOID, TRANSITIONS)
    publish(session, sold, "changed")


def use_session(sold: Pass, service_id: UUID, start: datetime, booking_id: UUID) -> PassSession:
    """The first open session that fits is the booking's from now on.

    Raises PassNotActive, NotInPass, OutsideValidity, PassUsedUp.
    """
    if sold.status is not PassStatus.ACTIVE:
        raise PassNotActive
    fitting = [each for each in sold.sessions if service_id in each.service_ids]
    if not fitting:
        raise NotInPass
    if start >= sold.expires_at:
        raise OutsideValidity
    left = [each for each in fitting if each.status is PassSessionStatus.OPEN]
    if not left:
        raise PassUsedUp
    used = left[0]
    transition(used, PassSessionStatus.BOOKED, SESSION_TRANSITIONS)
    used.booking_id = booking_id
    return used


async def finish_session(session: Session, pass_id: UUID, pass_session_id: UUID) -> None:
    """Its booking is over, whether or not the client came: the session is used."""
    sold = await Passes(session).get(pass_id, lock=True)
    used = sold.session(pass_session_id)
    if used.status is PassSessionStatus.BOOKED:
        transition(used, PassSessionStatus.USED, SESSION_TRANSITIONS)
        publish(session, sold, "changed", [used])


def restore_session(session: Session, sold: Pass, used: PassSession, *, extend: bool) -> None:
    """Its booking was cancelled: it is open again; with `extend` for a while at least, also of an expired pass."""
    transition(used, PassSessionStatus.OPEN, SESSION_TRANSITIONS)
    used.booking_id = None
    if extend:
        extend_to(sold, session.now() + RESTORED_FOR)
        if sold.status is PassStatus.EXPIRED:
            transition(sold, PassStatus.ACTIVE, TRANSITIONS)
    if sold.status is PassStatus.EXPIRED:
        _lapse(sold, [used], session.now())
    publish(session, sold, "changed", [used])


def use_up_session(session: Session, sold: Pass, used: PassSession) -> None:
    """Its booking was cancelled too late, and its line's hold period begins."""
    transition(used, PassSessionStatus.USED, SESSION_TRANSITIONS)
    used.ended_at = session.now()
    publish(session, sold, "changed", [used])


def refund_session(session: Session, sold: Pass, used: PassSession) -> None:
    """Its booking was cancelled after the pass was returned: its value is money."""
    transition(used, PassSessionStatus.REFUNDED, SESSION_TRANSITIONS)
    publish(session, sold, "changed", [used])


def extend_to(sold: Pass, moment: datetime) -> None:
    """It is valid to the end of that day at least."""
    sold.expires_at = max(sold.expires_at, end_of_day(moment, 0, sold.timezone))
    if sold.warned_at is not None and sold.warned_at < sold.expires_at - WARNED_BEFORE:
        sold.warned_at = None


async def check_validity(session: Session, pass_id: UUID, start: datetime) -> None:
    """Raises OutsideValidity for a start at which the pass has expired."""
    if start >= (await Passes(session).get(pass_id)).expires_at:
        raise OutsideValidity


async def keep_valid(session: Session, pass_id: UUID, start: datetime) -> None:
    """The practitioner has moved one of its sessions to that start."""
    sold = await Passes(session).get(pass_id, lock=True)
    if start >= sold.expires_at:
        extend_to(sold, start)
        publish(session, sold, "changed")


def lapse(session: Session, sold: Pass) -> None:
    """The pass has expired: what is open lapses, and is earned from `expires_at` on. What is booked goes on."""
    transition(sold, PassStatus.EXPIRED, TRANSITIONS)
    lapsed = sold.open_sessions
    _lapse(sold, lapsed, sold.expires_at)
    publish(session, sold, "changed", lapsed)


def _lapse(sold: Pass, sessions: list[PassSession], at: datetime) -> None:
    for each in sessions:
        transition(each, PassSessionStatus.LAPSED, SESSION_TRANSITIONS)
        each.ended_at = max(at, sold.expires_at)
