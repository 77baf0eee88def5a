"""What a person can switch on and off."""

from enum import StrEnum
from typing import Literal

ChannelName = Literal["email", "in_app"]


class Topic(StrEnum):
    """What a notification is about; each can be switched off, for mail and for the in-app list."""

    BOOKINGS = "bookings"
    REMINDERS = "reminders"
    PAYMENTS = "payments"
    ACCOUNT = "account"
    POSTS = "posts"
    COMMENTS = "comments"
    MESSAGES = "messages"
