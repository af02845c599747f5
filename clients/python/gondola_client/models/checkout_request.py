from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.checkout_request_confirmation import CheckoutRequestConfirmation
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.basket_line import BasketLine





T = TypeVar("T", bound="CheckoutRequest")



@_attrs_define
class CheckoutRequest:
    """ Have a basket of one store accepted by all who take part, until a deadline.

        Example:
            {'confirmation': 'notWanted', 'lines': [{'productSku': 'PROD123456', 'quantity': 2}, {'productSku':
                'PROD123457', 'quantity': 1}], 'orderId': 'ORDER-1001', 'storeId': '11111111-1111-1111-1111-111111111111'}

        Attributes:
            lines (list[BasketLine]): 1 to 500 lines; lines of the same product are added up.
            store_id (UUID | Unset): The store that serves it, by id; this or `storeCode`.
            store_code (str | Unset): The store, by its code in the catalogue.
            confirmation (CheckoutRequestConfirmation | Unset): Whether the notification service is to take part.
            reason (str | Unset): Why, in people's words. Example: Online order.
            customer_id (str | Unset): Who it is for; personal data, kept apart, never logged, and not in the confirmation.
            order_id (str | Unset): The order that it is for.
            ttl_seconds (int | Unset): Seconds until the deadline; 300 when absent. As long as `longestHoldSeconds` of the
                store allows.
     """

    lines: list[BasketLine]
    store_id: UUID | Unset = UNSET
    store_code: str | Unset = UNSET
    confirmation: CheckoutRequestConfirmation | Unset = UNSET
    reason: str | Unset = UNSET
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

        confirmation: str | Unset = UNSET
        if not isinstance(self.confirmation, Unset):
            confirmation = self.confirmation.value


        reason = self.reason

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
        if confirmation is not UNSET:
            field_dict["confirmation"] = confirmation
        if reason is not UNSET:
            field_dict["reason"] = reason
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

        _confirmation = d.pop("confirmation", UNSET)
        confirmation: CheckoutRequestConfirmation | Unset
        if isinstance(_confirmation,  Unset):
            confirmation = UNSET
        else:
            confirmation = CheckoutRequestConfirmation(_confirmation)




        reason = d.pop("reason", UNSET)

        customer_id = d.pop("customerId", UNSET)

        order_id = d.pop("orderId", UNSET)

        ttl_seconds = d.pop("ttlSeconds", UNSET)

        checkout_request = cls(
            lines=lines,
            store_id=store_id,
            store_code=store_code,
            confirmation=confirmation,
            reason=reason,
            customer_id=customer_id,
            order_id=order_id,
            ttl_seconds=ttl_seconds,
        )

        return checkout_request

