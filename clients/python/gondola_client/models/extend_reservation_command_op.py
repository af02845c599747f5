from enum import StrEnum

class ExtendReservationCommandOp(StrEnum):
    EXTEND = "extend"

    def __str__(self) -> str:
        return str(self.value)
