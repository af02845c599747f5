from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from uuid import UUID






T = TypeVar("T", bound="StocktakeRejectedEventData")



@_attrs_define
class StocktakeRejectedEventData:
    """ The `data` of a `StocktakeRejectedEvent`.

        Example:
            {'productIds': ['22222222-2222-2222-2222-000000000001'], 'reason': 'Miscounted'}

        Attributes:
            product_ids (list[UUID]):
            reason (str | Unset):
     """

    product_ids: list[UUID]
    reason: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        product_ids = []
        for product_ids_item_data in self.product_ids:
            product_ids_item = str(product_ids_item_data)
            product_ids.append(product_ids_item)



        reason = self.reason


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "productIds": product_ids,
        })
        if reason is not UNSET:
            field_dict["reason"] = reason

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        product_ids = []
        _product_ids = d.pop("productIds")
        for product_ids_item_data in (_product_ids):
            product_ids_item = UUID(product_ids_item_data)



            product_ids.append(product_ids_item)


        reason = d.pop("reason", UNSET)

        stocktake_rejected_event_data = cls(
            product_ids=product_ids,
            reason=reason,
        )

        return stocktake_rejected_event_data

