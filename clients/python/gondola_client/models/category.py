from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.category_status import CategoryStatus
from ..types import UNSET, Unset
from uuid import UUID






T = TypeVar("T", bound="Category")



@_attrs_define
class Category:
    """ A category of the tree.

        Attributes:
            category_id (UUID): Which category; made from its code, so the same everywhere.
            code (str): What the chain calls it, and products name it by; unique, and never changes. Example: AUDIO.
            name (str): Its name for people. Example: Audio.
            status (CategoryStatus): Whether a category is in use.
            version (int): How many changes it has had; also its `ETag`. Example: 1.
            parent (str | Unset): The code of the category directly above it. Example: ELECTRONICS.
            position (int | Unset): After a change: its position in the catalogue's log, for `minPosition` of lists.
                Example: 42.
     """

    category_id: UUID
    code: str
    name: str
    status: CategoryStatus
    version: int
    parent: str | Unset = UNSET
    position: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        category_id = str(self.category_id)

        code = self.code

        name = self.name

        status = self.status.value

        version = self.version

        parent = self.parent

        position = self.position


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "categoryId": category_id,
            "code": code,
            "name": name,
            "status": status,
            "version": version,
        })
        if parent is not UNSET:
            field_dict["parent"] = parent
        if position is not UNSET:
            field_dict["position"] = position

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        category_id = UUID(d.pop("categoryId"))




        code = d.pop("code")

        name = d.pop("name")

        status = CategoryStatus(d.pop("status"))




        version = d.pop("version")

        parent = d.pop("parent", UNSET)

        position = d.pop("position", UNSET)

        category = cls(
            category_id=category_id,
            code=code,
            name=name,
            status=status,
            version=version,
            parent=parent,
            position=position,
        )


        category.additional_properties = d
        return category

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
