"""Health, metrics and the documents that the gateway serves itself."""

import asyncio

import pytest
from fastapi import FastAPI

from gateway.pages import CHECKED_FOR


def service(ready: list[bool]) -> FastAPI:
    app = FastAPI()

    @app.get("/health/ready")
    async def health() -> dict[str, str]:
        if not ready[0]:
            raise RuntimeError("not yet")
        return {"status": "ok"}

    return app


class TestHealth:
    async def test_live_asks_nobody(self, gateway, client_of):
        assert (await client_of(gateway({"booking": service([False])})).get("/health/live/")).status_code == 200

    async def test_ready_waits_for_all_services_once_and_then_speaks_for_itself(self, gateway, client_of):
        ready, other = [False], [True]
        client = client_of(gateway({"booking": service(ready), "catalog": service(other)}))
        waiting = await client.get("/health/ready")
        assert waiting.status_code == 503
        assert waiting.json()["services"] == {"booking": "no answer", "catalog": "ready"}
        ready[0] = True
        await asyncio.sleep(2 * CHECKED_FOR)
        assert (await client.get("/health/ready")).status_code == 200
        ready[0] = False
        assert (await client.get("/health/ready")).status_code == 200
        await asyncio.sleep(2 * CHECKED_FOR)
        assert (await client.get("/health")).status_code == 503

    @pytest.mark.parametrize("path", ["/health", "/health/live", "/openapi.json", "/docs"])
    async def test_only_get_and_head(self, gateway, client_of, path):
        response = await client_of(gateway()).post(path)
        assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")
        assert response.json()["code"] == "method_not_allowed"
        assert (await client_of(gateway({})).head(path)).content == b""


class TestDocs:
    @pytest.mark.parametrize("path", ["/docs", "/docs/", "/docs/docs.js", "/docs/docs.css"])
    async def test_the_page_loads_nothing_from_elsewhere(self, gateway, client_of, path):
        response = await client_of(gateway({})).get(path)
        assert response.status_code == 200
        assert "//cdn" not in response.text
        assert "https://" not in response.text
        assert response.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
