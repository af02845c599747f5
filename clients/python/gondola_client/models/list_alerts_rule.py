from enum import StrEnum

class ListAlertsRule(StrEnum):
    BACK_IN_STOCK = "back-in-stock"
    LARGE_ADJUSTMENT = "large-adjustment"
    LOW_STOCK = "low-stock"
    OUT_OF_STOCK = "out-of-stock"
    REFUSAL_RATE = "refusal-rate"
    SAGA_DELAYED = "saga-delayed"
    SHORTFALL = "shortfall"
    TRANSFER_OVERDUE = "transfer-overdue"
    VIEW_DRIFT = "view-drift"

    def __str__(self) -> str:
        return str(self.value)
