from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="RebuiltViews")



@_attrs_define
class RebuiltViews:
    """ What a rebuild did.

        Attributes:
            position (int): Position up to which both were compared.
            stock_levels (int): Stock levels in the rebuilt views.
            identical (bool): Whether both were equal, row for row.
            switched (bool): Whether the rebuilt views are in use now.
     """

    position: int
    stock_levels: int
    identical: bool
    switched: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        position = self.position

        stock_levels = self.stock_levels

        identical = self.identical

        switched = self.switched


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "position": position,
            "stockLevels": stock_levels,
            "identical": identical,
            "switched": switched,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        position = d.pop("position")

        stock_levels = d.pop("stockLevels")

        identical = d.pop("identical")

        switched = d.pop("switched")

        rebuilt_views = cls(
            position=position,
            stock_levels=stock_levels,
            identical=identical,
            switched=switched,
        )


        rebuilt_views.additional_properties = d
        return rebuilt_views

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
