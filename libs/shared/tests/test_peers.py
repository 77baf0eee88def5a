"""What a peer's refusal means: of the user it is passed on, of the service that asks it says nothing of the user."""

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from devtools.testing.callers import service_tokens
from shared.errors import AppError, Unavailable
from shared.internal.catalog import SERVICE
from shared.peers import Peers
from shared.records.ids import new_id


async def ask(status: int, code: str) -> None:
    """Booking asks catalog, which refuses so."""
    app = FastAPI()

    @app.get(SERVICE.path)
    async def refuse() -> JSONResponse:
        return JSONResponse({"detail": "No.", "code": code, "errors": []}, status)

    peers = Peers({"catalog": httpx2.ASGITransport(app)}, service_tokens("booking").token)
    try:
        await peers.ask(SERVICE, service_id=new_id())
    finally:
        await peers.close()


@pytest.mark.parametrize(
    ("status", "code"), [(403, "subscription_required"), (404, "not_found"), (409, "slot_taken"), (422, "invalid")]
)
async def test_what_is_refused_to_the_user_is_passed_on(status: int, code: str):
    with pytest.raises(AppError) as refused:
        await ask(status, code)
    assert (refused.value.status, refused.value.code) == (status, code)


@pytest.mark.parametrize(("status", "code"), [(401, "unauthenticated"), (403, "caller_not_allowed"), (418, "teapot")])
async def test_what_is_refused_to_the_service_says_nothing_of_the_user(status: int, code: str):
    with pytest.raises(Unavailable):
        await ask(status, code)
