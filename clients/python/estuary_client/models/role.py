from enum import StrEnum


class Role(StrEnum):
    MARKETING = "marketing"
    PARTNER = "partner"
    PRACTITIONER = "practitioner"
    SOCIETY_PARTNER = "society_partner"
    STAFF = "staff"
    SUPERUSER = "superuser"
    SUPPORT = "support"
    USER = "user"

    def __str__(self) -> str:
        return str(self.value)
