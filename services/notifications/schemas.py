"""Bodies of the HTTP answers and of the frames on the sockets."""

from collections.abc import Mapping, Sequence
from typing import Any, Self
from uuid import UUID

from services.notifications.domain import Topic
from services.notifications.models import Notice, Preference
from shared.events.booking import BookingEvent, Party
from shared.records.money import Money
from shared.web.http import Body, UtcTime, View
from shared.web.pagination import Listing, Page


class NoticeView(View):
    """A notice, in the list and as the data of `notification.created`."""

    id: UUID
    type: str
    title: str
    body: str
    data: dict[str, Any]
    read_at: UtcTime | None
    created_at: UtcTime


class NoticeListing(Listing[NoticeView]):
    """A page of notices, and how many of all are unread."""

    unread_count: int

    @classmethod
    def of_page(cls, notices: Sequence[Notice], total: int, page: Page, unread: int) -> Self:
        """The page, with the number of unread notices."""
        listing = Listing[NoticeView].of([NoticeView.model_validate(notice) for notice in notices], total, page)
        return cls(**dict(listing), unread_count=unread)


class Unread(View):
    """How many notices are unread now."""

    unread_count: int


class ChannelPreferences(Body):
    """How one topic may reach a person."""

    email: bool
    in_app: bool


class PreferencesChange(Body):
    """The topics to change; the others stay as they are."""

    bookings: ChannelPreferences | None = None
    reminders: ChannelPreferences | None = None
    payments: ChannelPreferences | None = None
    account: ChannelPreferences | None = None
    posts: ChannelPreferences | None = None
    comments: ChannelPreferences | None = None
    messages: ChannelPreferences | None = None

    def ways(self) -> dict[Topic, ChannelPreferences]:
        """What was given."""
        given = {topic: getattr(self, topic.value) for topic in Topic}
        return {topic: ways for topic, ways in given.items() if ways is not None}


class PreferencesView(View):
    """Every topic, with what is in force."""

    bookings: ChannelPreferences
    reminders: ChannelPreferences
    payments: ChannelPreferences
    account: ChannelPreferences
    posts: ChannelPreferences
    comments: ChannelPreferences
    messages: ChannelPreferences

    @classmethod
    def of(cls, chosen: Mapping[Topic, Preference]) -> Self:
        """What was chosen; both ways are on where nothing was."""
        return cls(**{topic.value: _ways(chosen.get(topic)) for topic in Topic})


def _ways(chosen: Preference | None) -> ChannelPreferences:
    return (
        ChannelPreferences(email=True, in_app=True)
        if chosen is None
        else ChannelPreferences(email=chosen.email, in_app=chosen.in_app)
    )


class MoveView(View):
    """Who moved the booking last, what start the client last agreed to, and whether that is the present one."""

    by: Party
    agreed_start_time: UtcTime
    accepted: bool


class ClientView(View):
    """Who comes; the name is null where it is not known, or the account is gone."""

    id: UUID
    name: str | None


class BookingView(View):
    """A booking as `GET /bookings/{id}/` shows it: the data of the booking frames.

    `order_id` is shown to its client only, `client` to the practitioner.
    """

    id: UUID
    status: str
    service_id: UUID
    service_title: str
    practitioner_id: UUID
    client_id: UUID
    client: ClientView | None
    start_time: UtcTime
    end_time: UtcTime
    timezone: str
    delivery: str
    session_id: UUID | None
    move: MoveView | None
    total: Money
    credits_applied: Money
    amount_due: Money
    payment: None = None
    order_id: UUID | None
    notes: str | None
    created_at: UtcTime
    completed_at: UtcTime | None
    cancelled_at: UtcTime | None

    @classmethod
    def seen_by(cls, viewer_id: UUID, event: BookingEvent, client_name: str | None) -> Self:
        """The booking as the event left it, for that side of it."""
        booking = event.booking
        own = viewer_id == booking.client_id
        client = None if own else ClientView(id=booking.client_id, name=client_name)
        given = dict(booking) | {"order_id": booking.order_id if own else None, "client": client}
        moments = {name: getattr(event, name, None) for name in ("completed_at", "cancelled_at")}
        return cls(**given | moments)
