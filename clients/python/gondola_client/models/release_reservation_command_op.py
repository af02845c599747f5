from enum import StrEnum

class ReleaseReservationCommandOp(StrEnum):
    RELEASE = "release"

    def __str__(self) -> str:
        return str(self.value)
