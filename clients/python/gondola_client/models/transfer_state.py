from enum import StrEnum

class TransferState(StrEnum):
    CANCELLED = "cancelled"
    CLOSED = "closed"
    HELD = "held"
    INTRANSIT = "inTransit"
    REFUSED = "refused"
    REQUESTED = "requested"
    RETURNED = "returned"

    def __str__(self) -> str:
        return str(self.value)
