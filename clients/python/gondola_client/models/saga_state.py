from enum import StrEnum

class SagaState(StrEnum):
    ENDED = "ended"
    PERFORMING = "performing"
    STUCK = "stuck"
    WAITING = "waiting"

    def __str__(self) -> str:
        return str(self.value)
