"""What a person can switch on and off."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

ChannelName = Literal["email", "in_app"]


MARKETING = "marketing."
"""What the names of templates begin with that bring news and offers: they go only to who consents."""
MARKETING_PURPOSES: Mapping[ChannelName, str] = {"email": "marketing_email"}
"""The purpose of the consent that each channel needs for them."""


class Topic(StrEnum):
    """What a notification is about; each can be switched off, for mail and for the in-app list."""

    BOOKINGS = "bookings"
    REMINDERS = "reminders"
    PAYMENTS = "payments"
    ACCOUNT = "account"
    POSTS = "posts"
    COMMENTS = "comments"
    MESSAGES = "messages"
