from enum import StrEnum


class CatalogDecision(StrEnum):
    APPROVE = "approve"
    NEEDS_CHANGES = "needs_changes"
    REJECT = "reject"

    def __str__(self) -> str:
        return str(self.value)
