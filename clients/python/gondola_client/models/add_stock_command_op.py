from enum import StrEnum

class AddStockCommandOp(StrEnum):
    STOCK = "stock"

    def __str__(self) -> str:
        return str(self.value)
