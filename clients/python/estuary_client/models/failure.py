from enum import StrEnum


class Failure(StrEnum):
    IDEMPOTENCY_ERROR = "idempotency_error"
    RATE_LIMITED = "rate_limited"
    REFUSED = "refused"
    SERVER_ERROR = "server_error"
    TIMEOUT_AFTER_EFFECT = "timeout_after_effect"

    def __str__(self) -> str:
        return str(self.value)
