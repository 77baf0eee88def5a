from enum import StrEnum


class VerificationStatus(StrEnum):
    APPROVED = "approved"
    NEEDS_CHANGES = "needs_changes"
    PENDING = "pending"
    REJECTED = "rejected"

    def __str__(self) -> str:
        return str(self.value)
