from enum import StrEnum

class ReserveStockCommandOp(StrEnum):
    RESERVE = "reserve"

    def __str__(self) -> str:
        return str(self.value)
