from enum import StrEnum

class CheckoutRequestConfirmation(StrEnum):
    IFSERVED = "ifServed"
    NOTWANTED = "notWanted"
    REQUIRED = "required"

    def __str__(self) -> str:
        return str(self.value)
