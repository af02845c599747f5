from enum import StrEnum

class ListStoresKind(StrEnum):
    CROSS_DOCKING = "cross-docking"
    DARK_STORE = "dark-store"
    DISTRIBUTION_CENTRE = "distribution-centre"
    HUB = "hub"
    PICK_UP_POINT = "pick-up-point"
    SHOP = "shop"

    def __str__(self) -> str:
        return str(self.value)
