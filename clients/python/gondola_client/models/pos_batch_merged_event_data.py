from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.event_refused_line import EventRefusedLine
  from ..models.event_shortfall import EventShortfall





T = TypeVar("T", bound="PosBatchMergedEventData")



@_attrs_define
class PosBatchMergedEventData:
    """ The `data` of a `PosBatchMergedEvent`.

        Example:
            {'refused': [{'detail': 'too many units', 'line': 1}], 'shortfalls': [{'line': 0, 'units': 2}]}

        Attributes:
            shortfalls (list[EventShortfall] | Unset):
            refused (list[EventRefusedLine] | Unset):
     """

    shortfalls: list[EventShortfall] | Unset = UNSET
    refused: list[EventRefusedLine] | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.event_refused_line import EventRefusedLine # noqa: PLC0415
        from ..models.event_shortfall import EventShortfall # noqa: PLC0415
        shortfalls: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.shortfalls, Unset):
            shortfalls = []
            for shortfalls_item_data in self.shortfalls:
                shortfalls_item = shortfalls_item_data.to_dict()
                shortfalls.append(shortfalls_item)



        refused: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.refused, Unset):
            refused = []
            for refused_item_data in self.refused:
                refused_item = refused_item_data.to_dict()
                refused.append(refused_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if shortfalls is not UNSET:
            field_dict["shortfalls"] = shortfalls
        if refused is not UNSET:
            field_dict["refused"] = refused

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_refused_line import EventRefusedLine # noqa: PLC0415
        from ..models.event_shortfall import EventShortfall # noqa: PLC0415
        d = dict(src_dict)
        _shortfalls = d.pop("shortfalls", UNSET)
        shortfalls: list[EventShortfall] | Unset = UNSET
        if _shortfalls is not UNSET:
            shortfalls = []
            for shortfalls_item_data in _shortfalls:
                shortfalls_item = EventShortfall.from_dict(shortfalls_item_data)



                shortfalls.append(shortfalls_item)


        _refused = d.pop("refused", UNSET)
        refused: list[EventRefusedLine] | Unset = UNSET
        if _refused is not UNSET:
            refused = []
            for refused_item_data in _refused:
                refused_item = EventRefusedLine.from_dict(refused_item_data)



                refused.append(refused_item)


        pos_batch_merged_event_data = cls(
            shortfalls=shortfalls,
            refused=refused,
        )

        return pos_batch_merged_event_data

