from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.event_comparison import EventComparison





T = TypeVar("T", bound="StocktakeComparedEventData")



@_attrs_define
class StocktakeComparedEventData:
    """ The `data` of a `StocktakeComparedEvent`.

        Example:
            {'lines': [{'counted': 12, 'countedAt': '2026-11-27T08:15:30.250Z', 'expected': 15, 'productId':
                '22222222-2222-2222-2222-000000000001', 'unitCost': {'currency': 'BRL', 'minorUnits': 1990}, 'verdict':
                'review'}, {'counted': 0, 'countedAt': '2026-11-27T08:16:00.000Z', 'expected': 0, 'productId':
                '22222222-2222-2222-2222-000000000002', 'verdict': 'accepted'}, {'counted': 1, 'countedAt':
                '2026-11-27T08:16:00.000Z', 'expected': 90, 'productId': '22222222-2222-2222-2222-000000000003', 'verdict':
                'recountVariance'}, {'counted': 5, 'countedAt': '2026-11-27T08:16:00.000Z', 'expected': 5, 'productId':
                '22222222-2222-2222-2222-000000000004', 'verdict': 'recountMoved'}]}

        Attributes:
            lines (list[EventComparison]):
     """

    lines: list[EventComparison]





    def to_dict(self) -> dict[str, Any]:
        from ..models.event_comparison import EventComparison # noqa: PLC0415
        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "lines": lines,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_comparison import EventComparison # noqa: PLC0415
        d = dict(src_dict)
        lines = []
        _lines = d.pop("lines")
        for lines_item_data in (_lines):
            lines_item = EventComparison.from_dict(lines_item_data)



            lines.append(lines_item)


        stocktake_compared_event_data = cls(
            lines=lines,
        )

        return stocktake_compared_event_data

