from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.checkout_requested_event_data_confirmation import CheckoutRequestedEventDataConfirmation
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.event_line import EventLine





T = TypeVar("T", bound="CheckoutRequestedEventData")



@_attrs_define
class CheckoutRequestedEventData:
    """ The `data` of a `CheckoutRequestedEvent`.

        Example:
            {'confirmation': 'asked', 'definition': 1, 'expiresAt': '2026-11-27T08:35:00.000Z', 'lines': [{'productId':
                '22222222-2222-2222-2222-000000000001', 'quantity': 2}], 'orderId': 'O-1', 'reason': 'checkout', 'storeId':
                '11111111-1111-1111-1111-111111111111', 'ttlSeconds': 300}

        Attributes:
            definition (int):
            store_id (UUID):
            lines (list[EventLine]):
            ttl_seconds (int):
            expires_at (datetime.datetime):
            confirmation (CheckoutRequestedEventDataConfirmation):
            reason (str | Unset):
            order_id (str | Unset):
     """

    definition: int
    store_id: UUID
    lines: list[EventLine]
    ttl_seconds: int
    expires_at: datetime.datetime
    confirmation: CheckoutRequestedEventDataConfirmation
    reason: str | Unset = UNSET
    order_id: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.event_line import EventLine # noqa: PLC0415
        definition = self.definition

        store_id = str(self.store_id)

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)



        ttl_seconds = self.ttl_seconds

        expires_at = self.expires_at.isoformat()

        confirmation = self.confirmation.value

        reason = self.reason

        order_id = self.order_id


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "definition": definition,
            "storeId": store_id,
            "lines": lines,
            "ttlSeconds": ttl_seconds,
            "expiresAt": expires_at,
            "confirmation": confirmation,
        })
        if reason is not UNSET:
            field_dict["reason"] = reason
        if order_id is not UNSET:
            field_dict["orderId"] = order_id

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_line import EventLine # noqa: PLC0415
        d = dict(src_dict)
        definition = d.pop("definition")

        store_id = UUID(d.pop("storeId"))




        lines = []
        _lines = d.pop("lines")
        for lines_item_data in (_lines):
            lines_item = EventLine.from_dict(lines_item_data)



            lines.append(lines_item)


        ttl_seconds = d.pop("ttlSeconds")

        expires_at = datetime.datetime.fromisoformat(d.pop("expiresAt"))




        confirmation = CheckoutRequestedEventDataConfirmation(d.pop("confirmation"))




        reason = d.pop("reason", UNSET)

        order_id = d.pop("orderId", UNSET)

        checkout_requested_event_data = cls(
            definition=definition,
            store_id=store_id,
            lines=lines,
            ttl_seconds=ttl_seconds,
            expires_at=expires_at,
            confirmation=confirmation,
            reason=reason,
            order_id=order_id,
        )

        return checkout_requested_event_data

