from enum import StrEnum

class TransferCancelOrderedEventDataCause(StrEnum):
    EXPIRED = "expired"
    REFUSED = "refused"
    REQUESTED = "requested"

    def __str__(self) -> str:
        return str(self.value)
