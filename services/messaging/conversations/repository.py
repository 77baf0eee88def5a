"""SQL of conversations, read through the participant who asks."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, exists, func, not_, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert

from services.messaging.conversations.models import Conversation
from services.messaging.directory.models import Booking
from services.messaging.messages.models import Message
from services.messaging.messages.repository import FOLDED_BODY, LENGTHS, fold
from services.messaging.participants.models import Participant
from shared.auth.verification import Caller
from shared.database import search
from shared.database.listing import Found, ListOf, Page, given
from shared.database.repository import Repository, found
from shared.database.session import table_of, values_of
from shared.database.statements import CompiledStatement


class Conversations(Repository):
    """Conversations, visible to their participants."""

    async def add(self, conversation: Conversation) -> bool:
        """Stores it; False where the same one is there (one that is being stored meanwhile is waited for)."""
        return bool(await self.session.run(ADD, values_of(conversation)))

    async def find_same(self, key: str, booking_id: UUID | None) -> Conversation | None:
        """The conversation about that booking, or else of exactly these participants."""
        if booking_id is not None:
            return await self.session.scalar(select(Conversation).where(Conversation.booking_id == booking_id))
        same = select(Conversation).where(Conversation.participants_key == key, Conversation.booking_id.is_(None))
        return await self.session.scalar(same)

    async def get(self, conversation_id: UUID, caller: Caller, *, lock: bool = False) -> Conversation:
        """Raises NotFound where the caller does not take part."""
        query = select(Conversation).where(Conversation.id == conversation_id, _has(caller.user_id))
        return found(await self.session.scalar(query.with_for_update() if lock else query), "conversation")

    async def list(self, caller: Caller, page: Page, booking_id: UUID | None) -> Found[Conversation]:
        """Newest activity first; `page.search` looks into subjects and messages."""
        own = select(Conversation).where(_has(caller.user_id), *given({Conversation.booking_id: booking_id}))
        return await LIST.page(self.session, own, page)

    async def get_locked(self, conversation_id: UUID) -> Conversation:
        """The conversation of a report, locked, for staff."""
        return await self.session.get_one(Conversation, conversation_id, with_for_update=True)

    async def erase_subjects(self, user_id: UUID) -> Sequence[UUID]:
        """Removes the subjects that the user gave, and returns those conversations; a booking's is its title again.

        Of a conversation from before `opened_by`, any of its participants may have given the subject.
        """
        title = select(Booking.service_title).where(Booking.id == Conversation.booking_id).scalar_subquery()
        is_old = Conversation.opened_by.is_(None) & Conversation.booking_id.is_(None) & _has(user_id)
        theirs = (Conversation.subject.is_distinct_from(title), or_(Conversation.opened_by == user_id, is_old))
        own = update(Conversation).where(*theirs).values(subject=title).returning(Conversation.id)
        return (await self.session.scalars(own.execution_options(synchronize_session=False))).all()


def _has(user_id: UUID) -> ColumnElement[bool]:
    return exists().where(Participant.conversation_id == Conversation.id, Participant.user_id == user_id)


def _contains(query: str) -> ColumnElement[bool]:
    """Those whose subject or messages contain the terms.

    An excluded word excludes a conversation of which the subject or any message contains it. Each conversation's
    messages are read up to the first that decides, twice at most, whatever the number of words.
    """
    terms, conditions = search.SearchTerms.of(query), []
    subject = fold(func.coalesce(Conversation.subject, "", type_=Text))
    if terms.wanted:
        wanted = _says(search.has_wanted(fold, FOLDED_BODY, terms))
        conditions.append(or_(wanted, search.has_wanted(fold, subject, terms)))
    if terms.excluded:
        excluded = _says(search.has_excluded(fold, FOLDED_BODY, terms))
        conditions.append(not_(or_(excluded, search.has_excluded(fold, subject, terms))))
    return and_(true(), *conditions)


def _says(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """That a message of the conversation fulfils the condition."""
    of_it = exists().where(Message.conversation_id == Conversation.id, condition)
    return or_(*(of_it.where(length) for length in LENGTHS))


LIST = ListOf(
    Conversation,
    {"active_at": Conversation.active_at, "created_at": Conversation.created_at},
    default="-active_at",
    last=Conversation.id.desc(),
    search=_contains,
)

ADD = CompiledStatement(  # benchmarks/checkouts.py
    insert(table_of(Conversation)).on_conflict_do_nothing().returning(table_of(Conversation).c.id)
)
