from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.event_part import EventPart





T = TypeVar("T", bound="SplitReservationPlannedEventData")



@_attrs_define
class SplitReservationPlannedEventData:
    """ The `data` of a `SplitReservationPlannedEvent`.

        Example:
            {'parts': [{'lines': [{'productId': '22222222-2222-2222-2222-000000000001', 'quantity': 2}], 'storeId':
                '11111111-1111-1111-1111-111111111111'}, {'lines': [{'productId': '22222222-2222-2222-2222-000000000001',
                'quantity': 1}], 'storeId': '11111111-1111-1111-1111-111111111112'}]}

        Attributes:
            parts (list[EventPart]):
     """

    parts: list[EventPart]





    def to_dict(self) -> dict[str, Any]:
        from ..models.event_part import EventPart # noqa: PLC0415
        parts = []
        for parts_item_data in self.parts:
            parts_item = parts_item_data.to_dict()
            parts.append(parts_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "parts": parts,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_part import EventPart # noqa: PLC0415
        d = dict(src_dict)
        parts = []
        _parts = d.pop("parts")
        for parts_item_data in (_parts):
            parts_item = EventPart.from_dict(parts_item_data)



            parts.append(parts_item)


        split_reservation_planned_event_data = cls(
            parts=parts,
        )

        return split_reservation_planned_event_data

