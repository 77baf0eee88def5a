from enum import StrEnum


class PayoutFailedFailureCode(StrEnum):
    ACCOUNT_CLOSED = "account_closed"
    DEBIT_NOT_AUTHORIZED = "debit_not_authorized"
    INSUFFICIENT_FUNDS = "insufficient_funds"
    INVALID_CURRENCY = "invalid_currency"
    NO_ACCOUNT = "no_account"

    def __str__(self) -> str:
        return str(self.value)
