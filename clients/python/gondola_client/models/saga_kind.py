from enum import StrEnum

class SagaKind(StrEnum):
    CHECKOUT = "checkout"
    POSBATCH = "posBatch"
    SPLITRESERVATION = "splitReservation"
    STOCKTAKE = "stocktake"
    TRANSFER = "transfer"

    def __str__(self) -> str:
        return str(self.value)
