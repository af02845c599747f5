from enum import StrEnum

class ListStoreStockSort(StrEnum):
    AVAILABLE = "available"
    AVAILABLEDESCENDING = "availableDescending"
    ONHANDDESCENDING = "onHandDescending"
    PRODUCT = "product"

    def __str__(self) -> str:
        return str(self.value)
