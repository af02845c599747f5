from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.stock_released_event_data_cause import StockReleasedEventDataCause
from ..types import UNSET, Unset
from uuid import UUID






T = TypeVar("T", bound="StockReleasedEventData")



@_attrs_define
class StockReleasedEventData:
    """ The `data` of a `StockReleasedEvent`.

        Example:
            {'cause': 'cancelled', 'quantity': 3, 'reason': 'basket abandoned', 'reservationId':
                '019ac1d2-7b1e-7000-8000-000000000001'}

        Attributes:
            reservation_id (UUID):
            quantity (int):
            cause (StockReleasedEventDataCause):
            kept (int | Unset):
            reason (str | Unset):
     """

    reservation_id: UUID
    quantity: int
    cause: StockReleasedEventDataCause
    kept: int | Unset = UNSET
    reason: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        reservation_id = str(self.reservation_id)

        quantity = self.quantity

        cause = self.cause.value

        kept = self.kept

        reason = self.reason


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "reservationId": reservation_id,
            "quantity": quantity,
            "cause": cause,
        })
        if kept is not UNSET:
            field_dict["kept"] = kept
        if reason is not UNSET:
            field_dict["reason"] = reason

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reservation_id = UUID(d.pop("reservationId"))




        quantity = d.pop("quantity")

        cause = StockReleasedEventDataCause(d.pop("cause"))




        kept = d.pop("kept", UNSET)

        reason = d.pop("reason", UNSET)

        stock_released_event_data = cls(
            reservation_id=reservation_id,
            quantity=quantity,
            cause=cause,
            kept=kept,
            reason=reason,
        )

        return stock_released_event_data

