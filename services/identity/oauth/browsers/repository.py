"""SQL of browsers and of the sessions of apps."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import contains_eager

from services.identity.accounts.models import User
from services.identity.oauth.browsers.models import AppSession, Browser
from services.identity.sessions.domain import SessionKind, fingerprint
from services.identity.sessions.models import SignInSession
from shared.database.repository import Repository
from shared.records.clock import machine_now

PLAIN = {"synchronize_session": False}


class Browsers(Repository):
    """Browsers that are signed in."""

    async def add(self, session_id: UUID, cookie: str) -> None:
        """The browser with that cookie has that session from now on."""
        self.session.add(Browser(session_id=session_id, hash=fingerprint(cookie)))
        await self.session.flush()

    async def find(self, cookie: str) -> SignInSession | None:
        """The session of the browser with that cookie, with its account, if both can be used."""
        query = _usable().join(Browser, Browser.session_id == SignInSession.id)
        return await self.session.scalar(query.where(Browser.hash == fingerprint(cookie)))

    async def remove(self, session_id: UUID) -> None:
        """The cookie opens nothing any more."""
        gone = delete(Browser).where(Browser.session_id == session_id)
        await self.session.execute(gone, execution_options=PLAIN)


class AppSessions(Repository):
    """Sessions of apps."""

    async def add(self, session_id: UUID, browser_id: UUID | None, *, is_offline: bool) -> None:
        """Stores what a new one came of."""
        self.session.add(AppSession(session_id=session_id, browser_id=browser_id, is_offline=is_offline))
        await self.session.flush()

    async def find_same(self, browser_id: UUID, client_id: UUID, scopes: Sequence[str]) -> SignInSession | None:
        """A live one of that browser, client and scopes that ends with the browser's sign-in; locked."""
        query = (
            select(SignInSession)
            .join(AppSession, AppSession.session_id == SignInSession.id)
            .where(
                AppSession.browser_id == browser_id,
                AppSession.is_offline.is_(False),
                SignInSession.client_id == client_id,
                SignInSession.scopes == list(scopes),
                SignInSession.ended_at.is_(None),
                SignInSession.expires_at > machine_now(),
            )
        )
        return await self.session.scalar(query.order_by(SignInSession.id).limit(1).with_for_update(of=SignInSession))

    async def of_browser(self, browser_id: UUID) -> Sequence[tuple[SignInSession, bool]]:
        """The live sessions of apps in that browser, and whether each is offline; locked in the order of their ids."""
        query = (
            select(SignInSession, AppSession.is_offline)
            .join(AppSession, AppSession.session_id == SignInSession.id)
            .where(AppSession.browser_id == browser_id, SignInSession.ended_at.is_(None))
            .order_by(SignInSession.id)
            .with_for_update(of=SignInSession)
        )
        return [(row[0], row[1]) for row in await self.session.execute(query)]

    async def browser_of(self, session_id: UUID) -> SignInSession | None:
        """The live session of the browser in which that session of an app was allowed."""
        query = select(SignInSession).join(AppSession, AppSession.browser_id == SignInSession.id)
        live = SignInSession.ended_at.is_(None)
        return await self.session.scalar(query.where(AppSession.session_id == session_id, live))

    async def is_in(self, session_id: UUID, browser_id: UUID) -> bool:
        """Whether that session of an app, ended or not, was allowed in that browser."""
        own = (AppSession.session_id == session_id, AppSession.browser_id == browser_id)
        return await self.session.scalar(select(AppSession.session_id).where(*own)) is not None

    async def find_in_browser(self, session_id: UUID) -> SignInSession | None:
        """That session of an app, if it was allowed in a browser; ended or not."""
        query = select(SignInSession).join(AppSession, AppSession.session_id == SignInSession.id)
        in_browser = AppSession.browser_id.is_not(None)
        return await self.session.scalar(query.where(SignInSession.id == session_id, in_browser))

    async def find_live(self, session_id: UUID) -> SignInSession | None:
        """That session of an app, with its account, if both can be used."""
        query = _usable().where(SignInSession.id == session_id, SignInSession.kind == SessionKind.APP)
        return await self.session.scalar(query)

    async def move(self, old: UUID, new: UUID) -> None:
        """The sessions of apps in a browser that signed in anew."""
        moved = update(AppSession).where(AppSession.browser_id == old).values(browser_id=new)
        await self.session.execute(moved, execution_options=PLAIN)


def _usable() -> Select[SignInSession]:
    """Live sessions, each with its account, which is neither closed nor suspended."""
    return (
        select(SignInSession)
        .join(SignInSession.user)
        .where(
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > machine_now(),
            User.deactivated_at.is_(None),
            User.suspended_at.is_(None),
        )
        .options(contains_eager(SignInSession.user))
    )
