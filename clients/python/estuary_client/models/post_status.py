from enum import StrEnum


class PostStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    SCHEDULED = "scheduled"

    def __str__(self) -> str:
        return str(self.value)
