from enum import StrEnum

class SplitReservationReleaseOrderedEventDataCause(StrEnum):
    EXPIRED = "expired"
    REQUESTED = "requested"

    def __str__(self) -> str:
        return str(self.value)
