from enum import StrEnum


class CatalogDelivery(StrEnum):
    IN_PERSON = "in_person"
    ONLINE = "online"

    def __str__(self) -> str:
        return str(self.value)
