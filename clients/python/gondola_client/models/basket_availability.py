from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.basket_store import BasketStore
  from ..models.offered_line import OfferedLine





T = TypeVar("T", bound="BasketAvailability")



@_attrs_define
class BasketAvailability:
    """ Whether and where a basket can be reserved. Nothing is held for it.

        Attributes:
            available (bool): Whether one of the stores can reserve all of it.
            lines (list[OfferedLine]): What all stores asked offer together of each line.
            stores (list[BasketStore]): What each store offers, those first that lack least; of equals in the order asked,
                else those that offer most.
     """

    available: bool
    lines: list[OfferedLine]
    stores: list[BasketStore]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.basket_store import BasketStore # noqa: PLC0415
        from ..models.offered_line import OfferedLine # noqa: PLC0415
        available = self.available

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)



        stores = []
        for stores_item_data in self.stores:
            stores_item = stores_item_data.to_dict()
            stores.append(stores_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "available": available,
            "lines": lines,
            "stores": stores,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.basket_store import BasketStore # noqa: PLC0415
        from ..models.offered_line import OfferedLine # noqa: PLC0415
        d = dict(src_dict)
        available = d.pop("available")

        lines = []
        _lines = d.pop("lines")
        for lines_item_data in (_lines):
            lines_item = OfferedLine.from_dict(lines_item_data)



            lines.append(lines_item)


        stores = []
        _stores = d.pop("stores")
        for stores_item_data in (_stores):
            stores_item = BasketStore.from_dict(stores_item_data)



            stores.append(stores_item)


        basket_availability = cls(
            available=available,
            lines=lines,
            stores=stores,
        )


        basket_availability.additional_properties = d
        return basket_availability

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
