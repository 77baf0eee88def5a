from enum import StrEnum


class BookingStatus(StrEnum):
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    EXPIRED = "expired"
    IN_PROGRESS = "in_progress"
    NO_SHOW = "no_show"
    PENDING_PAYMENT = "pending_payment"
    REQUESTED = "requested"

    def __str__(self) -> str:
        return str(self.value)
