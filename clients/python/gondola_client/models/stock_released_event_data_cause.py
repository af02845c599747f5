from enum import StrEnum

class StockReleasedEventDataCause(StrEnum):
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    PARTIALCOMMIT = "partialCommit"
    SHORTAGE = "shortage"

    def __str__(self) -> str:
        return str(self.value)
