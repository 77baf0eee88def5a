from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.channel_preferences import ChannelPreferences


T = TypeVar("T", bound="PreferencesChange")


@_attrs_define
class PreferencesChange:
    """The topics to change; what is left out stays, null is refused.

    Attributes:
        bookings (ChannelPreferences | Unset): Through which channels one topic may reach a person.
        reminders (ChannelPreferences | Unset): Through which channels one topic may reach a person.
        payments (ChannelPreferences | Unset): Through which channels one topic may reach a person.
        account (ChannelPreferences | Unset): Through which channels one topic may reach a person.
        posts (ChannelPreferences | Unset): Through which channels one topic may reach a person.
        comments (ChannelPreferences | Unset): Through which channels one topic may reach a person.
        messages (ChannelPreferences | Unset): Through which channels one topic may reach a person.
    """

    bookings: ChannelPreferences | Unset = UNSET
    reminders: ChannelPreferences | Unset = UNSET
    payments: ChannelPreferences | Unset = UNSET
    account: ChannelPreferences | Unset = UNSET
    posts: ChannelPreferences | Unset = UNSET
    comments: ChannelPreferences | Unset = UNSET
    messages: ChannelPreferences | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        bookings: dict[str, Any] | Unset = UNSET
        if not isinstance(self.bookings, Unset):
            bookings = self.bookings.to_dict()

        reminders: dict[str, Any] | Unset = UNSET
        if not isinstance(self.reminders, Unset):
            reminders = self.reminders.to_dict()

        payments: dict[str, Any] | Unset = UNSET
        if not isinstance(self.payments, Unset):
            payments = self.payments.to_dict()

        account: dict[str, Any] | Unset = UNSET
        if not isinstance(self.account, Unset):
            account = self.account.to_dict()

        posts: dict[str, Any] | Unset = UNSET
        if not isinstance(self.posts, Unset):
            posts = self.posts.to_dict()

        comments: dict[str, Any] | Unset = UNSET
        if not isinstance(self.comments, Unset):
            comments = self.comments.to_dict()

        messages: dict[str, Any] | Unset = UNSET
        if not isinstance(self.messages, Unset):
            messages = self.messages.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if bookings is not UNSET:
            field_dict["bookings"] = bookings
        if reminders is not UNSET:
            field_dict["reminders"] = reminders
        if payments is not UNSET:
            field_dict["payments"] = payments
        if account is not UNSET:
            field_dict["account"] = account
        if posts is not UNSET:
            field_dict["posts"] = posts
        if comments is not UNSET:
            field_dict["comments"] = comments
        if messages is not UNSET:
            field_dict["messages"] = messages

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.channel_preferences import ChannelPreferences

        d = dict(src_dict)
        _bookings = d.pop("bookings", UNSET)
        bookings: ChannelPreferences | Unset
        if isinstance(_bookings, Unset):
            bookings = UNSET
        else:
            bookings = ChannelPreferences.from_dict(_bookings)

        _reminders = d.pop("reminders", UNSET)
        reminders: ChannelPreferences | Unset
        if isinstance(_reminders, Unset):
            reminders = UNSET
        else:
            reminders = ChannelPreferences.from_dict(_reminders)

        _payments = d.pop("payments", UNSET)
        payments: ChannelPreferences | Unset
        if isinstance(_payments, Unset):
            payments = UNSET
        else:
            payments = ChannelPreferences.from_dict(_payments)

        _account = d.pop("account", UNSET)
        account: ChannelPreferences | Unset
        if isinstance(_account, Unset):
            account = UNSET
        else:
            account = ChannelPreferences.from_dict(_account)

        _posts = d.pop("posts", UNSET)
        posts: ChannelPreferences | Unset
        if isinstance(_posts, Unset):
            posts = UNSET
        else:
            posts = ChannelPreferences.from_dict(_posts)

        _comments = d.pop("comments", UNSET)
        comments: ChannelPreferences | Unset
        if isinstance(_comments, Unset):
            comments = UNSET
        else:
            comments = ChannelPreferences.from_dict(_comments)

        _messages = d.pop("messages", UNSET)
        messages: ChannelPreferences | Unset
        if isinstance(_messages, Unset):
            messages = UNSET
        else:
            messages = ChannelPreferences.from_dict(_messages)

        preferences_change = cls(
            bookings=bookings,
            reminders=reminders,
            payments=payments,
            account=account,
            posts=posts,
            comments=comments,
            messages=messages,
        )

        return preferences_change
