from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.shelf_count import ShelfCount





T = TypeVar("T", bound="RecordCountsRequest")



@_attrs_define
class RecordCountsRequest:
    """ Shelves were counted.

        Example:
            {'counts': [{'counted': 23, 'occurredAt': '2026-11-27T08:15:00Z', 'productSku': 'PROD123456', 'zone': 'Aisle
                4'}, {'counted': 12, 'occurredAt': '2026-11-27T08:20:00Z', 'productSku': 'PROD123456', 'zone': 'Back room'}]}

        Attributes:
            counts (list[ShelfCount]): 1 to 1,000 counts. Those of one product in several zones are added up; of one product
                and zone the latest holds.
     """

    counts: list[ShelfCount]





    def to_dict(self) -> dict[str, Any]:
        from ..models.shelf_count import ShelfCount # noqa: PLC0415
        counts = []
        for counts_item_data in self.counts:
            counts_item = counts_item_data.to_dict()
            counts.append(counts_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "counts": counts,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.shelf_count import ShelfCount # noqa: PLC0415
        d = dict(src_dict)
        counts = []
        _counts = d.pop("counts")
        for counts_item_data in (_counts):
            counts_item = ShelfCount.from_dict(counts_item_data)



            counts.append(counts_item)


        record_counts_request = cls(
            counts=counts,
        )

        return record_counts_request

