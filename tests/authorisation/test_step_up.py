"""With a second factor on, what moves money out and what staff confirm ask for its use of late; else nothing does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from devtools.testing.callers import KEY
from shared.auth.token_signing import Proof, sign_access_token
from shared.records.clock import machine_now
from shared.records.ids import new_id
from tests.authorisation.access import ROLES, Row
from tests.authorisation.market import Market
from tests.authorisation.rows import ROWS

API = "/api/v1"
MONEY = {
    ("POST", f"{API}/practitioner/payouts/request"): "practitioner",
    ("POST", f"{API}/practitioner/payouts/account"): "practitioner",
    ("POST", f"{API}/credits/transfer"): "client",
}


def demanding() -> Iterator[tuple[str, Row, str]]:
    """Service, row, and somebody who may."""
    for service, rows in ROWS.items():
        for row in rows:
            if row.confirmed or row.operation in MONEY:
                yield service, row, MONEY.get(row.operation, "superuser")


@contextmanager
def proven(market: Market, caller: str, proof: Proof) -> Iterator[None]:
    """The caller's token says that, for a while."""
    former, is_practitioner = market.tokens[caller], caller == "practitioner"
    market.tokens[caller] = sign_access_token(
        KEY,
        user_id=UUID(market.objects[f"{caller}_user_id"]),
        roles=ROLES[caller],
        practitioner_id=UUID(market.objects["practitioner_id"]) if is_practitioner else None,
        session_id=new_id(),
        now=machine_now(),
        lifetime=timedelta(hours=1),
        proof=proof,
    )
    yield
    market.tokens[caller] = former


async def statuses(market: Market, proof: Proof) -> dict[str, int]:
    """The answer to each of them with such a token."""
    found = {}
    for service, row, caller in demanding():
        if row.fresh:
            await market.renew(row.fresh)
        with proven(market, caller, proof):
            found[f"{row.method} {row.path}"] = await market.status(service, row, caller)
    return found


async def test_an_old_use_and_a_password_alone_are_refused(market: Market):
    now = machine_now()
    for proof in (Proof(now - timedelta(minutes=6), "aal2", factors=["totp"]), Proof(now, "aal1", factors=["totp"])):
        found = await statuses(market, proof)
        assert len(found) > len(MONEY)
        assert {name: status for name, status in found.items() if status != 403} == {}


async def test_a_use_of_late_passes_and_without_a_factor_nothing_is_asked(market: Market):
    old = machine_now() - timedelta(hours=1)
    for proof in (Proof(machine_now(), "aal2", factors=["totp"]), Proof(old)):
        assert {name: status for name, status in (await statuses(market, proof)).items() if status == 403} == {}


async def test_staff_that_need_a_factor_are_refused_under_admin_whatever_they_do(market: Market):
    with proven(market, "superuser", Proof(machine_now(), needs_factor=True)):
        for service, rows in ROWS.items():
            for row in rows:
                if row.path.startswith(f"{API}/admin/") and row.access["superuser"] == 0:
                    if row.fresh:
                        await market.renew(row.fresh)
                    assert await market.status(service, row, "superuser") == 403, row.path
