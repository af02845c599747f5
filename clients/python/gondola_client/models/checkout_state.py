from enum import StrEnum

class CheckoutState(StrEnum):
    ACTIVE = "active"
    CANCELLED = "cancelled"
    COMMITTED = "committed"
    COMMITTING = "committing"
    EXPIRED = "expired"
    REFUSED = "refused"
    REQUESTED = "requested"
    REVOKED = "revoked"
    ROLLINGBACK = "rollingBack"

    def __str__(self) -> str:
        return str(self.value)
