"""SQL of notices."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from services.identity.oauth.clients.models import OAuthClient
from services.identity.oauth.notices.models import LogoutNotice
from services.identity.sessions.models import SignInSession
from shared.database.repository import Repository
from shared.records.clock import machine_now
from shared.records.ids import new_id


class LogoutNotices(Repository):
    """Notices."""

    async def queue(self, sessions: Collection[SignInSession]) -> bool:
        """Stores one for each session whose client wants to hear; again changes nothing. Whether there is one."""
        wanted = select(OAuthClient.id).where(OAuthClient.backchannel_logout_uri.is_not(None))
        listening = set(
            await self.session.scalars(wanted.where(OAuthClient.id.in_({one.client_id for one in sessions})))
        )
        now = machine_now()
        rows = [
            {"id": new_id(), "session_id": one.id, "client_id": one.client_id, "user_id": one.user_id}
            | {"created_at": now, "tries": 0, "next_try_at": now}
            for one in sessions
            if one.client_id in listening
        ]
        if rows:
            await self.session.execute(insert(LogoutNotice).values(rows).on_conflict_do_nothing())
        return bool(rows)

    async def remove(self, notice_id: UUID) -> None:
        """It was heard, or is tried no more."""
        gone = delete(LogoutNotice).where(LogoutNotice.id == notice_id)
        await self.session.execute(gone, execution_options={"synchronize_session": False})
