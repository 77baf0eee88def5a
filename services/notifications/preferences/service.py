"""The use cases of preferences."""

from collections.abc import Mapping

from services.notifications.preferences.domain import Topic
from services.notifications.preferences.models import Preference
from services.notifications.preferences.repository import Preferences
from services.notifications.preferences.schemas import PreferencesChange
from shared.auth.verification import Caller
from shared.database.session import Session


async def preferences_of(session: Session, caller: Caller) -> Mapping[Topic, Preference]:
    """What the caller chose."""
    return await Preferences(session).of(caller.user_id)


async def change_preferences(session: Session, caller: Caller, change: PreferencesChange) -> Mapping[Topic, Preference]:
    """Sets the topics that are given, from the next notification on; returns all that was chosen."""
    for topic, channels in change.given().items():
        await Preferences(session).put(caller.user_id, topic, email=channels.email, in_app=channels.in_app)
    return await preferences_of(session, caller)
