from enum import StrEnum


class OrderKind(StrEnum):
    BOOKING = "booking"
    COLLECTION = "collection"
    CREDITS = "credits"
    EVENT = "event"
    FEE = "fee"
    GIFT = "gift"
    PASS = "pass"
    POST = "post"
    SUBSCRIPTION = "subscription"
    TOMBSTONE = "tombstone"

    def __str__(self) -> str:
        return str(self.value)
