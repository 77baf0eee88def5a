from base64 import b64encode

import pytest

from services.identity.accounts.errors import ReservedAddress
from services.identity.app import create_app
from services.identity.staff import service as staff
from services.identity.tests.conftest import CHEAP, PASSWORD, registration
from shared.settings import SettingsError

REAL = {**CHEAP, "ESTUARY_STAND_INS": "false", "IDENTITY_KEYS": f"one:{b64encode(bytes(32)).decode()}"}


class TestRealSettings:
    async def test_the_addresses_of_the_demo_cannot_be_taken(self, runtime_for, client_for):
        app = create_app(await runtime_for("identity", env=REAL))
        body = registration("Client@Estuary.example")
        answer = await client_for(app).post("/api/v1/auth/register/", json=body)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "reserved_address")
        with pytest.raises(ReservedAddress):
            async with app.state.runtime.db.transaction() as session:
                await staff.create_staff(session, app.state.runtime.settings, "staff@estuary.example", PASSWORD)

    async def test_a_database_of_the_demo_is_refused_at_start(self, runtime_for):
        runtime = await runtime_for("identity", env=CHEAP)
        app = create_app(runtime)
        async with runtime.db.transaction() as session:
            await staff.seed_staff(session, app.state.runtime.settings, "staff@estuary.example", PASSWORD)
        async with app.router.lifespan_context(app):
            pass
        runtime.env.update(REAL)
        real = create_app(runtime)
        with pytest.raises(SettingsError, match="DATABASE_URL: holds accounts of the demo"):
            async with real.router.lifespan_context(real):
                pass
