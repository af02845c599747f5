from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
import datetime

if TYPE_CHECKING:
  from ..models.event_basket import EventBasket
  from ..models.event_part import EventPart





T = TypeVar("T", bound="SplitReservationRequestedEventData")



@_attrs_define
class SplitReservationRequestedEventData:
    """ The `data` of a `SplitReservationRequestedEvent`.

        Example:
            {'definition': 1, 'expiresAt': '2026-11-27T08:35:00.000Z', 'orderId': 'O-1', 'parts': [{'lines': [{'productId':
                '22222222-2222-2222-2222-000000000001', 'quantity': 2}], 'storeId': '11111111-1111-1111-1111-111111111111'},
                {'lines': [{'productId': '22222222-2222-2222-2222-000000000001', 'quantity': 1}], 'storeId':
                '11111111-1111-1111-1111-111111111112'}], 'reason': 'checkout', 'ttlSeconds': 300}

        Attributes:
            definition (int):
            ttl_seconds (int):
            expires_at (datetime.datetime):
            reason (str | Unset):
            order_id (str | Unset):
            basket (EventBasket | Unset):
            parts (list[EventPart] | Unset):
     """

    definition: int
    ttl_seconds: int
    expires_at: datetime.datetime
    reason: str | Unset = UNSET
    order_id: str | Unset = UNSET
    basket: EventBasket | Unset = UNSET
    parts: list[EventPart] | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.event_basket import EventBasket # noqa: PLC0415
        from ..models.event_part import EventPart # noqa: PLC0415
        definition = self.definition

        ttl_seconds = self.ttl_seconds

        expires_at = self.expires_at.isoformat()

        reason = self.reason

        order_id = self.order_id

        basket: dict[str, Any] | Unset = UNSET
        if not isinstance(self.basket, Unset):
            basket = self.basket.to_dict()

        parts: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.parts, Unset):
            parts = []
            for parts_item_data in self.parts:
                parts_item = parts_item_data.to_dict()
                parts.append(parts_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "definition": definition,
            "ttlSeconds": ttl_seconds,
            "expiresAt": expires_at,
        })
        if reason is not UNSET:
            field_dict["reason"] = reason
        if order_id is not UNSET:
            field_dict["orderId"] = order_id
        if basket is not UNSET:
            field_dict["basket"] = basket
        if parts is not UNSET:
            field_dict["parts"] = parts

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_basket import EventBasket # noqa: PLC0415
        from ..models.event_part import EventPart # noqa: PLC0415
        d = dict(src_dict)
        definition = d.pop("definition")

        ttl_seconds = d.pop("ttlSeconds")

        expires_at = datetime.datetime.fromisoformat(d.pop("expiresAt"))




        reason = d.pop("reason", UNSET)

        order_id = d.pop("orderId", UNSET)

        _basket = d.pop("basket", UNSET)
        basket: EventBasket | Unset
        if isinstance(_basket,  Unset):
            basket = UNSET
        else:
            basket = EventBasket.from_dict(_basket)




        _parts = d.pop("parts", UNSET)
        parts: list[EventPart] | Unset = UNSET
        if _parts is not UNSET:
            parts = []
            for parts_item_data in _parts:
                parts_item = EventPart.from_dict(parts_item_data)



                parts.append(parts_item)


        split_reservation_requested_event_data = cls(
            definition=definition,
            ttl_seconds=ttl_seconds,
            expires_at=expires_at,
            reason=reason,
            order_id=order_id,
            basket=basket,
            parts=parts,
        )

        return split_reservation_requested_event_data

