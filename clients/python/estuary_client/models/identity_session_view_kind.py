from enum import StrEnum


class IdentitySessionViewKind(StrEnum):
    APP = "app"
    IMPERSONATION = "impersonation"
    SIGN_IN = "sign_in"

    def __str__(self) -> str:
        return str(self.value)
