from enum import StrEnum

class EventBasketStrategy(StrEnum):
    FEWESTPARCELS = "fewestParcels"
    INORDER = "inOrder"
    MOSTSTOCK = "mostStock"
    NEAREST = "nearest"

    def __str__(self) -> str:
        return str(self.value)
