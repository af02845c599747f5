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
  from ..models.basket_line import BasketLine





T = TypeVar("T", bound="BasketRequest")



@_attrs_define
class BasketRequest:
    """ Reserve several products of one store until a deadline, all or nothing.

        Example:
            {'lines': [{'productSku': 'PROD123456', 'quantity': 1}, {'productSku': 'PROD123457', 'quantity': 2}], 'reason':
                'Online order checkout', 'storeId': '11111111-1111-1111-1111-111111111111'}

        Attributes:
            lines (list[BasketLine]): 1 to 500 lines; lines of the same product are added up before stock is checked.
            store_id (UUID | Unset): The store, by id; this or `storeCode`. Example: 11111111-1111-1111-1111-111111111111.
            store_code (str | Unset): The store, by its code in the catalogue.
            reason (str | Unset): Why, in people's words. Example: Online order checkout.
            reservation_id (UUID | Unset): The caller's own id of the reservation; it also makes a repetition harmless. Made
                by the server when absent.
            customer_id (str | Unset): Who it is for; personal data, kept apart and never logged.
            order_id (str | Unset): The order that it is for.
            ttl_seconds (int | Unset): Seconds until the deadline; 300 when absent. Up to 24 hours, or what
                `longestHoldSeconds` of the store says.
     """

    lines: list[BasketLine]
    store_id: UUID | Unset = UNSET
    store_code: str | Unset = UNSET
    reason: str | Unset = UNSET
    reservation_id: UUID | Unset = UNSET
    customer_id: str | Unset = UNSET
    order_id: str | Unset = UNSET
    ttl_seconds: int | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.basket_line import BasketLine # noqa: PLC0415
        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)



        store_id: str | Unset = UNSET
        if not isinstance(self.store_id, Unset):
            store_id = str(self.store_id)

        store_code = self.store_code

        reason = self.reason

        reservation_id: str | Unset = UNSET
        if not isinstance(self.reservation_id, Unset):
            reservation_id = str(self.reservation_id)

        customer_id = self.customer_id

        order_id = self.order_id

        ttl_seconds = self.ttl_seconds


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "lines": lines,
        })
        if store_id is not UNSET:
            field_dict["storeId"] = store_id
        if store_code is not UNSET:
            field_dict["storeCode"] = store_code
        if reason is not UNSET:
            field_dict["reason"] = reason
        if reservation_id is not UNSET:
            field_dict["reservationId"] = reservation_id
        if customer_id is not UNSET:
            field_dict["customerId"] = customer_id
        if order_id is not UNSET:
            field_dict["orderId"] = order_id
        if ttl_seconds is not UNSET:
            field_dict["ttlSeconds"] = ttl_seconds

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.basket_line import BasketLine # noqa: PLC0415
        d = dict(src_dict)
        lines = []
        _lines = d.pop("lines")
        for lines_item_data in (_lines):
            lines_item = BasketLine.from_dict(lines_item_data)



            lines.append(lines_item)


        _store_id = d.pop("storeId", UNSET)
        store_id: UUID | Unset
        if isinstance(_store_id,  Unset):
            store_id = UNSET
        else:
            store_id = UUID(_store_id)




        store_code = d.pop("storeCode", UNSET)

        reason = d.pop("reason", UNSET)

        _reservation_id = d.pop("reservationId", UNSET)
        reservation_id: UUID | Unset
        if isinstance(_reservation_id,  Unset):
            reservation_id = UNSET
        else:
            reservation_id = UUID(_reservation_id)




        customer_id = d.pop("customerId", UNSET)

        order_id = d.pop("orderId", UNSET)

        ttl_seconds = d.pop("ttlSeconds", UNSET)

        basket_request = cls(
            lines=lines,
            store_id=store_id,
            store_code=store_code,
            reason=reason,
            reservation_id=reservation_id,
            customer_id=customer_id,
            order_id=order_id,
            ttl_seconds=ttl_seconds,
        )

        return basket_request

