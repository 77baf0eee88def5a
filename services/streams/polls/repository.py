"""SQL of polls and votes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_if_absent

from services.streams.polls.models import PollOption, Vote
from shared.auth.verification import Caller
from shared.database.repository import Repository
from shared.records.ids import new_id


class Polls(Repository):
    """The options of polls, and votes."""

    async def replace(self, post_id: UUID, texts: Sequence[str]) -> None:
        """Stores these options in their order; the present ones are removed, with their votes."""
        await self.session.execute(delete(PollOption).where(PollOption.post_id == post_id))
        rows: list[dict[str, Any]] = [
            {"id": new_id(), "post_id": post_id, "position": position, "text": text}
            for position, text in enumerate(texts)
        ]
        await self.session.execute(insert(PollOption), rows)

    async def options(self, post_ids: Iterable[UUID]) -> dict[UUID, Sequence[PollOption]]:
        """The options of each poll, in their order; one query."""
        rows = await self.session.scalars(
            select(PollOption)
            .where(PollOption.post_id.in_(list(post_ids)))
            .order_by(PollOption.post_id, PollOption.position)
        )
        found: dict[UUID, list[PollOption]] = defaultdict(list)
        for option in rows:
            found[option.post_id].append(option)
        return dict(found)

    async def votes_of(self, post_ids: Iterable[UUID], caller: Caller | None) -> dict[UUID, UUID]:
        """The option for which the caller voted in each of these polls."""
        if caller is None:
            return {}
        own = (Vote.user_id == caller.user_id, Vote.post_id.in_(list(post_ids)))
        found = await self.session.execute(select(Vote.post_id, Vote.option_id).where(*own))
        return {row.post_id: row.option_id for row in found}

    async def has(self, post_id: UUID, option_id: UUID) -> bool:
        """Whether that option is one of this poll's."""
        wanted = select(PollOption.id).where(PollOption.post_id == post_id, PollOption.id == option_id)
        return await self.session.scalar(wanted) is not None

    async def vote(self, post_id: UUID, user_id: UUID, option_id: UUID) -> bool:
        """Stores the user's vote; False where they have voted already."""
        row = {"post_id": post_id, "user_id": user_id, "option_id": option_id, "created_at": self.session.now()}
        added = insert_if_absent(Vote).values(row).on_conflict_do_nothing().returning(Vote.user_id)
        return await self.session.scalar(added) is not None

    async def tally(self, post_ids: Iterable[UUID]) -> dict[UUID, int]:
        """The number of votes for each option of these polls; one query."""
        votes = select(Vote.option_id, func.count().label("votes")).where(Vote.post_id.in_(list(post_ids)))
        return {row.option_id: row.votes for row in await self.session.execute(votes.group_by(Vote.option_id))}

    async def remove_all(self, user_id: UUID) -> None:
        """Removes the user's votes."""
        await self.session.execute(delete(Vote).where(Vote.user_id == user_id))
