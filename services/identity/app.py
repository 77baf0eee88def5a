"""identity's wiring."""

from fastapi import FastAPI

from services.identity.consumers import CONSUMERS
from services.identity.demo import demand_no_demo_accounts
from services.identity.jobs import JOBS
from services.identity.keys import Keyring, derived_key
from services.identity.passwords import Passwords
from services.identity.routes import admin, auth, internal, root
from services.identity.runtime import IdentityRuntime
from services.identity.settings import IdentitySettings
from shared.runtime import Runtime
from shared.web.app import build


def create_app(runtime: Runtime) -> FastAPI:
    """The identity service over these surroundings; its first start makes the first signing key."""
    settings = IdentitySettings.of(runtime.env)
    runtime.db.info["settings"] = settings
    secret = settings.secret.get_secret_value()
    own = IdentityRuntime.of(
        runtime,
        settings=settings,
        passwords=Passwords(settings),
        keyring=Keyring(secret),
        refresh_key=derived_key(secret, "estuary identity refresh tokens"),
    )

    async def check_accounts() -> None:
        if not settings.stand_ins:
            async with own.db.read() as session:
                await demand_no_demo_accounts(session)

    async def make_first_key() -> None:
        await own.keyring.signer(own.db)

    return build(
        own,
        title="Estuary identity",
        routers=[auth, root, admin, internal],
        consumers=CONSUMERS,
        jobs=JOBS,
        on_start=[check_accounts, make_first_key],
    )
