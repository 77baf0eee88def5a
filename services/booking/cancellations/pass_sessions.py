"""What a cancellation means for the session of a pass that the seat was booked with (rule 15)."""

from services.booking.bookings.domain import HUNDRED_PERCENT, Party
from services.booking.bookings.models import Booking
from services.booking.cancellations.models import Cancellation
from services.booking.cancellations.repository import Refunds
from services.booking.passes.domain import PassStatus
from services.booking.passes.repository import Passes
from services.booking.passes.service import refund_session, restore_session, use_up_session
from shared.database.session import Session


async def pays_money(session: Session, booking: Booking) -> bool:
    """Whether cancelling gives money back: not while a pass can take the session back."""
    if booking.pass_id is None:
        return True
    return (await Passes(session).get(booking.pass_id)).status is PassStatus.CANCELLED


async def settle_session(session: Session, booking: Booking, cancellation: Cancellation) -> bool:
    """The session is open again, used up, or, where the pass was returned or staff gave all back, money.

    Answers whether it is open again.
    """
    if booking.pass_id is None or booking.pass_session_id is None:
        return False
    sold = await Passes(session).get(booking.pass_id, lock=True)
    used, by = sold.session(booking.pass_session_id), cancellation.cancelled_by
    if sold.status is PassStatus.CANCELLED:
        settle = refund_session if cancellation.due else use_up_session
        settle(session, sold, used)
        return False
    if booking.terms.percent_back(by, session.now()) < HUNDRED_PERCENT:
        use_up_session(session, sold, used)
        return False
    if used.value_amount and (await Refunds(session).total_of(booking)).amount >= used.value_amount:
        refund_session(session, sold, used)  # staff gave its money back: nobody has both
        return False
    restore_session(session, sold, used, extend=by is not Party.CLIENT)
    return True
