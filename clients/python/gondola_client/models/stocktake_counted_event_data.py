from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.event_shelf_count import EventShelfCount





T = TypeVar("T", bound="StocktakeCountedEventData")



@_attrs_define
class StocktakeCountedEventData:
    """ The `data` of a `StocktakeCountedEvent`.

        Example:
            {'counts': [{'counted': 12, 'countedAt': '2026-11-27T08:15:30.250Z', 'productId':
                '22222222-2222-2222-2222-000000000001', 'zone': 'Back room'}, {'counted': 0, 'countedAt':
                '2026-11-27T08:16:00.000Z', 'productId': '22222222-2222-2222-2222-000000000002'}]}

        Attributes:
            counts (list[EventShelfCount]):
     """

    counts: list[EventShelfCount]





    def to_dict(self) -> dict[str, Any]:
        from ..models.event_shelf_count import EventShelfCount # noqa: PLC0415
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
        from ..models.event_shelf_count import EventShelfCount # noqa: PLC0415
        d = dict(src_dict)
        counts = []
        _counts = d.pop("counts")
        for counts_item_data in (_counts):
            counts_item = EventShelfCount.from_dict(counts_item_data)



            counts.append(counts_item)


        stocktake_counted_event_data = cls(
            counts=counts,
        )

        return stocktake_counted_event_data

