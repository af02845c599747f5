from enum import StrEnum

class EventComparisonVerdict(StrEnum):
    ACCEPTED = "accepted"
    RECOUNTASKED = "recountAsked"
    RECOUNTMOVED = "recountMoved"
    RECOUNTVARIANCE = "recountVariance"
    REVIEW = "review"

    def __str__(self) -> str:
        return str(self.value)
