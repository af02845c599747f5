from enum import StrEnum

class CommitReservationCommandOp(StrEnum):
    COMMIT = "commit"

    def __str__(self) -> str:
        return str(self.value)
