"""What an operator can set about booking."""

from datetime import timedelta

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.records.mail_sender import DEFAULT_SENDER, SETTING
from shared.records.names import NameForm
from shared.settings import ServiceSettings


class BookingSettings(ServiceSettings):
    """Variables `BOOKING_...`, and LiveKit's."""

    model_config = SettingsConfigDict(env_prefix="BOOKING_")

    hold_minutes: int = Field(default=15, ge=1, le=24 * 60)
    cancel_full_hours: int = Field(default=24, ge=0)
    cancel_part_hours: int = Field(default=2, ge=0)
    cancel_part_percent: int = Field(default=50, ge=0, le=100)
    max_open_holds: int = Field(default=10, ge=1, description="Unpaid bookings of one client")
    max_open_holds_per_practitioner: int = Field(default=5, ge=1, description="Unpaid bookings of one client there")
    max_free_bookings: int = Field(
        default=10, ge=1, description="Coming bookings without price of one client at one practitioner"
    )
    client_names: NameForm = Field(
        default="initial", description="How practitioners and staff see clients: `Ana K.`, or whole"
    )
    mail_from: str = Field(
        default=DEFAULT_SENDER, validation_alias=SETTING, description="As in notifications: calendar files name it too"
    )
    reschedule_hours: int = Field(default=24, ge=0)
    complete_after_hours: int = Field(default=12, ge=0)
    room_opens_minutes: int = Field(default=15, ge=0)
    livekit_url: str | None = Field(default=None, validation_alias="LIVEKIT_URL", description="As browsers reach it")
    livekit_api_url: str | None = Field(
        default=None, validation_alias="LIVEKIT_API_URL", description="As this service reaches it, if differently"
    )
    livekit_api_key: str = Field(default="devkey", validation_alias="LIVEKIT_API_KEY")
    livekit_api_secret: str = Field(
        default="estuary-development-only-livekit-secret", validation_alias="LIVEKIT_API_SECRET"
    )

    @property
    def livekit_api(self) -> str | None:
        """Where rooms are closed; None: their closing is only recorded."""
        return self.livekit_api_url or self.livekit_url

    @property
    def hold(self) -> timedelta:
        """How long a slot waits for its payment."""
        return timedelta(minutes=self.hold_minutes)

    @property
    def complete_after(self) -> timedelta:
        """How long after its end a session counts as completed unless the practitioner says otherwise."""
        return timedelta(hours=self.complete_after_hours)

    @property
    def room_opens(self) -> timedelta:
        """How long before the start a room can be joined."""
        return timedelta(minutes=self.room_opens_minutes)
