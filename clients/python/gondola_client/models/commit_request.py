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

if TYPE_CHECKING:
  from ..models.basket_line import BasketLine





T = TypeVar("T", bound="CommitRequest")



@_attrs_define
class CommitRequest:
    """ The sale happened: reserved units leave the store.

        Example:
            {'customerId': 'CUST12345', 'reservationId': '33333333-3333-3333-3333-333333333333', 'transactionId':
                'TX-2026-000017'}

        Attributes:
            transaction_id (str): The sale. Example: TX-2026-000017.
            reservation_id (UUID | Unset): The reservation; this or `orderId`.
            order_id (str | Unset): The order that it was made for, which must have one active reservation; not in bulk.
            customer_id (str | Unset): Who bought; personal data, kept apart and never logged. Example: CUST12345.
            quantity (int | Unset): Units sold of a reservation of one product; all that it holds when absent. The rest
                returns, unless
                `keepRemainder` is set.
            lines (list[BasketLine] | Unset): What was sold of a basket, line by line; everything when absent. What is not
                named returns, unless
                `keepRemainder` is set.
            keep_remainder (bool | Unset): What was not sold is still held, until the same deadline. Goes with `quantity` or
                `lines`. The transaction then
                names this sale: the same again sells nothing, and another sale needs another one.
            occurred_at (datetime.datetime | Unset): When it was sold, RFC 3339; now when absent.
     """

    transaction_id: str
    reservation_id: UUID | Unset = UNSET
    order_id: str | Unset = UNSET
    customer_id: str | Unset = UNSET
    quantity: int | Unset = UNSET
    lines: list[BasketLine] | Unset = UNSET
    keep_remainder: bool | Unset = UNSET
    occurred_at: datetime.datetime | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.basket_line import BasketLine # noqa: PLC0415
        transaction_id = self.transaction_id

        reservation_id: str | Unset = UNSET
        if not isinstance(self.reservation_id, Unset):
            reservation_id = str(self.reservation_id)

        order_id = self.order_id

        customer_id = self.customer_id

        quantity = self.quantity

        lines: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.lines, Unset):
            lines = []
            for lines_item_data in self.lines:
                lines_item = lines_item_data.to_dict()
                lines.append(lines_item)



        keep_remainder = self.keep_remainder

        occurred_at: str | Unset = UNSET
        if not isinstance(self.occurred_at, Unset):
            occurred_at = self.occurred_at.isoformat()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "transactionId": transaction_id,
        })
        if reservation_id is not UNSET:
            field_dict["reservationId"] = reservation_id
        if order_id is not UNSET:
            field_dict["orderId"] = order_id
        if customer_id is not UNSET:
            field_dict["customerId"] = customer_id
        if quantity is not UNSET:
            field_dict["quantity"] = quantity
        if lines is not UNSET:
            field_dict["lines"] = lines
        if keep_remainder is not UNSET:
            field_dict["keepRemainder"] = keep_remainder
        if occurred_at is not UNSET:
            field_dict["occurredAt"] = occurred_at

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.basket_line import BasketLine # noqa: PLC0415
        d = dict(src_dict)
        transaction_id = d.pop("transactionId")

        _reservation_id = d.pop("reservationId", UNSET)
        reservation_id: UUID | Unset
        if isinstance(_reservation_id,  Unset):
            reservation_id = UNSET
        else:
            reservation_id = UUID(_reservation_id)




        order_id = d.pop("orderId", UNSET)

        customer_id = d.pop("customerId", UNSET)

        quantity = d.pop("quantity", UNSET)

        _lines = d.pop("lines", UNSET)
        lines: list[BasketLine] | Unset = UNSET
        if _lines is not UNSET:
            lines = []
            for lines_item_data in _lines:
                lines_item = BasketLine.from_dict(lines_item_data)



                lines.append(lines_item)


        keep_remainder = d.pop("keepRemainder", UNSET)

        _occurred_at = d.pop("occurredAt", UNSET)
        occurred_at: datetime.datetime | Unset
        if isinstance(_occurred_at,  Unset):
            occurred_at = UNSET
        else:
            occurred_at = datetime.datetime.fromisoformat(_occurred_at)




        commit_request = cls(
            transaction_id=transaction_id,
            reservation_id=reservation_id,
            order_id=order_id,
            customer_id=customer_id,
            quantity=quantity,
            lines=lines,
            keep_remainder=keep_remainder,
            occurred_at=occurred_at,
        )

        return commit_request

