"""A pass earns session by session: each by its own line, when it was delivered, used up or has lapsed (BK-2)."""

from datetime import timedelta
from uuid import UUID

from devtools.testing.callers import service_headers
from services.payments.tests.sales import earnings, ended, line, paid, usd
from services.payments.tests.scenes import Json, Market
from shared.events.booking import BookingCancelled
from shared.events.passes import PassChanged, PassHappening, PassSessionSnapshot, PassSnapshot
from shared.records.ids import new_id
from shared.records.money import Money

VALUES = (3_334, 3_333, 3_333)


def changed(
    market: Market, order_id: UUID, lines: list[Json], what: PassHappening, **of_session: object
) -> PassChanged:
    sold = PassSnapshot(
        id=new_id(),
        status="active",
        title="Three times",
        client_id=market.client_id,
        practitioner_id=market.practitioner_id,
        practitioner_user_id=new_id(),
        timezone="UTC",
        price=Money(10_000, "USD"),
        order_id=order_id,
        expires_at=market.clock.now(),
    )
    plain = {"status": "open", "booking_id": None, "ended_at": None} | of_session
    sessions = tuple(
        PassSessionSnapshot(id=each["pass_session_id"], line_id=each["id"], value=each["gross_amount"], **plain)
        for each in lines
    )
    return PassChanged(sold=sold, sessions=sessions, what=what)


async def test_a_pack_of_three_pays_out_each_session_as_it_is_delivered(market: Market) -> None:
    lines = [line(value, market.practitioner_id, pass_session_id=str(new_id())) for value in VALUES]
    sale = await paid(market, lines, "pass")
    assert await market.summary() == {}
    await market.tell(changed(market, sale.order_id, lines, "activated"))
    assert [await earnings(market, each) for each in lines] == [
        [(2_667, 667, "pending")],
        [(2_666, 667, "pending")],
        [(2_666, 667, "pending")],
    ]
    market.clock.advance(timedelta(days=30))
    await market.work()
    assert await market.summary() == {"pending": 7_999}
    await ended(market, sale, lines[0])
    market.clock.advance(timedelta(hours=24))
    await market.work()
    assert await market.summary() == {"available": 2_667, "pending": 5_332}
    await market.tell(
        BookingCancelled(
            booking=sale.booking,
            line_id=UUID(lines[1]["id"]),
            cancelled_by="client",
            reason=None,
            refund_due=Money(0, "USD"),
            kept=Money(3_333, "USD"),
            was_confirmed=True,
            cancelled_at=market.clock.now(),
        )
    )
    lapsed = changed(
        market, sale.order_id, lines[2:], "changed", status="lapsed", ended_at=market.clock.now() + timedelta(hours=1)
    )
    await market.tell(lapsed)
    market.clock.advance(timedelta(hours=24))
    await market.work()
    assert await market.summary() == {"available": 5_333, "pending": 2_666}
    market.clock.advance(timedelta(hours=1))
    await market.work()
    assert await market.summary() == {"available": 7_999}


async def test_a_returned_session_takes_its_own_line_back(market: Market) -> None:
    lines = [line(value, market.practitioner_id, pass_session_id=str(new_id())) for value in VALUES]
    sale = await paid(market, lines, "pass")
    await market.tell(changed(market, sale.order_id, lines, "activated"))
    await ended(market, sale, lines[0])
    body = {"refund_id": str(new_id()), "lines": [{"line_id": each["id"], "amount": usd(3_333)} for each in lines[1:]]}
    answer = await market.api.post(f"/internal/orders/{sale.order_id}/refunds/", json=body, headers=service_headers())
    assert answer.json()["refund"]["card"] == usd(6_666)
    assert [(await earnings(market, each))[0][2] for each in lines] == ["pending", "reversed", "reversed"]
    assert await earnings(market, lines[0]) == [(2_667, 667, "pending")]
