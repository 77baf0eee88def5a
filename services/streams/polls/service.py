"""Use cases of polls. Who may see the post is decided before."""

from datetime import datetime
from uuid import UUID

from services.streams.metrics import VOTES
from services.streams.polls.domain import is_closed
from services.streams.polls.errors import AlreadyVoted, PollClosed
from services.streams.polls.repository import Polls
from services.streams.polls.schemas import NewPoll
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.errors import Invalid, NotFound


async def vote(session: Session, post_id: UUID, caller: Caller, option_id: UUID, closes_at: datetime | None) -> None:
    """The caller's one vote; raises NotFound for an option of another poll, PollClosed, AlreadyVoted."""
    if not await Polls(session).has(post_id, option_id):
        raise NotFound("The post has no such option.")
    if is_closed(closes_at, session.now()):
        raise PollClosed
    if not await Polls(session).vote(post_id, caller.user_id, option_id):
        raise AlreadyVoted
    VOTES.inc()


def check(poll: NewPoll, opens_at: datetime) -> None:
    """Raises Invalid unless it can be voted in from that moment on."""
    if len(set(poll.options)) < len(poll.options):
        raise Invalid("Each option can be there once.", code="repeated_option", field="poll.options")
    check_closing(poll.closes_at, opens_at)


def check_closing(closes_at: datetime | None, opens_at: datetime) -> None:
    """Raises Invalid where the poll closes before its post is published."""
    if is_closed(closes_at, opens_at):
        raise Invalid("A poll closes after its post is published.", code="in_the_past", field="poll.closes_at")
