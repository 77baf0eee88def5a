"""The Stripe sandbox as one ASGI app, to be mounted at /sandbox/stripe, with what runs beside it."""

from dataclasses import asdict

import orjson
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from estuary.sandbox.loops import Loop
from estuary.sandbox.settings import SandboxSettings
from estuary.sandbox.stripe.api import StripeApi, cors
from estuary.sandbox.stripe.balance import open_balance
from estuary.sandbox.stripe.call_faults import CallFaults
from estuary.sandbox.stripe.faults import Faults, Webhooks
from estuary.sandbox.stripe.happen import Happening
from estuary.sandbox.stripe.hosted import HostedPages
from estuary.sandbox.stripe.keys import FORGET_OLD
from estuary.sandbox.stripe.sender import Sender
from estuary.sandbox.stripe.steps import Steps
from estuary.sandbox.stripe.work import Object, Work
from shared.database.session import Database
from shared.records.clock import machine_now


class Stripe:
    """The API, the hosted pages, the webhook sender and the loop of what happens by itself."""

    def __init__(self, db: Database, settings: SandboxSettings) -> None:
        """Opens nothing until `start`."""
        self.db, self.settings = db, settings
        self.webhooks = Webhooks(settings.webhook_events)
        self.call_faults = CallFaults(db)
        self.sender = Sender(db, settings.webhooks_to, settings.webhook_secret)
        self.steps = Loop("sandbox.steps", Steps(db, settings, self.webhooks, self.sender.loop.wake).tick)
        self.app = self._app()

    def _app(self) -> Starlette:
        api = StripeApi(self.db, self.settings, self.webhooks, self.call_faults, self._written)
        hosted = HostedPages(self.db, self.settings, self.webhooks, self._written)
        routes = [
            Route("/v1/{path:path}", api.__call__, methods=["GET", "POST", "DELETE"]),
            Route("/v1/{path:path}", _preflight, methods=["OPTIONS"]),
        ]
        for path, page in (
            ("/onboarding/{account}/{token}", hosted.onboarding),
            ("/authenticate/{intent}/{token}", hosted.authenticate),
        ):
            routes += [Route(path, page, methods=["GET"]), Route(f"{path}/", page, methods=["GET"])]
        app = Starlette(routes=routes)
        app.router.redirect_slashes = False
        return app

    async def start(self) -> None:
        """Loads the faults, opens the balance, starts sending."""
        async with self.db.transaction() as session:
            stored = await session.scalar(FAULTS)
            self.webhooks.faults = Faults(**orjson.loads(stored)) if stored else Faults()
            await self.call_faults.load(session)
            work = Work(session, self.settings, self.webhooks)
            await open_balance(work)
            await work.write()
            await session.execute(FORGET_OLD, {"now": machine_now()})
        await self.sender.start()
        self.steps.start()

    async def stop(self) -> None:
        """Stops what `start` started."""
        await self.steps.stop()
        await self.sender.stop()

    async def set_faults(self, faults: Faults) -> None:
        """From now on webhooks misbehave in this way, also after a restart."""
        async with self.db.autocommit() as session:
            await session.execute(SET_FAULTS, {"value": orjson.dumps(asdict(faults)).decode()})
        self.webhooks.faults = faults

    async def happen(self, happening: Happening) -> Object | None:
        """Has that happen, with its webhooks; what came of it. Raises StripeError when the state does not allow it."""
        async with self.db.transaction() as session:
            work = Work(session, self.settings, self.webhooks)
            made = await happening.happen(work)
            await work.write()
        self._written(work)
        return made

    def _written(self, work: Work) -> None:
        if work.deliveries:
            self.sender.loop.wake()
        if work.steps:
            self.steps.wake()


async def _preflight(request: Request) -> Response:
    return Response(status_code=204, headers=cors(request))


FAULTS = text("select value::text from settings where name = 'webhook_faults'")
SET_FAULTS = text(
    """
    insert into settings (name, value) values ('webhook_faults', cast(cast(:value as text) as jsonb))
    on conflict (name) do update set value = excluded.value
    """
)
