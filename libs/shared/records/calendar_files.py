"""Sessions as calendar programs read them: iCalendar (RFC 5545), and as invitations in mails (RFC 5546).

A session has one UID for life; its SEQUENCE grows with every change of it (BK-12).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Literal
from uuid import UUID

from icalendar import Calendar, Event, vCalAddress, vText

from shared.records.mail_sender import domain_of

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]
Status = Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]


@dataclass(frozen=True)
class CalendarEvent:
    """One session of a booking. `start_version` grows with each move of it."""

    booking_id: UUID
    start_version: int
    status: Status
    start: datetime
    end: datetime
    title: str
    location: str | None

    @property
    def sequence(self) -> int:
        """A cancellation is one more change."""
        return self.start_version - 1 + (self.status == "CANCELLED")


def calendar_file(
    events: Iterable[CalendarEvent], method: Method, sender: str, now: datetime, attendee: str | None = None
) -> bytes:
    """The file with those sessions. `sender` sends all mails, and invites the address of an `attendee`."""
    calendar = Calendar()
    for name, value in (("version", "2.0"), ("prodid", "-//Estuary//Bookings//EN"), ("method", method)):
        calendar.add(name, value)
    for event in events:
        calendar.add_component(_component(event, sender, now, attendee))
    contents: bytes = calendar.to_ical()
    return contents


def _component(event: CalendarEvent, sender: str, now: datetime, attendee: str | None) -> Event:
    made = Event()
    made.add("uid", f"{event.booking_id}@{domain_of(sender)}")
    made.add("sequence", event.sequence)
    made.add("dtstamp", now)
    made.add("dtstart", event.start)
    made.add("dtend", event.end)
    made.add("status", event.status)
    made.add("summary", event.title)
    if event.location:
        made.add("location", event.location)
    if attendee is not None:
        made["organizer"] = _person(*parseaddr(sender))
        made["attendee"] = _person("", attendee, partstat="ACCEPTED", rsvp="FALSE")
    return made


def _person(name: str, address: str, **parameters: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    for key, value in parameters.items() | ({"cn": name}.items() if name else set()):
        person.params[key] = vText(value)
    return person
