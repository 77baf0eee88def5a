"""SQL of customers, cards and setups."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from services.payments.vault.domain import SetupStatus
from services.payments.vault.models import Customer, Detachment, PaymentMethod, Setup
from shared.database.erasure import may_store
from shared.database.listing import Found, ListOf, Page
from shared.database.repository import Repository, found
from shared.errors import NotFound, PaymentMethodRequired
from shared.records.clock import machine_now
from shared.work.attempts import REQUEST_LEASE

# How long after it was made or changed a setup is looked at; webhooks are what normally tells.
LOOK_AFTER = timedelta(seconds=60)
RETENTION = timedelta(days=30)
LIST = ListOf(PaymentMethod, {"created_at": PaymentMethod.created_at}, last=PaymentMethod.id.desc())


class Customers(Repository):
    """Users as Stripe's customers."""

    async def ensure(self, user_id: UUID) -> Customer:
        """The user's row, made if it is missing, and locked; NotFound for somebody who is erased."""
        if not await may_store(self.session, user_id):
            raise NotFound
        values = {
            "user_id": user_id,
            "attempt": 1,
            "leaving": False,
            "created_at": self.session.now(),
            "tries": 0,
            "next_try_at": machine_now() + REQUEST_LEASE,
        }
        await self.session.execute(insert(Customer).values(values).on_conflict_do_nothing())
        return found(await self.lock(user_id))

    async def find(self, user_id: UUID) -> Customer | None:
        """The user's row as it is now, or None."""
        return await self.session.get(Customer, user_id, populate_existing=True)

    async def stripe_id_of(self, user_id: UUID) -> str | None:
        """Stripe's id of the user's customer, or None where there is none so far."""
        return await self.session.scalar(select(Customer.stripe_customer_id).where(Customer.user_id == user_id))

    async def lock(self, user_id: UUID) -> Customer | None:
        """The same, locked: under it the user's cards change."""
        mine = select(Customer).where(Customer.user_id == user_id).with_for_update(key_share=True)
        return await self.session.scalar(mine.execution_options(populate_existing=True))

    async def note(self, user_id: UUID, stripe_customer_id: str) -> str:
        """Keeps the id unless there is one; answers which one is kept. NotFound where the user was erased meanwhile."""
        kept = func.coalesce(Customer.stripe_customer_id, stripe_customer_id)
        mine = update(Customer).where(Customer.user_id == user_id)
        noted = mine.values(stripe_customer_id=kept, last_error=None).returning(Customer.stripe_customer_id)
        return str(found(await self.session.scalar(noted)))

    async def spend_key(self, user_id: UUID, attempt: int) -> int:
        """The key of that attempt is not sent again; answers the number of the next one."""
        spent = update(Customer).where(Customer.user_id == user_id, Customer.attempt == attempt)
        await self.session.execute(spent.values(attempt=attempt + 1))
        return found(await self.find(user_id)).attempt

    async def lose(self, stripe_customer_id: str) -> None:
        """Stripe has that customer no more, nor their cards; another one is made. Of who is erased nothing changes."""
        gone = update(Customer).where(Customer.stripe_customer_id == stripe_customer_id, ~Customer.leaving)
        anew = {"stripe_customer_id": None, "attempt": Customer.attempt + 1, "next_try_at": machine_now(), "tries": 0}
        user_id = await self.session.scalar(gone.values(anew).returning(Customer.user_id))
        await self.session.execute(delete(PaymentMethod).where(PaymentMethod.user_id == user_id))

    async def leave(self, user_id: UUID) -> None:
        """From here on nothing is saved for the user, and Stripe's customer is deleted."""
        gone = update(Customer).where(Customer.user_id == user_id, ~Customer.leaving)
        await self.session.execute(gone.values(leaving=True, tries=0, next_try_at=machine_now()))

    async def remove(self, user_id: UUID) -> None:
        """Stripe has deleted the customer."""
        await self.session.execute(delete(Customer).where(Customer.user_id == user_id, Customer.leaving))


