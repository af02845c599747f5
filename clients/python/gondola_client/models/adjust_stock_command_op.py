from enum import StrEnum

class AdjustStockCommandOp(StrEnum):
    ADJUST = "adjust"

    def __str__(self) -> str:
        return str(self.value)
