from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.channel_preferences import ChannelPreferences


T = TypeVar("T", bound="PreferencesChange")


@_attrs_define
class PreferencesChange:
    """The topics to change; the others stay as they are.

    Attributes:
        bookings (ChannelPreferences | None | Unset):
        reminders (ChannelPreferences | None | Unset):
        payments (ChannelPreferences | None | Unset):
        account (ChannelPreferences | None | Unset):
        posts (ChannelPreferences | None | Unset):
        comments (ChannelPreferences | None | Unset):
        messages (ChannelPreferences | None | Unset):
    """

    bookings: ChannelPreferences | None | Unset = UNSET
    reminders: ChannelPreferences | None | Unset = UNSET
    payments: ChannelPreferences | None | Unset = UNSET
    account: ChannelPreferences | None | Unset = UNSET
    posts: ChannelPreferences | None | Unset = UNSET
    comments: ChannelPreferences | None | Unset = UNSET
    messages: ChannelPreferences | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.channel_preferences import ChannelPreferences

        bookings: dict[str, Any] | None | Unset
        if isinstance(self.bookings, Unset):
            bookings = UNSET
        elif isinstance(self.bookings, ChannelPreferences):
            bookings = self.bookings.to_dict()
        else:
            bookings = self.bookings

        reminders: dict[str, Any] | None | Unset
        if isinstance(self.reminders, Unset):
            reminders = UNSET
        elif isinstance(self.reminders, ChannelPreferences):
            reminders = self.reminders.to_dict()
        else:
            reminders = self.reminders

        payments: dict[str, Any] | None | Unset
        if isinstance(self.payments, Unset):
            payments = UNSET
        elif isinstance(self.payments, ChannelPreferences):
            payments = self.payments.to_dict()
        else:
            payments = self.payments

        account: dict[str, Any] | None | Unset
        if isinstance(self.account, Unset):
            account = UNSET
        elif isinstance(self.account, ChannelPreferences):
            account = self.account.to_dict()
        else:
            account = self.account

        posts: dict[str, Any] | None | Unset
        if isinstance(self.posts, Unset):
            posts = UNSET
        elif isinstance(self.posts, ChannelPreferences):
            posts = self.posts.to_dict()
        else:
            posts = self.posts

        comments: dict[str, Any] | None | Unset
        if isinstance(self.comments, Unset):
            comments = UNSET
        elif isinstance(self.comments, ChannelPreferences):
            comments = self.comments.to_dict()
        else:
            comments = self.comments

        messages: dict[str, Any] | None | Unset
        if isinstance(self.messages, Unset):
            messages = UNSET
        elif isinstance(self.messages, ChannelPreferences):
            messages = self.messages.to_dict()
        else:
            messages = self.messages

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

        def _parse_bookings(data: object) -> ChannelPreferences | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                bookings_type_0 = ChannelPreferences.from_dict(data)

                return bookings_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ChannelPreferences | None | Unset, data)

        bookings = _parse_bookings(d.pop("bookings", UNSET))

        def _parse_reminders(data: object) -> ChannelPreferences | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                reminders_type_0 = ChannelPreferences.from_dict(data)

                return reminders_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ChannelPreferences | None | Unset, data)

        reminders = _parse_reminders(d.pop("reminders", UNSET))

        def _parse_payments(data: object) -> ChannelPreferences | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                payments_type_0 = ChannelPreferences.from_dict(data)

                return payments_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ChannelPreferences | None | Unset, data)

        payments = _parse_payments(d.pop("payments", UNSET))

        def _parse_account(data: object) -> ChannelPreferences | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                account_type_0 = ChannelPreferences.from_dict(data)

                return account_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ChannelPreferences | None | Unset, data)

        account = _parse_account(d.pop("account", UNSET))

        def _parse_posts(data: object) -> ChannelPreferences | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                posts_type_0 = ChannelPreferences.from_dict(data)

                return posts_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ChannelPreferences | None | Unset, data)

        posts = _parse_posts(d.pop("posts", UNSET))

        def _parse_comments(data: object) -> ChannelPreferences | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                comments_type_0 = ChannelPreferences.from_dict(data)

                return comments_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ChannelPreferences | None | Unset, data)

        comments = _parse_comments(d.pop("comments", UNSET))

        def _parse_messages(data: object) -> ChannelPreferences | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                messages_type_0 = ChannelPreferences.from_dict(data)

                return messages_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ChannelPreferences | None | Unset, data)

        messages = _parse_messages(d.pop("messages", UNSET))

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
