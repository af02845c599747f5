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
  from ..models.event_refused_count import EventRefusedCount





T = TypeVar("T", bound="StocktakePostedEventData")



@_attrs_define
class StocktakePostedEventData:
    """ The `data` of a `StocktakePostedEvent`.

        Example:
            {'productIds': ['22222222-2222-2222-2222-000000000001'], 'refused': [{'detail': '6 are reserved', 'productId':
                '22222222-2222-2222-2222-000000000002'}]}

        Attributes:
            product_ids (list[UUID] | Unset):
            refused (list[EventRefusedCount] | Unset):
     """

    product_ids: list[UUID] | Unset = UNSET
    refused: list[EventRefusedCount] | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.event_refused_count import EventRefusedCount # noqa: PLC0415
        product_ids: list[str] | Unset = UNSET
        if not isinstance(self.product_ids, Unset):
            product_ids = []
            for product_ids_item_data in self.product_ids:
                product_ids_item = str(product_ids_item_data)
                product_ids.append(product_ids_item)



        refused: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.refused, Unset):
            refused = []
            for refused_item_data in self.refused:
                refused_item = refused_item_data.to_dict()
                refused.append(refused_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if product_ids is not UNSET:
            field_dict["productIds"] = product_ids
        if refused is not UNSET:
            field_dict["refused"] = refused

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_refused_count import EventRefusedCount # noqa: PLC0415
        d = dict(src_dict)
        _product_ids = d.pop("productIds", UNSET)
        product_ids: list[UUID] | Unset = UNSET
        if _product_ids is not UNSET:
            product_ids = []
            for product_ids_item_data in _product_ids:
                product_ids_item = UUID(product_ids_item_data)



                product_ids.append(product_ids_item)


        _refused = d.pop("refused", UNSET)
        refused: list[EventRefusedCount] | Unset = UNSET
        if _refused is not UNSET:
            refused = []
            for refused_item_data in _refused:
                refused_item = EventRefusedCount.from_dict(refused_item_data)



                refused.append(refused_item)


        stocktake_posted_event_data = cls(
            product_ids=product_ids,
            refused=refused,
        )

        return stocktake_posted_event_data

