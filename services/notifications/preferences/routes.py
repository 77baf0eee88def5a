"""HTTP of the preferences."""

from fastapi import APIRouter

from services.notifications.preferences import service
from services.notifications.preferences.schemas import PreferencesChange, PreferencesView
from shared.web.http import Route, SessionDep, Signed

router = APIRouter(prefix="/api/v1/notifications/preferences", tags=["notifications"], route_class=Route)


@router.get("/")
async def get_notification_preferences(caller: Signed, session: SessionDep) -> PreferencesView:
    """What may reach the caller, topic by topic; everything is on until switched off."""
    return PreferencesView.of(await service.preferences_of(session, caller))


@router.put("/")
async def change_notification_preferences(
    body: PreferencesChange, caller: Signed, session: SessionDep
) -> PreferencesView:
    """Sets the topics that are given; the others stay."""
    return PreferencesView.of(await service.change_preferences(session, caller, body))
