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





T = TypeVar("T", bound="ReleaseRequest")



@_attrs_define
class ReleaseRequest:
    """ Reserved units are given back: all of them, or some, and the rest is still held.

        Example:
            {'reason': 'Cart abandoned', 'reservationId': '33333333-3333-3333-3333-333333333333'}

        Attributes:
            reservation_id (UUID | Unset): The reservation; this or `orderId`.
            order_id (str | Unset): The order that it was made for, which must have one active reservation; not in bulk.
            quantity (int | Unset): Units of a reservation of one product; all that it holds when absent.
            lines (list[BasketLine] | Unset): What of a basket, line by line; everything that it holds when absent.
            reason (str | Unset): Why, in people's words. Example: Cart abandoned.
     """

    reservation_id: UUID | Unset = UNSET
    order_id: str | Unset = UNSET
    quantity: int | Unset = UNSET
    lines: list[BasketLine] | Unset = UNSET
    reason: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.basket_line import BasketLine # noqa: PLC0415
        reservation_id: str | Unset = UNSET
        if not isinstance(self.reservation_id, Unset):
            reservation_id = str(self.reservation_id)

        order_id = self.order_id

        quantity = self.quantity

        lines: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.lines, Unset):
            lines = []
            for lines_item_data in self.lines:
                lines_item = lines_item_data.to_dict()
                lines.append(lines_item)



        reason = self.reason


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if reservation_id is not UNSET:
            field_dict["reservationId"] = reservation_id
        if order_id is not UNSET:
            field_dict["orderId"] = order_id
        if quantity is not UNSET:
            field_dict["quantity"] = quantity
        if lines is not UNSET:
            field_dict["lines"] = lines
        if reason is not UNSET:
            field_dict["reason"] = reason

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.basket_line import BasketLine # noqa: PLC0415
        d = dict(src_dict)
        _reservation_id = d.pop("reservationId", UNSET)
        reservation_id: UUID | Unset
        if isinstance(_reservation_id,  Unset):
            reservation_id = UNSET
        else:
            reservation_id = UUID(_reservation_id)




        order_id = d.pop("orderId", UNSET)

        quantity = d.pop("quantity", UNSET)

        _lines = d.pop("lines", UNSET)
        lines: list[BasketLine] | Unset = UNSET
        if _lines is not UNSET:
            lines = []
            for lines_item_data in _lines:
                lines_item = BasketLine.from_dict(lines_item_data)



                lines.append(lines_item)


        reason = d.pop("reason", UNSET)

        release_request = cls(
            reservation_id=reservation_id,
            order_id=order_id,
            quantity=quantity,
            lines=lines,
            reason=reason,
        )

        return release_request

