from enum import StrEnum

class ListNotificationsState(StrEnum):
    DEAD = "dead"
    PENDING = "pending"
    SENT = "sent"

    def __str__(self) -> str:
        return str(self.value)
