"""The wiring of payments: routes, reactions to events, periodic work, Stripe."""

from datetime import timedelta
from functools import partial

from fastapi import FastAPI

from services.payments import erasure, privacy
from services.payments.billing import jobs as billing_jobs
from services.payments.billing.bills import subscription_paid
from services.payments.billing.cards import SubscriptionCards
from services.payments.billing.routes import admin as subscriptions_admin
from services.payments.billing.routes import internal as access_internal
from services.payments.billing.routes import of_streams as tier_subscriptions_internal
from services.payments.billing.routes import router as subscriptions_router
from services.payments.credits import jobs as credits_jobs
from services.payments.credits.routes import router as credits_router
from services.payments.earnings import consumers as earnings_consumers
from services.payments.earnings import jobs as earnings_jobs
from services.payments.earnings.accrual import earn
from services.payments.earnings.routes import router as earnings_router
from services.payments.install.service import keep_currency
from services.payments.orders import jobs as orders_jobs
from services.payments.orders.domain import EARNS_AT_PAYMENT, OrderKind
from services.payments.orders.fulfilment import AFTER_PAYMENT, NOT_CAPTURED
from services.payments.orders.routes import internal as orders_internal
from services.payments.orders.routes import purchase_router
from services.payments.orders.routes import router as orders_router
from services.payments.payouts import consumers as payouts_consumers
from services.payments.payouts import jobs as payouts_jobs
from services.payments.payouts.routes import internal as payouts_internal
from services.payments.payouts.routes import router as payouts_router
from services.payments.people import consumers as people_consumers
from services.payments.plans.routes import router as plans_router
from services.payments.plans.service import seed_plans
from services.payments.reconciliation import jobs as reconciliation_jobs
from services.payments.refunds import jobs as refunds_jobs
from services.payments.refunds.routes import public as order_detail_router
from services.payments.refunds.routes import router as refunds_router
from services.payments.refunds.sync import not_captured
from services.payments.runtime import PaymentsRuntime
from services.payments.settings import PaymentsSettings
from services.payments.stripe.gateway import StripeGateway
from services.payments.vault import jobs as vault_jobs
from services.payments.vault.routes import router as vault_router
from services.payments.webhooks import jobs as webhooks_jobs
from services.payments.webhooks.routes import router as webhooks_router
from shared.events.base import Consumers
from shared.runtime import Runtime
from shared.web.app import build


def create_app(runtime: Runtime) -> FastAPI:
    """The payments service; raises SettingsError where its settings cannot be used."""
    settings = PaymentsSettings.of(runtime.env)
    stripe = StripeGateway(
        settings.stripe_secret_key, api_base=settings.stripe_api_base, return_url=settings.return_url
    )
    return build(
        PaymentsRuntime.of(runtime, stripe=stripe, settings=settings, card_users=(SubscriptionCards(),)),
        title="Estuary payments",
        routers=ROUTERS,
        consumers=consumers(timedelta(hours=settings.hold_hours)),
        privacy=privacy.PRIVACY,
        jobs=JOBS,
        on_start=[
            partial(keep_currency, runtime.db, settings.currency),
            partial(seed_plans, runtime.db, settings.currency),
        ],
        on_stop=[stripe.close],
    )


def consumers(hold: timedelta) -> Consumers:
    """All reactions to events; what a booking earned can be paid out `hold` after it is over."""
    return {
        **earnings_consumers.consumers(hold),
        **people_consumers.CONSUMERS,
        **payouts_consumers.CONSUMERS,
        **erasure.CONSUMERS,
        **privacy.CONSUMERS,
    }


ROUTERS = [
    orders_router,
    order_detail_router,
    purchase_router,
    orders_internal,
    vault_router,
    credits_router,
    webhooks_router,
    earnings_router,
    payouts_router,
    payouts_internal,
    refunds_router,
    plans_router,
    subscriptions_router,
    subscriptions_admin,
    access_internal,
    tier_subscriptions_internal,
]
AFTER_PAYMENT.update(dict.fromkeys(EARNS_AT_PAYMENT, earn) | {OrderKind.SUBSCRIPTION: subscription_paid})
NOT_CAPTURED.append(not_captured)
# Which events are consumed; an app has them with the period of its settings.
CONSUMERS = consumers(timedelta(0))
JOBS = {
    **orders_jobs.JOBS,
    **vault_jobs.JOBS,
    **credits_jobs.JOBS,
    **webhooks_jobs.JOBS,
    **earnings_jobs.JOBS,
    **payouts_jobs.JOBS,
    **refunds_jobs.JOBS,
    **reconciliation_jobs.JOBS,
    **billing_jobs.JOBS,
}
