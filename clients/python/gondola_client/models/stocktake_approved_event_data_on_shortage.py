from enum import StrEnum

class StocktakeApprovedEventDataOnShortage(StrEnum):
    REFUSE = "refuse"
    REVOKE = "revoke"

    def __str__(self) -> str:
        return str(self.value)
