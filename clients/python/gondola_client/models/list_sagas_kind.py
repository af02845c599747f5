from enum import StrEnum

class ListSagasKind(StrEnum):
    CHECKOUT = "checkout"
    POSBATCH = "posBatch"
    SPLITRESERVATION = "splitReservation"
    STOCKTAKE = "stocktake"
    TRANSFER = "transfer"

    def __str__(self) -> str:
        return str(self.value)
