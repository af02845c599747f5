from enum import StrEnum

class ReservationStatus(StrEnum):
    ACTIVE = "active"
    COMMITTED = "committed"
    EXPIRED = "expired"
    RELEASED = "released"
    REVOKED = "revoked"
    TRANSFERRED = "transferred"

    def __str__(self) -> str:
        return str(self.value)
