"""The texts of all notifications, by template: a title (a mail's subject) and a body, with `$name` for parameters.

A template's name is the notification's type; behind `/` is who reads it, or another form of it.
"""

from services.notifications.templates.account_texts import ACCOUNT_TEXTS
from services.notifications.templates.domain import RenderedText

TEXTS: dict[str, RenderedText] = {
    **ACCOUNT_TEXTS,
    "booking.confirmed/client": RenderedText(
        "Booking confirmed: $service",
        "Your booking of $service with $practitioner $is confirmed. It $starts on $start.\n\n$details",
    ),
    "booking.confirmed/practitioner": RenderedText(
        "New booking: $service",
        "$service was booked by $client for $start.",
    ),
    "booking.requested/client": RenderedText(
        "Request sent: $service",
        "You asked $practitioner for $service on $start. The request is accepted or declined by $until at the latest. "
        "Nothing is charged before that.\n\n$details",
    ),
    "booking.requested/practitioner": RenderedText(
        "New request: $service",
        "$client asks for $service on $start. Accept or decline until $until.",
    ),
    "booking.move_requested/client": RenderedText(
        "Request sent: $service",
        "You asked $practitioner to move your booking of $service from $start to $wanted_start. Until that is "
        "accepted, at the latest on $until, the booking stays as it is.",
    ),
    "booking.move_requested/practitioner": RenderedText(
        "Request to move: $service",
        "$client asks to move the booking of $service from $start to $wanted_start. Accept or decline until $until.",
    ),
    "booking.declined/client": RenderedText(
        "Request declined: $service",
        "Your request for $service with $practitioner on $start was declined. Nothing is charged.$why",
    ),
    "booking.move_declined/client": RenderedText(
        "Request declined: $service",
        "Your booking of $service with $practitioner cannot be moved to $wanted_start. It stays on $start.$why",
    ),
    "booking.unanswered/client": RenderedText(
        "Request not answered: $service",
        "$practitioner did not answer your request for $service on $start in time. Nothing is charged.",
    ),
    "booking.rescheduled/client": RenderedText(
        "Booking moved: $service",
        "Your booking of $service with $practitioner has moved from $previous_start to $start.\n\n$details",
    ),
    "booking.rescheduled/practitioner": RenderedText(
        "Booking moved: $service",
        "The booking of $service by $client has moved from $previous_start to $start.",
    ),
    "booking.rescheduled/session": RenderedText(
        "Session moved: $service",
        "$service has moved, with all its bookings, from $previous_start to $start.",
    ),
    "booking.cancelled/client": RenderedText(
        "Booking cancelled: $service",
        "Your booking of $service with $practitioner on $start was cancelled by $cancelled_by. "
        "You get back: $refund.$why",
    ),
    "booking.cancelled/practitioner": RenderedText(
        "Booking cancelled: $service",
        "The booking of $service by $client on $start was cancelled by $cancelled_by.$why",
    ),
    "session.cancelled": RenderedText(
        "Session cancelled: $service",
        "$service on $start was cancelled, with all its bookings. Their clients are notified, and get all of it back.",
    ),
    "session.cancelled/series": RenderedText(
        "Sessions cancelled: $service",
        "$dates sessions of $service were cancelled, with all their bookings. Their clients are notified, and get all "
        "of it back.",
    ),
    "session.left_out": RenderedText(
        "Date left out: $service",
        "Your series of $service has no date on $start, as something else takes that time. To hold it all the same, "
        "free the time and announce the date.",
    ),
    "booking.hold_cancelled/client": RenderedText(
        "Booking cancelled: $service",
        "Your unpaid booking of $service with $practitioner on $start was cancelled by $cancelled_by. "
        "A payment that was under way goes back.$why",
    ),
    "booking.expired/client": RenderedText(
        "Booking not completed: $service",
        "Your booking of $service with $practitioner on $start was not paid in time, so the place was released. "
        "A payment that arrives later takes the place again while that is possible, and goes back otherwise.",
    ),
    "booking.refunded/client": RenderedText(
        "Booking not possible: $service",
        "Your payment for $service with $practitioner on $start came after the place was released, and the booking "
        "could not be restored. Everything that you paid goes back.",
    ),
    "booking.completed/client": RenderedText(
        "Thank you: $service",
        "Your booking of $service with $practitioner on $start is complete. We hope that it went well.",
    ),
    "booking.no_show/client": RenderedText(
        "Missed: $service",
        "You were marked as absent from $service with $practitioner on $start. "
        "Write to the practitioner if that is wrong.",
    ),
    "booking.reminder/client": RenderedText(
        "Reminder: $service starts in $remaining",
        "$service with $practitioner starts in $remaining, on $start.\n\n$details",
    ),
    "booking.reminder/practitioner": RenderedText(
        "Reminder: $service starts in $remaining",
        "$service, booked by $client, starts in $remaining, on $start.",
    ),
    "booking.reminder/session": RenderedText(
        "Reminder: $service starts in $remaining",
        "$service, booked by $seats people, starts in $remaining, on $start.",
    ),
    "waitlist.offered": RenderedText(
        "A place for you: $service",
        "A place in $service with $practitioner on $start is held for you until $until. "
        "Take it before then: after that others can have it.",
    ),
    "message.created/about": RenderedText("New messages: $subject", "You have new messages about $subject."),
    "message.created": RenderedText("New messages", "You have new messages."),
    "refund.issued": RenderedText("Refund issued", "A refund was issued to you: $refund."),
    "refund.failed": RenderedText(
        "Refund failed",
        "A refund of $refund did not reach you. We owe you this amount and will contact you about another way.",
    ),
    "refund.failed/staff": RenderedText(
        "Refund failed: $amount",
        "A refund of $amount of order $order did not reach the client's card. It is owed to the client, and is not "
        "sent again by itself.",
    ),
    "credits.overdrawn": RenderedText(
        "Client in debt: $amount",
        "Credits of order $order were refunded to the card after $amount of them had been spent. The client owes this "
        "amount; credits that the client buys later repay it.",
    ),
    "subscription.payment_failed": RenderedText(
        "Payment failed: $amount",
        "We could not charge $amount for your subscription ($plan). It gives access until $until. Before then, save "
        "another card or pay the open bill.",
    ),
    "subscription.payment_failed/resumed": RenderedText(
        "Payment failed: $amount",
        "The pause of your subscription ($plan) is over, but we could not charge $amount. Pay the open bill within 24 "
        "hours, else the subscription ends.",
    ),
    "subscription.payment_failed/ended": RenderedText(
        "Your subscription has ended",
        "We could not charge $amount for your subscription ($plan), so it has ended. Nothing is owed, and nothing is "
        "charged any more.",
    ),
    "pass.active/client": RenderedText(
        "Your pass: $title",
        "Your pass $title is paid ($price). Book its sessions; they take place before $until.",
    ),
    "pass.active/practitioner": RenderedText(
        "Sold: $title",
        "A client has bought $title for $price. Its sessions take place before $until.",
    ),
    "pass.expiring/client": RenderedText(
        "Your pass expires soon: $title",
        "Sessions of your pass $title are left. It expires on $until: what takes place later cannot be booked with it.",
    ),
    "subscription.trial_ending": RenderedText(
        "Your trial ends soon",
        "Your trial ($plan) ends on $until. Then $amount is charged to your default card, unless you cancel before.",
    ),
    "subscription.renewing": RenderedText(
        "Your subscription renews soon",
        "Your subscription ($plan) renews on $until for another year. $amount is charged to your default card then, "
        "unless you cancel before.",
    ),
    "payout.paid": RenderedText("Payout paid: $amount", "Your payout of $amount was paid."),
    "payout.failed": RenderedText(
        "Payout failed: $amount",
        "Your payout of $amount did not reach your bank. What was not refunded meanwhile is available again. "
        "Reason: $reason",
    ),
    "payout.rejected": RenderedText(
        "Payout declined: $amount",
        "Your request for a payout of $amount was declined. What was not refunded meanwhile is available again. "
        "Reason: $reason",
    ),
    "chargeback.lost": RenderedText(
        "Dispute lost: $amount",
        "The client's bank keeps $amount of order $order (dispute $dispute). "
        "The earning from it stays held until staff decide.",
    ),
    "payout.needs_attention/practitioner": RenderedText(
        "Payout delayed: $amount",
        "Your payout of $amount cannot go on at the moment. Our staff look into it. Reason: $reason",
    ),
    "payout.needs_attention/staff": RenderedText(
        "Payout needs attention: $amount", "Payout $payout of $amount cannot go on by itself. Reason: $reason"
    ),
    "post.published": RenderedText("New in $stream: $post", "$stream has a new post: $post."),
    "comment.created": RenderedText("New comment: $subject", "There is a new comment on $subject."),
    "comment.created/many": RenderedText("$count new comments: $subject", "There are $count new comments on $subject."),
    "verification.approved": RenderedText(
        "You are approved", "Your profile $name is approved. You can offer services now. $note"
    ),
    "verification.needs_changes": RenderedText(
        "Your application needs changes", "Your profile $name needs changes before it can be approved. $note"
    ),
    "verification.rejected": RenderedText(
        "Your application was declined", "Your profile $name was not approved. $note"
    ),
}
