from enum import StrEnum

class StoreStatus(StrEnum):
    ACTIVE = "active"
    CLOSED = "closed"
    MAINTENANCE = "maintenance"

    def __str__(self) -> str:
        return str(self.value)
