from enum import StrEnum


class CardChangedAdviceCodeType0(StrEnum):
    CONFIRM_CARD_DATA = "confirm_card_data"
    DO_NOT_TRY_AGAIN = "do_not_try_again"
    TRY_AGAIN_LATER = "try_again_later"

    def __str__(self) -> str:
        return str(self.value)
