"""Who may read the gateway's metrics: they tell of the business."""

import httpx2
import pytest


@pytest.mark.parametrize(
    ("address", "headers", "env", "status"),
    [
        ("127.0.0.1", {}, {}, 200),
        ("10.2.3.4", {}, {}, 200),
        ("fd00::7", {}, {}, 200),
        ("8.8.8.8", {}, {}, 404),
        ("2a00::7", {}, {}, 404),
        ("8.8.8.8", {}, {"GATEWAY_METRICS": "all"}, 200),
        ("10.2.3.4", {"x-forwarded-for": "8.8.8.8"}, {}, 404),  # through a proxy that nobody told us of
        ("10.2.3.4", {"x-forwarded-for": "8.8.8.8"}, {"GATEWAY_TRUSTED_HOPS": "1"}, 404),
        ("10.2.3.4", {}, {"GATEWAY_TRUSTED_HOPS": "1"}, 200),
        ("not an address", {}, {}, 404),
    ],
)
async def test_metrics_are_for_the_neighbourhood(gateway, address, headers, env, status):
    transport = httpx2.ASGITransport(gateway(**env), client=(address, 5000))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/metrics", headers=headers)).status_code == status
        assert (await client.get("/health/live", headers=headers)).status_code == 200
