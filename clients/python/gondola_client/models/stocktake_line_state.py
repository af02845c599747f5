from enum import StrEnum

class StocktakeLineState(StrEnum):
    APPROVED = "approved"
    COUNTED = "counted"
    POSTED = "posted"
    RECOUNT = "recount"
    REJECTED = "rejected"
    REVIEW = "review"
    TOCOUNT = "toCount"

    def __str__(self) -> str:
        return str(self.value)
