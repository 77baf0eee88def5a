"""Who may read the gateway's metrics: they tell of the business."""

import httpx2
import pytest

TOKEN = "a token of at least thirty-two characters"
STAND_INS = {"ESTUARY_STAND_INS": "true"}
WITH_TOKEN = {"authorization": f"Bearer {TOKEN}"}


@pytest.mark.parametrize(
    ("address", "headers", "env", "status"),
    [
        ("8.8.8.8", {}, {}, 404),
        ("127.0.0.1", {}, {}, 404),
        ("8.8.8.8", WITH_TOKEN, {}, 404),
        ("8.8.8.8", WITH_TOKEN, {"ESTUARY_METRICS_TOKEN": TOKEN}, 200),
        ("127.0.0.1", {}, {"ESTUARY_METRICS_TOKEN": TOKEN}, 404),
        ("8.8.8.8", {"authorization": "Bearer "}, {}, 404),
        ("8.8.8.8", {"authorization": f"Bearer {TOKEN}."}, {"ESTUARY_METRICS_TOKEN": TOKEN}, 404),
        ("127.0.0.1", {}, STAND_INS, 200),
        ("::1", {}, STAND_INS, 200),
        ("10.2.3.4", {}, STAND_INS, 404),
        ("not an address", {}, STAND_INS, 404),
        ("127.0.0.1", {"x-forwarded-for": "8.8.8.8"}, STAND_INS, 404),  # through a proxy that nobody named
        ("127.0.0.1", {"x-forwarded-for": "8.8.8.8"}, {**STAND_INS, "GATEWAY_TRUSTED_HOPS": "1"}, 404),
    ],
)
async def test_metrics_need_the_token_or_this_machine(gateway, address, headers, env, status):
    transport = httpx2.ASGITransport(gateway(**env), client=(address, 5000))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/metrics", headers=headers)).status_code == status
        assert (await client.get("/health/live", headers=headers)).status_code == 200
