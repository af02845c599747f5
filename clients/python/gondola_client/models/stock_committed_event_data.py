from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.stock_committed_event_data_effect import StockCommittedEventDataEffect





T = TypeVar("T", bound="StockCommittedEventData")



@_attrs_define
class StockCommittedEventData:
    """ The `data` of a `StockCommittedEvent`.

        Example:
            {'quantity': 2, 'reservationId': '019ac1d2-7b1e-7000-8000-000000000001', 'returned': 1, 'transactionId':
                'receipt 0815'}

        Attributes:
            reservation_id (UUID):
            quantity (int):
            returned (int):
            transaction_id (str):
            kept (int | Unset): Left out where the hold ends, as in events of earlier builds.
            effect (StockCommittedEventDataEffect | Unset): What a fact changed, where its event does not say so by itself.
     """

    reservation_id: UUID
    quantity: int
    returned: int
    transaction_id: str
    kept: int | Unset = UNSET
    effect: StockCommittedEventDataEffect | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.stock_committed_event_data_effect import StockCommittedEventDataEffect # noqa: PLC0415
        reservation_id = str(self.reservation_id)

        quantity = self.quantity

        returned = self.returned

        transaction_id = self.transaction_id

        kept = self.kept

        effect: dict[str, Any] | Unset = UNSET
        if not isinstance(self.effect, Unset):
            effect = self.effect.to_dict()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "reservationId": reservation_id,
            "quantity": quantity,
            "returned": returned,
            "transactionId": transaction_id,
        })
        if kept is not UNSET:
            field_dict["kept"] = kept
        if effect is not UNSET:
            field_dict["effect"] = effect

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.stock_committed_event_data_effect import StockCommittedEventDataEffect # noqa: PLC0415
        d = dict(src_dict)
        reservation_id = UUID(d.pop("reservationId"))




        quantity = d.pop("quantity")

        returned = d.pop("returned")

        transaction_id = d.pop("transactionId")

        kept = d.pop("kept", UNSET)

        _effect = d.pop("effect", UNSET)
        effect: StockCommittedEventDataEffect | Unset
        if isinstance(_effect,  Unset):
            effect = UNSET
        else:
            effect = StockCommittedEventDataEffect.from_dict(_effect)




        stock_committed_event_data = cls(
            reservation_id=reservation_id,
            quantity=quantity,
            returned=returned,
            transaction_id=transaction_id,
            kept=kept,
            effect=effect,
        )

        return stock_committed_event_data

