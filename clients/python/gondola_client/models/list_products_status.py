from enum import StrEnum

class ListProductsStatus(StrEnum):
    ACTIVE = "active"
    DISCONTINUED = "discontinued"

    def __str__(self) -> str:
        return str(self.value)
