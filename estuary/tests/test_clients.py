"""What a process asks identity for, and how often for how much."""

import httpx2

from estuary.run.clients import make_verifier_and_clients
from estuary.run.service_keys import derived
from shared.auth.token_signing import new_key
from shared.records.ids import new_id


async def test_of_ended_sessions_only_the_new_ones_are_asked_for():
    asked, answer = list[str](), {"keys": [new_key().as_dict(private=False)], "read_only": True}

    def identity(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.raw_path.decode())
        until = f"2026-12-01T10:00:0{len(asked)}Z"
        return httpx2.Response(200, json=answer | {"ended_sessions": [str(new_id())], "until": until})

    verifier, peers = make_verifier_and_clients(
        derived("gateway", "k" * 32), {"identity": httpx2.MockTransport(identity)}
    )
    for _ in range(3):
        await verifier.refresh()
    await peers.close()
    path = "/internal/edge/"
    assert asked == [path, f"{path}?after=2026-12-01T10:00:01Z", f"{path}?after=2026-12-01T10:00:02Z"]
    assert (len(verifier._ended), verifier.read_only) == (3, True)
