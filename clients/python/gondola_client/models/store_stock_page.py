from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.store_stock import StoreStock





T = TypeVar("T", bound="StoreStockPage")



@_attrs_define
class StoreStockPage:
    """ A page of a store's stock, and how old it is.

        Attributes:
            items (list[StoreStock]): The items, in the list's order.
            as_of_position (int): The last position of the inventory's log of which anything is known here, of whatever
                store.
            next_cursor (str | Unset): Pass it as `cursor` for the next page; absent on the last one.
            age_ms (int | Unset): All changes that the inventory had told so many milliseconds ago are in; absent when
                nobody can say yet.
     """

    items: list[StoreStock]
    as_of_position: int
    next_cursor: str | Unset = UNSET
    age_ms: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.store_stock import StoreStock # noqa: PLC0415
        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)



        as_of_position = self.as_of_position

        next_cursor = self.next_cursor

        age_ms = self.age_ms


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "items": items,
            "asOfPosition": as_of_position,
        })
        if next_cursor is not UNSET:
            field_dict["nextCursor"] = next_cursor
        if age_ms is not UNSET:
            field_dict["ageMs"] = age_ms

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.store_stock import StoreStock # noqa: PLC0415
        d = dict(src_dict)
        items = []
        _items = d.pop("items")
        for items_item_data in (_items):
            items_item = StoreStock.from_dict(items_item_data)



            items.append(items_item)


        as_of_position = d.pop("asOfPosition")

        next_cursor = d.pop("nextCursor", UNSET)

        age_ms = d.pop("ageMs", UNSET)

        store_stock_page = cls(
            items=items,
            as_of_position=as_of_position,
            next_cursor=next_cursor,
            age_ms=age_ms,
        )


        store_stock_page.additional_properties = d
        return store_stock_page

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