class PaymentMethods(Repository):
    """Saved cards; whoever adds, changes or removes one has the lock of the customer."""

    async def of(self, user_id: UUID) -> Sequence[PaymentMethod]:
        """All of the user's, newest first."""
        mine = select(PaymentMethod).where(PaymentMethod.user_id == user_id)
        newest = mine.order_by(PaymentMethod.created_at.desc(), PaymentMethod.id.desc())
        return (await self.session.scalars(newest.execution_options(populate_existing=True))).all()

    async def list(self, user_id: UUID, page: Page) -> Found[PaymentMethod]:
        """The user's own, newest first unless asked otherwise, and how many."""
        return await LIST.page(self.session, select(PaymentMethod).where(PaymentMethod.user_id == user_id), page)

    async def chargeable(self, user_id: UUID, method_id: UUID | None) -> PaymentMethod:
        """The user's card of that id, or the default one; raises NotFound, or PaymentMethodRequired."""
        wanted = PaymentMethod.is_default if method_id is None else PaymentMethod.id == method_id
        method = await self.session.scalar(select(PaymentMethod).where(PaymentMethod.user_id == user_id, wanted))
        if method is None and method_id is None:
            raise PaymentMethodRequired
        if method is None:
            raise NotFound("There is no such card.", field="payment_method_id")
        return method

    async def find(self, method_id: UUID) -> PaymentMethod | None:
        """The card of that id, whoever has it, or None."""
        return await self.session.get(PaymentMethod, method_id)

    async def owner_of(self, stripe_id: str) -> UUID | None:
        """Whose card Stripe's object is, or None."""
        return await self.session.scalar(select(PaymentMethod.user_id).where(PaymentMethod.stripe_id == stripe_id))


class Setups(Repository):
    """Tries to save a card."""

    async def add(self, setup_id: UUID, user_id: UUID, payment_method: str | None) -> Setup:
        """Notes the try before Stripe is asked; the same again answers it as it is."""
        values = {
            "id": setup_id,
            "user_id": user_id,
            "payment_method": payment_method,
            "status": SetupStatus.REQUIRES_PAYMENT_METHOD,
            "created_at": self.session.now(),
            "tries": 0,
            "next_try_at": machine_now() + LOOK_AFTER,
        }
        await self.session.execute(insert(Setup).values(values).on_conflict_do_nothing())
        return found(await self.find(setup_id))

    async def count_open(self, user_id: UUID, *, besides: UUID) -> int:
        """How many others of the user's wait for them; not those of a named card that are on their way to Stripe."""
        waits = or_(Setup.payment_method.is_(None), Setup.stripe_setup_id.is_not(None))
        others = (Setup.user_id == user_id, Setup.id != besides, Setup.waiting(), waits)
        return int(await self.session.scalar(select(func.count()).select_from(Setup).where(*others)) or 0)

    async def find(self, setup_id: UUID, *, lock: bool = False) -> Setup | None:
        """The setup as it is now, or None."""
        chosen = select(Setup).where(Setup.id == setup_id).execution_options(populate_existing=True)
        return await self.session.scalar(chosen.with_for_update(key_share=True) if lock else chosen)

    async def remove(self, setup_id: UUID) -> None:
        """Stripe has made none of it."""
        await self.session.execute(delete(Setup).where(Setup.id == setup_id, Setup.stripe_setup_id.is_(None)))

    async def forget(self, now: datetime) -> int:
        """Deletes those that ended more than thirty days ago of business time; returns how many."""
        old = delete(Setup).where(Setup.next_try_at.is_(None), Setup.created_at < now - RETENTION)
        return len((await self.session.scalars(old.returning(Setup.id))).all())


class Detachments(Repository):
    """Cards that are to be taken off their customer at Stripe."""

    async def add(self, stripe_id: str, user_id: UUID) -> None:
        """From here on the object is nobody's; a job takes it off the customer."""
        values = {
            "stripe_id": stripe_id,
            "user_id": user_id,
            "created_at": self.session.now(),
            "tries": 0,
            "next_try_at": machine_now(),
        }
        await self.session.execute(insert(Detachment).values(values).on_conflict_do_nothing())
        self.session.wake_jobs_after_commit("detach_cards")

    async def has(self, stripe_id: str) -> bool:
        """Whether the object is one of them, done or not."""
        return await self.session.get(Detachment, stripe_id) is not None

    async def done(self, stripe_id: str) -> None:
        """Stripe has taken it off."""
        theirs = update(Detachment).where(Detachment.stripe_id == stripe_id)
        done = {"detached_at": self.session.now(), "next_try_at": None, "last_error": None}
        await self.session.execute(theirs.values(done))

    async def forget(self, now: datetime) -> int:
        """Deletes those that were done more than thirty days ago of business time; returns how many."""
        old = delete(Detachment).where(Detachment.detached_at < now - RETENTION)
        return len((await self.session.scalars(old.returning(Detachment.stripe_id))).all())
