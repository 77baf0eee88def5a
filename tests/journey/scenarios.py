"""Every scenario by its name, in the order in which a newcomer should watch them."""

from collections.abc import Awaitable, Callable

from tests.journey import (
    accounts,
    calendars,
    changes,
    checkout,
    followers,
    gated,
    journey,
    passing_time,
    promises,
    refunds,
    refusals,
    seats,
    talk,
)
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
        calendars.overrides,
        calendars.notice_and_horizon,
        calendars.clocks_change,
        calendars.services_change,
        passing_time.nobody_completes,
        passing_time.no_show,
        passing_time.reminders_follow_a_move,
        passing_time.booked_late,
        passing_time.weekly_payouts,
        passing_time.the_clock,
        accounts.not_yet_approved,
        accounts.sign_out,
        accounts.many_hands_pay,
        accounts.many_hands_cancel,
        talk.conversations,
        talk.chat,
        talk.booking_opens_conversation,
        gated.locked_posts,
        gated.polls,
        gated.followers_and_likes,
        followers.told_of_posts,
        followers.ten_comments_are_one_notice,
        followers.fifty_at_once,
        followers.refused_in_streams,
        promises.refresh_twenty_times,
        promises.idempotent_replays,
        promises.sockets,
        refusals.bad_bodies,
        refusals.other_peoples_things,
        refusals.tokens,
        refusals.edges,
    )
}
