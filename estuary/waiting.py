"""Work that was tried in vain and will be tried again: what it is, when, and why it waits."""

from collections.abc import Sequence

from estuary.run.postgres import open_migrated
from estuary.settings import EstuarySettings
from services.booking.cancellations.models import Cancellation
from services.booking.checkout.models import Checkout
from services.booking.fee_terms.models import Fee
from services.booking.passes.models import Pass
from services.booking.rooms.models import RoomClosure
from services.identity.erasures.models import Erasure
from services.identity.exports.models import Export
from services.identity.oauth.notices.models import LogoutNotice
from services.identity.social.models import ProviderToken
from services.notifications.channels.mail.models import Mail
from services.payments.billing.models import CardOffer
from services.payments.orders.models import Order
from services.payments.payouts.models import Payout, PayoutAccount
from services.payments.refunds.models import Refund
from services.payments.subscriptions.models import Subscription
from services.payments.vault.models import Customer, Detachment, Setup
from services.payments.webhooks.models import StripeEvent
from services.streams.tiers.models import PlanUpdate
from shared.database.migrate import role_of
from shared.database.session import Database
from shared.records.clock import SystemClock
from shared.work.attempts import Retried, count_retried, due_text, retried

SHOWN = 50
RETRIED: dict[str, Sequence[type[Retried]]] = {
    "booking": [Checkout, Cancellation, Pass, RoomClosure, Fee],
    "payments": [
        *(StripeEvent, Order, Refund, Payout, PayoutAccount),
        *(Customer, Setup, Detachment, Subscription, CardOffer),
    ],
    "notifications": [Mail],
    "streams": [PlanUpdate],
    "identity": [ProviderToken, Export, Erasure, LogoutNotice],
}


async def show(settings: EstuarySettings) -> None:
    """Prints a line for each row, at most fifty of a table, those whose turn is next first; then how many there are."""
    count = 0
    async with open_migrated(settings, list(RETRIED)) as url:
        for schema, models in RETRIED.items():
            count += await _show_schema(url, schema, models)
    print(f"{count} are tried again")


async def _show_schema(url: str, schema: str, models: Sequence[type[Retried]]) -> int:
    db, count = Database(url, schema=schema, clock=SystemClock(), role=role_of(schema), pool_size=1), 0
    try:
        for model in models:
            async with db.read() as session:
                number, rows = await count_retried(session, model), await retried(session, model, SHOWN)
            count += number
            for row in rows:
                print(_line(schema, row))
            if number > len(rows):
                print(f"{schema:<13} {number - len(rows)} more of {model.__name__}")
    finally:
        await db.close()
    return count


def _line(schema: str, row: Retried) -> str:
    return f"{schema:<13} {row}  {row.tries} tries, {due_text(row)}\n    {row.last_error}"
