from enum import StrEnum


class PostType(StrEnum):
    AUDIO = "audio"
    GALLERY = "gallery"
    POLL = "poll"
    TEXT = "text"
    VIDEO = "video"

    def __str__(self) -> str:
        return str(self.value)
