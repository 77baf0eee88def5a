"""SQL of factors and tickets."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.identity.factors.domain import TICKET_LIFE, UNCONFIRMED_LIFE, WRONG_PER_TICKET, Purpose
from services.identity.factors.models import Passkey, RecoveryCode, Ticket, TotpFactor
from shared.database.listing import Found, ListOf, Page
from shared.database.repository import Repository, found
from shared.records.clock import machine_now

PLAIN = {"synchronize_session": False}


class TotpFactors(Repository):
    """Authenticator apps, one for each account."""

    async def find_confirmed(self, user_id: UUID) -> TotpFactor | None:
        """The account's, if it counts."""
        own = (TotpFactor.user_id == user_id, TotpFactor.confirmed_at.is_not(None))
        return await self.session.scalar(select(TotpFactor).where(*own))

    async def find_unconfirmed(self, user_id: UUID) -> TotpFactor | None:
        """The account's, while it can be confirmed."""
        lately = TotpFactor.created_at > machine_now() - UNCONFIRMED_LIFE
        own = (TotpFactor.user_id == user_id, TotpFactor.confirmed_at.is_(None), lately)
        return await self.session.scalar(select(TotpFactor).where(*own))

    async def begin(self, user_id: UUID, secret: bytes) -> bool:
        """Stores one to be confirmed, in place of another such; False where one is confirmed."""
        fresh = {"secret": secret, "created_at": machine_now()}
        adding = upsert(TotpFactor).values(user_id=user_id, **fresh)
        replacing = adding.on_conflict_do_update(
            index_elements=[TotpFactor.user_id], set_=fresh, where=TotpFactor.confirmed_at.is_(None)
        )
        return await self.session.scalar(replacing.returning(TotpFactor.user_id)) is not None

    async def confirm(self, user_id: UUID, step: int) -> None:
        """From now on it counts, and the code of that step is used."""
        own = (TotpFactor.user_id == user_id, TotpFactor.confirmed_at.is_(None))
        confirmed = update(TotpFactor).where(*own).values(confirmed_at=machine_now(), last_step=step)
        await self.session.execute(confirmed, execution_options=PLAIN)

    async def use(self, user_id: UUID, step: int) -> bool:
        """Uses the code of that step up: of many at once one is true, and none for an older step."""
        newer = (TotpFactor.user_id == user_id, TotpFactor.last_step < step)
        used = update(TotpFactor).where(*newer).values(last_step=step).returning(TotpFactor.user_id)
        return await self.session.scalar(used, execution_options=PLAIN) is not None

    async def remove(self, user_id: UUID, since: datetime | None = None) -> bool:
        """Deletes it, or only one that was made since then; False where there was none that counts."""
        gone = delete(TotpFactor).where(TotpFactor.user_id == user_id)
        gone = gone if since is None else gone.where(TotpFactor.created_at >= since)
        confirmed = await self.session.scalars(gone.returning(TotpFactor.confirmed_at), execution_options=PLAIN)
        return any(moment is not None for moment in confirmed.all())


class RecoveryCodes(Repository):
    """Recovery codes that were not used."""

    async def count(self, user_id: UUID) -> int:
        """How many the account has left."""
        own = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id)
        return await self.session.scalar(own) or 0

    async def replace(self, user_id: UUID, hashes: Sequence[bytes]) -> None:
        """These take the place of all that there are."""
        await self.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id), execution_options=PLAIN)
        rows = [{"user_id": user_id, "hash": each, "created_at": machine_now()} for each in hashes]
        if rows:
            await self.session.execute(insert(RecoveryCode), rows)

    async def remove_all(self, user_id: UUID, since: datetime | None) -> None:
        """Deletes the account's, or only those that were made since then."""
        gone = delete(RecoveryCode).where(RecoveryCode.user_id == user_id)
        gone = gone if since is None else gone.where(RecoveryCode.created_at >= since)
        await self.session.execute(gone, execution_options=PLAIN)

    async def use(self, user_id: UUID, code_hash: bytes) -> bool:
        """Uses one up: of many at once one is true."""
        own = (RecoveryCode.user_id == user_id, RecoveryCode.hash == code_hash)
        used = delete(RecoveryCode).where(*own).returning(RecoveryCode.user_id)
        return await self.session.scalar(used, execution_options=PLAIN) is not None


OLDEST_FIRST = ListOf(Passkey, {"created_at": Passkey.created_at, "name": Passkey.name}, "created_at", last=Passkey.id)


