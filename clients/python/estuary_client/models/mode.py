from enum import StrEnum


class Mode(StrEnum):
    LINK = "link"
    SIGN_IN = "sign_in"

    def __str__(self) -> str:
        return str(self.value)
