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
  from ..models.sourced_line import SourcedLine





T = TypeVar("T", bound="Parcel")



@_attrs_define
class Parcel:
    """ What one store can send.

        Attributes:
            store_id (UUID): The store.
            lines (list[SourcedLine]): What it can send, at least one line; a basket of its own that can be reserved there.
            store_code (str | Unset): Its code, if the catalogue has it.
            store_name (str | Unset): Its name, if the catalogue has it.
            distance_metres (int | Unset): How far it is from `near` in metres, if the catalogue knows where it is.
     """

    store_id: UUID
    lines: list[SourcedLine]
    store_code: str | Unset = UNSET
    store_name: str | Unset = UNSET
    distance_metres: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.sourced_line import SourcedLine # noqa: PLC0415
        store_id = str(self.store_id)

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)



        store_code = self.store_code

        store_name = self.store_name

        distance_metres = self.distance_metres


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "storeId": store_id,
            "lines": lines,
        })
        if store_code is not UNSET:
            field_dict["storeCode"] = store_code
        if store_name is not UNSET:
            field_dict["storeName"] = store_name
        if distance_metres is not UNSET:
            field_dict["distanceMetres"] = distance_metres

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.sourced_line import SourcedLine # noqa: PLC0415
        d = dict(src_dict)
        store_id = UUID(d.pop("storeId"))




        lines = []
        _lines = d.pop("lines")
        for lines_item_data in (_lines):
            lines_item = SourcedLine.from_dict(lines_item_data)



            lines.append(lines_item)


        store_code = d.pop("storeCode", UNSET)

        store_name = d.pop("storeName", UNSET)

        distance_metres = d.pop("distanceMetres", UNSET)

        parcel = cls(
            store_id=store_id,
            lines=lines,
            store_code=store_code,
            store_name=store_name,
            distance_metres=distance_metres,
        )


        parcel.additional_properties = d
        return parcel

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
