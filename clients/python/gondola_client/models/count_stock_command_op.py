from enum import StrEnum

class CountStockCommandOp(StrEnum):
    COUNT = "count"

    def __str__(self) -> str:
        return str(self.value)
