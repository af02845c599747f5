from enum import StrEnum

class GetStockHistoryOrderBy(StrEnum):
    OCCURREDAT = "occurredAt"
    RECORDEDAT = "recordedAt"

    def __str__(self) -> str:
        return str(self.value)
