from enum import StrEnum

class CheckoutRequestedEventDataConfirmation(StrEnum):
    ASKED = "asked"
    NOTSERVED = "notServed"
    NOTWANTED = "notWanted"

    def __str__(self) -> str:
        return str(self.value)
