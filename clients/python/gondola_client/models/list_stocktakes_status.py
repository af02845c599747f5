from enum import StrEnum

class ListStocktakesStatus(StrEnum):
    CANCELLED = "cancelled"
    CLOSED = "closed"
    COUNTING = "counting"
    POSTING = "posting"
    REVIEW = "review"

    def __str__(self) -> str:
        return str(self.value)
