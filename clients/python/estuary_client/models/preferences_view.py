from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.channel_preferences import ChannelPreferences


T = TypeVar("T", bound="PreferencesView")


@_attrs_define
class PreferencesView:
    """Every topic, with what is in force.

    Attributes:
        bookings (ChannelPreferences): Through which channels one topic may reach a person.
        reminders (ChannelPreferences): Through which channels one topic may reach a person.
        payments (ChannelPreferences): Through which channels one topic may reach a person.
        account (ChannelPreferences): Through which channels one topic may reach a person.
        posts (ChannelPreferences): Through which channels one topic may reach a person.
        comments (ChannelPreferences): Through which channels one topic may reach a person.
        messages (ChannelPreferences): Through which channels one topic may reach a person.
    """

    bookings: ChannelPreferences
    reminders: ChannelPreferences
    payments: ChannelPreferences
    account: ChannelPreferences
    posts: ChannelPreferences
    comments: ChannelPreferences
    messages: ChannelPreferences
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        bookings = self.bookings.to_dict()

        reminders = self.reminders.to_dict()

        payments = self.payments.to_dict()

        account = self.account.to_dict()

        posts = self.posts.to_dict()

        comments = self.comments.to_dict()

        messages = self.messages.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "bookings": bookings,
                "reminders": reminders,
                "payments": payments,
                "account": account,
                "posts": posts,
                "comments": comments,
                "messages": messages,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.channel_preferences import ChannelPreferences

        d = dict(src_dict)
        bookings = ChannelPreferences.from_dict(d.pop("bookings"))

        reminders = ChannelPreferences.from_dict(d.pop("reminders"))

        payments = ChannelPreferences.from_dict(d.pop("payments"))

        account = ChannelPreferences.from_dict(d.pop("account"))

        posts = ChannelPreferences.from_dict(d.pop("posts"))

        comments = ChannelPreferences.from_dict(d.pop("comments"))

        messages = ChannelPreferences.from_dict(d.pop("messages"))

        preferences_view = cls(
            bookings=bookings,
            reminders=reminders,
            payments=payments,
            account=account,
            posts=posts,
            comments=comments,
            messages=messages,
        )

        preferences_view.additional_properties = d
        return preferences_view

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
