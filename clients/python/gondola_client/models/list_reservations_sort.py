from enum import StrEnum

class ListReservationsSort(StrEnum):
    EXPIRESAT = "expiresAt"
    EXPIRESATDESCENDING = "expiresAtDescending"

    def __str__(self) -> str:
        return str(self.value)
