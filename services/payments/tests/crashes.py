"""Payments whose process dies at a chosen commit, or call to Stripe, and is started again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import stripe

from devtools.testing.crashes import Crashes, CrashingDatabase
from services.payments.app import create_app
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe.gateway import StripeGateway
from shared.runtime import Runtime


class CrashingConnection(stripe.AIOHTTPClient):
    """Each request is three points: before it, its answer lost (which the process survives), and after it."""

    def __init__(self, crashes: Crashes, **given: Any) -> None:
        super().__init__(**given)
        self.crashes = crashes

    async def request_async(self, method: str, url: str, *given: Any, **more: Any) -> Any:
        name = f"{method} {'/'.join(urlsplit(url).path.split('/')[4:5])}"
        self.crashes.may_die(f"before {name}")
        answer = await super().request_async(method, url, *given, **more)
        if self.crashes.passes(f"lost answer of {name}"):
            raise stripe.APIConnectionError("The answer was lost.", should_retry=False)
        self.crashes.may_die(f"after {name}")
        return answer


def crashing_app(runtime: Runtime, crashes: Crashes) -> Any:
    """Payments over that runtime's database, which dies as `crashes` says; the SDK repeats no call by itself."""
    app = create_app(replace(runtime, db=CrashingDatabase(runtime.db, crashes)))
    made: PaymentsRuntime = app.state.runtime
    stripe_gateway = StripeGateway(
        made.settings.stripe_secret_key,
        api_base=made.settings.stripe_api_base,
        return_url=made.settings.return_url,
        connect=partial(CrashingConnection, crashes),
        retries=0,
    )
    app.state.runtime = PaymentsRuntime.of(
        made, stripe=stripe_gateway, settings=made.settings, card_users=made.card_users
    )
    return app


@asynccontextmanager
async def crashing(runtime: Runtime, crashes: Crashes) -> AsyncIterator[Any]:
    """The same, whose connections are closed at the end."""
    app = crashing_app(runtime, crashes)
    yield app
    await app.state.runtime.stripe.close()
    await app.state.runtime.db.close()
