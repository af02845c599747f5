from enum import StrEnum

class CheckoutRollbackOrderedEventDataCause(StrEnum):
    EXPIRED = "expired"
    REQUESTED = "requested"

    def __str__(self) -> str:
        return str(self.value)
