"""Bodies of the preferences."""

from collections.abc import Mapping
from typing import Self

from pydantic import StrictBool

from services.notifications.preferences.domain import Topic
from services.notifications.preferences.models import Preference
from shared.web.bodies import UNCHANGED
from shared.web.http import Body, View


class ChannelPreferences(Body):
    """Through which channels one topic may reach a person."""

    email: StrictBool
    in_app: StrictBool


class PreferencesChange(Body):
    """The topics to change; what is left out stays, null is refused."""

    bookings: ChannelPreferences = UNCHANGED
    reminders: ChannelPreferences = UNCHANGED
    payments: ChannelPreferences = UNCHANGED
    account: ChannelPreferences = UNCHANGED
    posts: ChannelPreferences = UNCHANGED
    comments: ChannelPreferences = UNCHANGED
    messages: ChannelPreferences = UNCHANGED

    def given(self) -> dict[Topic, ChannelPreferences]:
        """The topics that were given."""
        named = {topic: getattr(self, topic.value) for topic in Topic}
        return {topic: channels for topic, channels in named.items() if channels is not None}


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
        """What was chosen; both channels are on where nothing was."""
        return cls(**{topic.value: _channels(chosen.get(topic)) for topic in Topic})


def _channels(chosen: Preference | None) -> ChannelPreferences:
    if chosen is None:
        return ChannelPreferences(email=True, in_app=True)
    return ChannelPreferences(email=chosen.email, in_app=chosen.in_app)
