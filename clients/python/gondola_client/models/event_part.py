from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.event_line import EventLine





T = TypeVar("T", bound="EventPart")



@_attrs_define
class EventPart:
    """ 
        Attributes:
            store_id (UUID):
            lines (list[EventLine]):
     """

    store_id: UUID
    lines: list[EventLine]





    def to_dict(self) -> dict[str, Any]:
        from ..models.event_line import EventLine # noqa: PLC0415
        store_id = str(self.store_id)

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "storeId": store_id,
            "lines": lines,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_line import EventLine # noqa: PLC0415
        d = dict(src_dict)
        store_id = UUID(d.pop("storeId"))




        lines = []
        _lines = d.pop("lines")
        for lines_item_data in (_lines):
            lines_item = EventLine.from_dict(lines_item_data)



            lines.append(lines_item)


        event_part = cls(
            store_id=store_id,
            lines=lines,
        )

        return event_part

