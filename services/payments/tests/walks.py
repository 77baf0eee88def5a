"""A walk: clients, practitioners, staff, banks and Stripe act at random, while calls fail and processes die."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from devtools.testing.callers import headers_for, service_headers
from services.payments.tests.stories import usd
from services.payments.tests.test_webhooks import event_of
from services.payments.tests.walkers import Checkout, Nobody
from services.payments.tests.walks_of_services import ServiceWalker
from shared.events.booking import BookingCancelled, BookingCompleted, BookingConfirmed
from shared.records.ids import new_id
from shared.records.money import Money

FAULTS = ["refused", "rate_limited", "server_error", "timeout_after_effect", "idempotency_error"]
MOVING = ["refunds.create", "transfers.create", "transfers.reversals.create", "payouts.create"]
OLD = "update payments.provider_calls set first_sent_at = now() - interval '25 hours', last_sent_at = first_sent_at"
ENDED = "update payments.provider_calls set last_sent_at = least(last_sent_at, now() - interval '61 seconds')"


class Walk(ServiceWalker):
    """Each act is what somebody may do at any time."""

    async def step(self) -> str:
        """Somebody does something; in every sixth step the process dies somewhere. Answers what was done."""
        act = self.rng.choice(ACTS)
        dies = act is not Walk.keys_end and self.rng.random() < 1 / 6
        chosen = self.rng.randint(0, 12) if dies else None
        with self.stage.crashes.armed(chosen), suppress(Nobody):
            await act(self)
        self.counts["crashes"] += self.stage.crashes.hit is not None
        return act.__name__

    # ---- clients and booking

    async def buy_credits(self) -> None:
        who, body = headers_for(self.market.client_id), {"amount": usd(self.rng.randint(50, 9000))}
        bought = await self.ask("POST", "/api/v1/credits/purchase/", body, who)
        if bought is not None and bought.status_code == 201:
            await self.pay(bought.json()["order_id"])

    async def pay(self, order_id: str) -> None:
        card = self.rng.choice(["pm_card_visa"] * 6 + ["pm_card_visa_chargeDeclined", "pm_usBankAccount_success"])
        body = {"order_id": order_id, "payment_method": card}
        await self.ask("POST", "/api/v1/payments/confirm/", body, headers_for(self.market.client_id))

    async def book(self) -> None:
        order_id, total = str(new_id()), self.rng.choice([50, 51, 99, 1000, 9999, 12345, self.rng.randint(50, 30_000)])
        checkout = self.checkouts[order_id] = Checkout({}, new_id())
        body = {
            "booking_id": str(checkout.booking_id),
            "client_id": str(self.market.client_id),
            "practitioner_id": str(self.market.practitioner_id),
            "service_id": str(new_id()),
            "title": "Morning yoga",
            "total": usd(total),
            "credits": "max" if self.rng.random() < 0.4 else None,
            "capture": self.rng.choice(["automatic", "automatic", "manual"]),
            "expires_at": (self.market.clock.now() + timedelta(minutes=15)).isoformat(),
        }
        opened = await self.ask("PUT", f"/internal/orders/{order_id}/", body, service_headers(), keyed=False)
        if opened is not None and opened.json().get("status") == "open" and self.rng.random() < 0.8:
            await self.pay(order_id)

    async def close(self) -> None:
        order_id, _ = self.some("open")
        await self.booking(f"{order_id}/close/", {"reason": "expired"})

    async def hear_of_payments(self) -> None:
        for order_id, status in await self.market.sql("select id, status from orders where kind = 'booking'"):
            checkout = self.checkouts[str(order_id)]
            if checkout.state == "open" and checkout.order and status == "paid":
                await self.published(checkout, BookingConfirmed(booking=self.snapshot(checkout)), "confirmed")
            elif checkout.state == "open" and status == "paid_late":
                await self.booking(f"{order_id}/retake/", {}) if self.rng.random() < 0.5 else await self.give_back(
                    checkout, str(order_id), None
                )

    async def give_back(self, checkout: Checkout, order_id: str, amount: int | None, *, cancels: bool = True) -> None:
        body = {
            "refund_id": str(checkout.refund_id if cancels else new_id()),
            "amount": None if amount is None else usd(amount),
            "reason": "asked for",
            "by": "staff",
            "cancels": cancels,
        }
        await self.booking(f"{order_id}/refunds/", body)

    async def complete(self) -> None:
        _, checkout = self.some("confirmed")
        event = BookingCompleted(booking=self.snapshot(checkout), completed_at=self.market.clock.now())
        await self.published(checkout, event, "completed")

    async def cancel(self) -> None:
        order_id, checkout = self.some("confirmed")
        booking = self.snapshot(checkout)
        kept = self.rng.choice([0, booking.total.amount // 2])
        due = booking.total.amount - kept
        event = BookingCancelled(
            booking=booking,
            cancelled_by="client",
            reason=None,
            refund_due=Money(due, "USD"),
            kept=Money(kept, "USD"),
            was_confirmed=True,
            cancelled_at=self.market.clock.now(),
        )
        await self.published(checkout, event, "cancelled")
        await self.give_back(checkout, order_id, due)

    async def refund(self) -> None:
        order_id, checkout = self.some("confirmed", "completed")
        total = checkout.order["total"]["amount"]
        await self.give_back(
            checkout, order_id, self.rng.choice([1, 2, 7, self.rng.randint(1, total), None]), cancels=False
        )

    def snapshot(self, checkout: Checkout) -> Any:
        return self.market.snapshot(checkout.booking_id, checkout.order)

    # ---- the practitioner and staff

    async def advance(self) -> None:
        self.market.clock.advance(timedelta(hours=self.rng.choice([1, 24, 30])))
        await self.work()

    async def work(self) -> None:
        """All jobs run, with nothing left to wait for."""
        with self.stage.crashes.paused():
            await self.market.owner_sql(ENDED)
        await self.stage.work()

    async def request_payout(self) -> None:
        body = self.rng.choice([None, {"amount": usd(self.rng.randint(1, 20_000))}])
        await self.ask("POST", "/api/v1/practitioner/payouts/request/", body, self.market.practitioner)

    async def approve(self) -> None:
        await self.decide("eligible", "approve")

    async def reject(self) -> None:
        await self.decide("eligible", "reject")

    async def attend(self) -> None:
        verb = self.rng.choice(["retry", "retry", "fail", "mark-paid"])
        await self.decide("needs_attention", verb, {"reference": "by hand"} if verb == "mark-paid" else None)

    async def decide(self, status: str, verb: str, body: Any = None) -> None:
        payout_id = await self.one("select id from payouts where status = :status", status=status)
        await self.ask("POST", f"/api/v1/admin/payouts/{payout_id}/{verb}/", body, self.market.staff)

    # ---- banks and Stripe

    async def change_bank(self) -> None:
        await self.fail_no_more()
        await self.market.bank(self.account, self.rng.choice(["btok_us_verified", "btok_us_verified_noAccount"]))

    async def payout_returns(self) -> None:
        made = await self.one("select bank_payout_id from payouts where status = 'paid' and bank_payout_id is not null")
        await self.happen("payout.failed", "payout_failed", made, account=self.account["stripe_account_id"])

    async def refund_fails(self) -> None:
        made = await self.one("select stripe_refund_id from refunds where stripe_refund_id is not null")
        await self.happen("refund.failed", "refund_failed", made)

    async def refund_outside(self) -> None:
        paid = "select intent_id from orders where status = 'paid' and amount_due > 0"
        intent = await self.one(paid)
        charge = (await self.intent(intent))["latest_charge"]
        await self.happen("charge.refunded", "refund_outside", charge, amount=self.rng.randint(1, 5000))

    async def dispute_opens(self) -> None:
        paid = "select intent_id from orders where kind = 'booking' and status = 'paid' and amount_due > 0"
        intent = await self.one(paid)
        await self.happen("", "dispute_opened", intent)
        await self.fail_no_more()
        for dispute in await self.stage.listed("/disputes", payment_intent=intent):
            self.unheard.append(event_of("charge.dispute.created", dispute["id"]))

    async def dispute_ends(self) -> None:
        dispute = await self.one("select id from chargebacks where status = 'needs_response'")
        how = self.rng.choice(["won", "won", "won", "lost"])
        await self.happen("charge.dispute.closed", "dispute_closed", dispute, status=how)

    async def hear(self) -> None:
        """Stripe's webhooks arrive, in any order, until each was taken."""
        self.rng.shuffle(self.unheard)
        for payload in self.unheard[:]:
            await self.stage.hear(payload)
            self.unheard.remove(payload)

    async def paid_at_stripe(self) -> None:
        """The card is charged without our hearing of it."""
        order_id, _ = self.some("open")
        intent = await self.one("select intent_id from orders where id = :id and intent_id is not null", id=order_id)
        await self.fail_no_more()
        await self.market.stripe_api.post(f"/payment_intents/{intent}/confirm", data={"payment_method": "pm_card_visa"})

    async def keys_end(self) -> None:
        """A day without trouble goes by, in which Stripe forgets its keys."""
        await self.fail_no_more()
        await self.control("happen", what="forget_keys")
        with self.stage.crashes.paused():
            await self.market.owner_sql(OLD)
        await self.work()
        await self.repeat()
        await self.work()

    async def fail(self) -> None:
        """The next calls fail: those that move money, or any."""
        calls = self.rng.choice([None, MOVING, MOVING])
        error = self.rng.choice(FAULTS)
        await self.control("faults", calls=calls, error=error, times=self.rng.randint(1, 4))
        self.counts[error] += 1

    # ---- the end

    async def settle(self) -> None:
        """Whatever is under way ends: nothing fails, everybody is heard, and every bank takes money."""
        await self.fail_no_more()
        await self.market.bank(self.account, "btok_us_verified")
        while self.causes:
            await self.end_hold()
        for _ in range(12):
            with suppress(Nobody):
                await self.decide("needs_attention", "retry")
            await self.repeat()
            await self.deliver()
            await self.hear()
            await self.work()
            await self.hear_of_payments()


Act = Callable[[Walk], Awaitable[None]]
WEIGHTS: dict[Act, int] = {
    Walk.buy_credits: 2,
    Walk.book: 8,
    Walk.close: 1,
    Walk.hear_of_payments: 6,
    Walk.complete: 5,
    Walk.cancel: 2,
    Walk.refund: 4,
    Walk.repeat: 4,
    Walk.deliver: 1,
    Walk.advance: 5,
    Walk.work: 4,
    Walk.request_payout: 4,
    Walk.approve: 4,
    Walk.reject: 1,
    Walk.attend: 2,
    Walk.change_bank: 2,
    Walk.payout_returns: 1,
    Walk.refund_fails: 1,
    Walk.refund_outside: 1,
    Walk.dispute_opens: 1,
    Walk.dispute_ends: 2,
    Walk.capture: 4,
    Walk.capture_there: 1,
    Walk.hold_lines: 4,
    Walk.hold_payouts: 1,
    Walk.end_hold: 5,
    Walk.hear: 3,
    Walk.paid_at_stripe: 1,
    Walk.keys_end: 1,
    Walk.fail: 6,
}
ACTS = [act for act, weight in WEIGHTS.items() for _ in range(weight)]
