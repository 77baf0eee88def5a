"""Every scenario by its name, in the order in which a newcomer should watch them."""

from collections.abc import Awaitable, Callable

from tests.journey import changes, checkout, journey, promises, refunds, refusals, seats
from tests.journey.world import World

Scenario = Callable[[World], Awaitable[None]]

SCENARIOS: dict[str, Scenario] = {
    scenario.__name__: scenario
    for scenario in (
        journey.main_journey,
        checkout.declined_then_another_card,
        checkout.requires_action,
        checkout.paid_in_the_browser,
        checkout.credits_pay_all,
        checkout.hold_expires,
        checkout.late_payment,
        changes.cancel_early,
        changes.cancel_half,
        changes.cancel_late,
        changes.cancel_while_pending,
        changes.reschedule,
        refunds.refund_in_parts,
        refunds.refund_after_payout,
        refunds.payout_rejected,
        refunds.refunds_at_once,
        seats.fifty_for_one_slot,
        seats.overlapping_lengths,
        seats.last_two_seats,
        promises.refresh_twenty_times,
        promises.idempotent_replays,
        promises.sockets,
        refusals.bad_bodies,
        refusals.other_peoples_things,
        refusals.tokens,
        refusals.edges,
    )
}
