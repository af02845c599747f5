from enum import StrEnum

class ListStoresStatus(StrEnum):
    ACTIVE = "active"
    CLOSED = "closed"
    MAINTENANCE = "maintenance"

    def __str__(self) -> str:
        return str(self.value)
