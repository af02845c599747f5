from enum import StrEnum

class HealthComponentStatus(StrEnum):
    DEGRADED = "DEGRADED"
    DOWN = "DOWN"
    OUT_OF_SERVICE = "OUT_OF_SERVICE"
    UP = "UP"

    def __str__(self) -> str:
        return str(self.value)
