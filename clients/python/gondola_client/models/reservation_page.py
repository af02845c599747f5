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
  from ..models.reservation_details import ReservationDetails





T = TypeVar("T", bound="ReservationPage")



@_attrs_define
class ReservationPage:
    """ A page of reservations.

        Attributes:
            items (list[ReservationDetails]): The items, in the list's order.
            as_of (datetime.datetime): The moment for which it holds.
            next_cursor (str | Unset): Pass it as `cursor` for the next page; absent on the last one.
     """

    items: list[ReservationDetails]
    as_of: datetime.datetime
    next_cursor: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.reservation_details import ReservationDetails # noqa: PLC0415
        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)



        as_of = self.as_of.isoformat()

        next_cursor = self.next_cursor


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "items": items,
            "asOf": as_of,
        })
        if next_cursor is not UNSET:
            field_dict["nextCursor"] = next_cursor

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.reservation_details import ReservationDetails # noqa: PLC0415
        d = dict(src_dict)
        items = []
        _items = d.pop("items")
        for items_item_data in (_items):
            items_item = ReservationDetails.from_dict(items_item_data)



            items.append(items_item)


        as_of = datetime.datetime.fromisoformat(d.pop("asOf"))




        next_cursor = d.pop("nextCursor", UNSET)

        reservation_page = cls(
            items=items,
            as_of=as_of,
            next_cursor=next_cursor,
        )


        reservation_page.additional_properties = d
        return reservation_page

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
