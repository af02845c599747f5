from enum import StrEnum

class ListSuppliersStatus(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"
    REMOVED = "removed"

    def __str__(self) -> str:
        return str(self.value)
