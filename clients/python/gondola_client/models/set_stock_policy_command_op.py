from enum import StrEnum

class SetStockPolicyCommandOp(StrEnum):
    POLICY = "policy"

    def __str__(self) -> str:
        return str(self.value)
