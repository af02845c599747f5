from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.sourcing_request import SourcingRequest
  from ..models.wanted_part import WantedPart





T = TypeVar("T", bound="SplitReservationRequest")



@_attrs_define
class SplitReservationRequest:
    """ Hold units in several stores until a deadline, all or nothing: from the stores of `parts`, or from those that are
    found
    for `basket`.

        Example:
            {'basket': {'lines': [{'productSku': 'PROD123456', 'quantity': 2}, {'productSku': 'PROD123457', 'quantity':
                1}]}, 'reason': 'Online order checkout'}

        Attributes:
            parts (list[WantedPart] | Unset): What each store is to hold: 1 to 20 stores, each once; this or `basket`.
            basket (SourcingRequest | Unset): The basket, and how it is to be split. Example: {'lines': [{'productSku':
                'PROD123456', 'quantity': 2}, {'productSku': 'PROD123457', 'quantity': 1}], 'near': {'latitude': '-23.561414',
                'longitude': '-46.655881'}, 'strategy': 'nearest'}.
            reason (str | Unset): Why, in people's words. Example: Online order checkout.
            customer_id (str | Unset): Who it is for; personal data, kept apart and never logged.
            order_id (str | Unset): The order that it is for.
            ttl_seconds (int | Unset): Seconds until the deadline; 300 when absent. Up to 24 hours, or what
                `longestHoldSeconds` of each store says.
     """

    parts: list[WantedPart] | Unset = UNSET
    basket: SourcingRequest | Unset = UNSET
    reason: str | Unset = UNSET
    customer_id: str | Unset = UNSET
    order_id: str | Unset = UNSET
    ttl_seconds: int | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.sourcing_request import SourcingRequest # noqa: PLC0415
        from ..models.wanted_part import WantedPart # noqa: PLC0415
        parts: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.parts, Unset):
            parts = []
            for parts_item_data in self.parts:
                parts_item = parts_item_data.to_dict()
                parts.append(parts_item)



        basket: dict[str, Any] | Unset = UNSET
        if not isinstance(self.basket, Unset):
            basket = self.basket.to_dict()

        reason = self.reason

        customer_id = self.customer_id

        order_id = self.order_id

        ttl_seconds = self.ttl_seconds


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if parts is not UNSET:
            field_dict["parts"] = parts
        if basket is not UNSET:
            field_dict["basket"] = basket
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
        from ..models.sourcing_request import SourcingRequest # noqa: PLC0415
        from ..models.wanted_part import WantedPart # noqa: PLC0415
        d = dict(src_dict)
        _parts = d.pop("parts", UNSET)
        parts: list[WantedPart] | Unset = UNSET
        if _parts is not UNSET:
            parts = []
            for parts_item_data in _parts:
                parts_item = WantedPart.from_dict(parts_item_data)



                parts.append(parts_item)


        _basket = d.pop("basket", UNSET)
        basket: SourcingRequest | Unset
        if isinstance(_basket,  Unset):
            basket = UNSET
        else:
            basket = SourcingRequest.from_dict(_basket)




        reason = d.pop("reason", UNSET)

        customer_id = d.pop("customerId", UNSET)

        order_id = d.pop("orderId", UNSET)

        ttl_seconds = d.pop("ttlSeconds", UNSET)

        split_reservation_request = cls(
            parts=parts,
            basket=basket,
            reason=reason,
            customer_id=customer_id,
            order_id=order_id,
            ttl_seconds=ttl_seconds,
        )

        return split_reservation_request

