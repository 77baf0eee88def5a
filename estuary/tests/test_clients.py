"""What a process asks identity for, and how often for how much."""

import httpx2

from estuary.run.clients import make_verifier_and_clients
from estuary.run.service_keys import derived
from shared.auth.token_signing import new_key
from shared.records.ids import new_id


async def test_of_revoked_sessions_only_the_new_ones_are_asked_for():
    asked, key = list[str](), new_key().as_dict(private=False)

    def identity(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/.well-known/jwks.json":
            return httpx2.Response(200, json={"keys": [key]})
        asked.append(request.url.raw_path.decode())
        until = f"2026-12-01T10:00:0{len(asked)}Z"
        return httpx2.Response(200, json={"session_ids": [str(new_id())], "until": until})

    verifier, peers = make_verifier_and_clients(
        derived("gateway", "k" * 32), {"identity": httpx2.MockTransport(identity)}
    )
    for _ in range(3):
        await verifier.refresh()
    await peers.close()
    path = "/internal/revoked-sessions/"
    assert asked == [path, f"{path}?since=2026-12-01T10:00:01Z", f"{path}?since=2026-12-01T10:00:02Z"]
    assert len(verifier._revoked) == 3
