from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.category_status import CategoryStatus
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="UpdateCategory")



@_attrs_define
class UpdateCategory:
    """ What to change of a category (JSON merge patch): what is absent stays, null removes. The code never changes.

        Attributes:
            name (str | Unset): Its name for people. Example: Audio and headphones.
            parent (None | str | Unset): The code of the category directly above it; null moves it to the top.
            status (CategoryStatus | Unset): Whether a category is in use.
     """

    name: str | Unset = UNSET
    parent: None | str | Unset = UNSET
    status: CategoryStatus | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        name = self.name

        parent: None | str | Unset
        if isinstance(self.parent, Unset):
            parent = UNSET
        else:
            parent = self.parent

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status.value



        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if name is not UNSET:
            field_dict["name"] = name
        if parent is not UNSET:
            field_dict["parent"] = parent
        if status is not UNSET:
            field_dict["status"] = status

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name", UNSET)

        def _parse_parent(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        parent = _parse_parent(d.pop("parent", UNSET))


        _status = d.pop("status", UNSET)
        status: CategoryStatus | Unset
        if isinstance(_status,  Unset):
            status = UNSET
        else:
            status = CategoryStatus(_status)




        update_category = cls(
            name=name,
            parent=parent,
            status=status,
        )

        return update_category

