from enum import StrEnum

class ListSplitReservationsStatus(StrEnum):
    ACTIVE = "active"
    COMMITTED = "committed"
    COMMITTING = "committing"
    EXPIRED = "expired"
    REFUSED = "refused"
    RELEASED = "released"
    RELEASING = "releasing"
    REQUESTED = "requested"
    REVOKED = "revoked"

    def __str__(self) -> str:
        return str(self.value)
