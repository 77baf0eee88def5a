from enum import StrEnum


class FollowViewSource(StrEnum):
    FOLLOW = "follow"
    SUBSCRIPTION = "subscription"

    def __str__(self) -> str:
        return str(self.value)
