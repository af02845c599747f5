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
  from ..models.stock_transferred_out_event_data_effect import StockTransferredOutEventDataEffect





T = TypeVar("T", bound="StockTransferredOutEventData")



@_attrs_define
class StockTransferredOutEventData:
    """ The `data` of a `StockTransferredOutEvent`.

        Example:
            {'quantity': 4, 'reservationId': '019ac1d2-7b1e-7000-8000-000000000001', 'toStoreId':
                '11111111-1111-1111-1111-111111111112', 'transferId': '019ac1d2-7b1e-7000-8000-000000000002'}

        Attributes:
            transfer_id (UUID):
            reservation_id (UUID):
            quantity (int):
            to_store_id (UUID):
            effect (StockTransferredOutEventDataEffect | Unset): What a fact changed, where its event does not say so by
                itself.
     """

    transfer_id: UUID
    reservation_id: UUID
    quantity: int
    to_store_id: UUID
    effect: StockTransferredOutEventDataEffect | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.stock_transferred_out_event_data_effect import StockTransferredOutEventDataEffect # noqa: PLC0415
        transfer_id = str(self.transfer_id)

        reservation_id = str(self.reservation_id)

        quantity = self.quantity

        to_store_id = str(self.to_store_id)

        effect: dict[str, Any] | Unset = UNSET
        if not isinstance(self.effect, Unset):
            effect = self.effect.to_dict()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "transferId": transfer_id,
            "reservationId": reservation_id,
            "quantity": quantity,
            "toStoreId": to_store_id,
        })
        if effect is not UNSET:
            field_dict["effect"] = effect

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.stock_transferred_out_event_data_effect import StockTransferredOutEventDataEffect # noqa: PLC0415
        d = dict(src_dict)
        transfer_id = UUID(d.pop("transferId"))




        reservation_id = UUID(d.pop("reservationId"))




        quantity = d.pop("quantity")

        to_store_id = UUID(d.pop("toStoreId"))




        _effect = d.pop("effect", UNSET)
        effect: StockTransferredOutEventDataEffect | Unset
        if isinstance(_effect,  Unset):
            effect = UNSET
        else:
            effect = StockTransferredOutEventDataEffect.from_dict(_effect)




        stock_transferred_out_event_data = cls(
            transfer_id=transfer_id,
            reservation_id=reservation_id,
            quantity=quantity,
            to_store_id=to_store_id,
            effect=effect,
        )

        return stock_transferred_out_event_data