class Passkeys(Repository):
    """Passkeys, several for each account."""

    async def page_of(self, user_id: UUID, page: Page) -> Found[Passkey]:
        """One page of the account's, oldest first unless ordered otherwise."""
        return await OLDEST_FIRST.page(self.session, select(Passkey).where(Passkey.user_id == user_id), page)

    async def list_of(self, user_id: UUID) -> Sequence[Passkey]:
        """The account's, oldest first."""
        own = select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)
        return (await self.session.scalars(own)).all()

    async def get_of(self, passkey_id: UUID, user_id: UUID) -> Passkey:
        """That account's; NotFound for another's."""
        own = (Passkey.id == passkey_id, Passkey.user_id == user_id)
        return found(await self.session.scalar(select(Passkey).where(*own)), "passkey")

    async def find(self, credential_id: bytes) -> Passkey | None:
        """The one that an authenticator calls so."""
        return await self.session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))

    async def add(self, passkey: Passkey) -> bool:
        """Stores it; False where somebody has it already."""
        columns = {column.key: getattr(passkey, column.key) for column in Passkey.__table__.columns}
        adding = upsert(Passkey).values(columns).on_conflict_do_nothing(index_elements=[Passkey.credential_id])
        return await self.session.scalar(adding.returning(Passkey.id)) is not None

    async def use(self, passkey_id: UUID, sign_count: int, *, backed_up: bool) -> bool:
        """Moves its counter on: of many with one count at once one is true. One that always says 0 has no counter."""
        moved = or_(Passkey.sign_count < sign_count, (Passkey.sign_count == 0) & (sign_count == 0))
        values = {"sign_count": sign_count, "backed_up": backed_up, "last_used_at": machine_now()}
        used = update(Passkey).where(Passkey.id == passkey_id, moved).values(values).returning(Passkey.id)
        return await self.session.scalar(used, execution_options=PLAIN) is not None

    async def remove(self, passkey: Passkey) -> None:
        """Deletes it."""
        await self.session.delete(passkey)
        await self.session.flush()

    async def remove_all(self, user_id: UUID, since: datetime | None = None) -> bool:
        """Deletes the account's, or only those that were made since then; False where there were none."""
        gone = delete(Passkey).where(Passkey.user_id == user_id)
        gone = gone if since is None else gone.where(Passkey.created_at >= since)
        return bool((await self.session.scalars(gone.returning(Passkey.id), execution_options=PLAIN)).all())


class Tickets(Repository):
    """Proofs that are under way."""

    async def add(
        self, purpose: Purpose, user_id: UUID | None, methods: Sequence[str] = (), challenge: bytes | None = None
    ) -> str:
        """Stores one; the text that is its ticket."""
        text, expires_at = token_urlsafe(32), machine_now() + TICKET_LIFE
        ticket = Ticket(hash=_hash(text), purpose=purpose, user_id=user_id, methods=list(methods), challenge=challenge)
        ticket.wrong, ticket.expires_at = 0, expires_at
        self.session.add(ticket)
        await self.session.flush()
        return text

    async def owner(self, text: str, purpose: Purpose) -> UUID | None:
        """Whose it is, used up or not."""
        known = (Ticket.hash == _hash(text), Ticket.purpose == purpose)
        return await self.session.scalar(select(Ticket.user_id).where(*known))

    async def lock(self, text: str, purpose: Purpose) -> Ticket | None:
        """The ticket, if it is good now for that purpose; locked."""
        good = (Ticket.expires_at > machine_now(), Ticket.wrong < WRONG_PER_TICKET)
        query = select(Ticket).where(Ticket.hash == _hash(text), Ticket.purpose == purpose, *good)
        return await self.session.scalar(query.with_for_update())

    async def remove(self, ticket: Ticket) -> None:
        """Uses a locked one up."""
        await self.session.delete(ticket)
        await self.session.flush()

    async def remove_all(self, user_id: UUID) -> None:
        """Ends every proof of the account that is under way."""
        await self.session.execute(delete(Ticket).where(Ticket.user_id == user_id), execution_options=PLAIN)

    async def prune(self, limit: int = 5000) -> int:
        """Deletes up to `limit` that have expired; returns how many."""
        some = select(Ticket.hash).where(Ticket.expires_at < machine_now() - timedelta(minutes=1)).limit(limit)
        gone = delete(Ticket).where(Ticket.hash.in_(some)).returning(Ticket.hash)
        return len((await self.session.scalars(gone, execution_options=PLAIN)).all())


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="replace")).digest()
