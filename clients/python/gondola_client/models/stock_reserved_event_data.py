from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="StockReservedEventData")



@_attrs_define
class StockReservedEventData:
    """ The `data` of a `StockReservedEvent`.

        Example:
            {'createdAt': '2026-11-27T08:30:00.000Z', 'expiresAt': '2026-11-27T08:35:00.000Z', 'orderId': 'order 9',
                'quantity': 3, 'reason': 'checkout', 'reservationId': '019ac1d2-7b1e-7000-8000-000000000001'}

        Attributes:
            reservation_id (UUID):
            quantity (int):
            created_at (datetime.datetime):
            expires_at (datetime.datetime):
            reason (str | Unset):
            order_id (str | Unset):
     """

    reservation_id: UUID
    quantity: int
    created_at: datetime.datetime
    expires_at: datetime.datetime
    reason: str | Unset = UNSET
    order_id: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        reservation_id = str(self.reservation_id)

        quantity = self.quantity

        created_at = self.created_at.isoformat()

        expires_at = self.expires_at.isoformat()

        reason = self.reason

        order_id = self.order_id


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "reservationId": reservation_id,
            "quantity": quantity,
            "createdAt": created_at,
            "expiresAt": expires_at,
        })
        if reason is not UNSET:
            field_dict["reason"] = reason
        if order_id is not UNSET:
            field_dict["orderId"] = order_id

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reservation_id = UUID(d.pop("reservationId"))




        quantity = d.pop("quantity")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))




        expires_at = datetime.datetime.fromisoformat(d.pop("expiresAt"))




        reason = d.pop("reason", UNSET)

        order_id = d.pop("orderId", UNSET)

        stock_reserved_event_data = cls(
            reservation_id=reservation_id,
            quantity=quantity,
            created_at=created_at,
            expires_at=expires_at,
            reason=reason,
            order_id=order_id,
        )

        return stock_reserved_event_data

