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
  from ..models.offered_line import OfferedLine





T = TypeVar("T", bound="BasketStore")



@_attrs_define
class BasketStore:
    """ What one store can reserve of a basket.

        Attributes:
            store_id (UUID): The store.
            available (bool): Whether it can reserve the whole basket.
            lines (list[OfferedLine]): Its lines, each product once.
            store_code (str | Unset): Its code, if the catalogue has it.
            store_name (str | Unset): Its name, if the catalogue has it.
     """

    store_id: UUID
    available: bool
    lines: list[OfferedLine]
    store_code: str | Unset = UNSET
    store_name: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.offered_line import OfferedLine # noqa: PLC0415
        store_id = str(self.store_id)

        available = self.available

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)



        store_code = self.store_code

        store_name = self.store_name


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "storeId": store_id,
            "available": available,
            "lines": lines,
        })
        if store_code is not UNSET:
            field_dict["storeCode"] = store_code
        if store_name is not UNSET:
            field_dict["storeName"] = store_name

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.offered_line import OfferedLine # noqa: PLC0415
        d = dict(src_dict)
        store_id = UUID(d.pop("storeId"))




        available = d.pop("available")

        lines = []
        _lines = d.pop("lines")
        for lines_item_data in (_lines):
            lines_item = OfferedLine.from_dict(lines_item_data)



            lines.append(lines_item)


        store_code = d.pop("storeCode", UNSET)

        store_name = d.pop("storeName", UNSET)

        basket_store = cls(
            store_id=store_id,
            available=available,
            lines=lines,
            store_code=store_code,
            store_name=store_name,
        )


        basket_store.additional_properties = d
        return basket_store

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
