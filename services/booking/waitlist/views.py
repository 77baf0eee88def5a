"""Entries of waitlists, as their readers see them."""

from collections.abc import Sequence

from services.booking.people.repository import Names
from services.booking.waitlist.schemas import EntryView
from services.booking.waitlist_entries.models import WaitlistEntry
from services.booking.waitlist_entries.repository import Entries
from shared.database.session import Session
from shared.internal.booking import ClientView
from shared.records.names import NameForm


async def own_views(session: Session, entries: Sequence[WaitlistEntry]) -> list[EntryView]:
    """For those who wait."""
    positions = await Entries(session).positions(entries)
    return [EntryView.of(entry, positions) for entry in entries]


async def views_of_list(session: Session, entries: Sequence[WaitlistEntry], form: NameForm) -> list[EntryView]:
    """For the practitioner, with the names of who waits in that form."""
    positions = await Entries(session).positions(entries)
    names = await Names(session).of({entry.user_id for entry in entries}, form)
    clients = [ClientView(id=entry.user_id, name=names.get(entry.user_id)) for entry in entries]
    return [EntryView.of(entry, positions, client) for entry, client in zip(entries, clients, strict=True)]
