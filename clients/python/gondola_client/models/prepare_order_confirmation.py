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
  from ..models.order_confirmation_line import OrderConfirmationLine





T = TypeVar("T", bound="PrepareOrderConfirmation")



@_attrs_define
class PrepareOrderConfirmation:
    """ What an order's confirmation will say.

        Attributes:
            checkout_id (UUID): The checkout that it is of; of each there is one confirmation, for ever.
            store_id (UUID): The store that serves it.
            lines (list[OrderConfirmationLine]): 1 to 500 lines.
            order_id (str | Unset): The order, if it is known.
     """

    checkout_id: UUID
    store_id: UUID
    lines: list[OrderConfirmationLine]
    order_id: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.order_confirmation_line import OrderConfirmationLine # noqa: PLC0415
        checkout_id = str(self.checkout_id)

        store_id = str(self.store_id)

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)



        order_id = self.order_id


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "checkoutId": checkout_id,
            "storeId": store_id,
            "lines": lines,
        })
        if order_id is not UNSET:
            field_dict["orderId"] = order_id

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.order_confirmation_line import OrderConfirmationLine # noqa: PLC0415
        d = dict(src_dict)
        checkout_id = UUID(d.pop("checkoutId"))




        store_id = UUID(d.pop("storeId"))




        lines = []
        _lines = d.pop("lines")
        for lines_item_data in (_lines):
            lines_item = OrderConfirmationLine.from_dict(lines_item_data)



            lines.append(lines_item)


        order_id = d.pop("orderId", UNSET)

        prepare_order_confirmation = cls(
            checkout_id=checkout_id,
            store_id=store_id,
            lines=lines,
            order_id=order_id,
        )

        return prepare_order_confirmation

