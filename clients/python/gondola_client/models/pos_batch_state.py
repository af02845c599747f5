from enum import StrEnum

class PosBatchState(StrEnum):
    MERGED = "merged"
    RECEIVED = "received"

    def __str__(self) -> str:
        return str(self.value)
