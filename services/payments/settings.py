"""What an operator may set for payments; names are prefixed with PAYMENTS_ unless they are known by another name."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import SettingsConfigDict

from shared.records.currencies import minimum_charge
from shared.settings import ServiceSettings

STAND_IN_KEY = "sk_test_estuary"
STAND_IN_WEBHOOK_SECRET = "whsec_estuary"


def _minimum_charges(count: int) -> Any:
    """A default that follows the least amount a card can be charged in the install's currency."""
    return Field(default_factory=lambda given: count * minimum_charge(given["currency"]), ge=1, validate_default=True)


class PaymentsSettings(ServiceSettings):
    """Without Stripe keys the values are those of the sandbox, which are worth nothing at Stripe itself."""

    model_config = SettingsConfigDict(env_prefix="PAYMENTS_")

    stripe_secret_key: str = Field(default=STAND_IN_KEY, validation_alias="STRIPE_SECRET_KEY")
    stripe_publishable_key: str = Field(default="pk_test_estuary", validation_alias="STRIPE_PUBLISHABLE_KEY")
    # Several secrets, separated by commas, while one is being replaced.
    stripe_webhook_secret: str = Field(
        default=STAND_IN_WEBHOOK_SECRET, validation_alias="STRIPE_WEBHOOK_SECRET", validate_default=True
    )
    stripe_api_base: str = Field(default="https://api.stripe.com", validation_alias="STRIPE_API_BASE")
    # Where a browser lands after a bank's check of the card, and after a practitioner's onboarding at Stripe.
    return_url: str = "http://localhost:8000/"
    # Hours of business time between a booking's completion and its earning becoming available.
    hold_hours: int = Field(default=24, ge=0)
    # The least payout, and the amount below which none waits for approval; minor units.
    payout_minimum: int = _minimum_charges(100)
    auto_approve_below: int = Field(default=0, ge=0)
    # Commission by monthly gross instead of by plan.
    volume_commission: bool = False
    # The monthly gross above which the second and the third rate apply; minor units.
    volume_middle_step: int = _minimum_charges(10_000)
    volume_top_step: int = _minimum_charges(20_000)

    # When an unpaid bill of a subscription is tried again: whole days after its period began, rising. The last one
    # ends the subscription.
    retry_days: str = Field(default="1,3,5,7", pattern=r"^[1-9][0-9]?(,[1-9][0-9]?){0,9}$")

    @field_validator("retry_days")
    @classmethod
    def _days_rise(cls, days: str) -> str:
        found = [int(day) for day in days.split(",")]
        if sorted(set(found)) != found:
            raise ValueError("each day comes after the one before")
        return days

    @property
    def retry_schedule(self) -> Sequence[int]:
        """The days of `retry_days`."""
        return [int(day) for day in self.retry_days.split(",")]

    @field_validator("volume_top_step")
    @classmethod
    def _steps_rise(cls, top: int, info: ValidationInfo) -> int:
        if top <= info.data.get("volume_middle_step", 0):
            raise ValueError("it must lie above PAYMENTS_VOLUME_MIDDLE_STEP")
        return top

    @property
    def stripe_is_live(self) -> bool:
        """Whether the key moves real money; Stripe's test mode is a world of its own."""
        return "_live_" in self.stripe_secret_key

    @property
    def webhook_secrets(self) -> list[str]:
        """Every secret that a webhook may be signed with."""
        return [secret.strip() for secret in self.stripe_webhook_secret.split(",") if secret.strip()]

    @field_validator("stripe_webhook_secret")
    @classmethod
    def _real_keys_come_together(cls, secrets: str, info: ValidationInfo) -> str:
        # The sandbox's webhook secret is public: with a real account anyone could sign with it.
        if info.data.get("stripe_secret_key") != STAND_IN_KEY and STAND_IN_WEBHOOK_SECRET in secrets:
            raise ValueError("a real STRIPE_SECRET_KEY needs the secret of its webhook endpoint")
        return secrets
