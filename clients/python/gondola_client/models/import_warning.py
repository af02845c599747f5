from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="ImportWarning_")



@_attrs_define
class ImportWarning_:
    """ Lines that were taken without a field, because it was not understood.

        Example:
            {'count': 2, 'field': 'price', 'lines': [3, 17]}

        Attributes:
            field (str): What the field has.
            count (int): How many lines.
            lines (list[int]): The numbers of the first of them, at most 20.
     """

    field: str
    count: int
    lines: list[int]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        field = self.field

        count = self.count

        lines = self.lines




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "field": field,
            "count": count,
            "lines": lines,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        field = d.pop("field")

        count = d.pop("count")

        lines = cast(list[int], d.pop("lines"))


        import_warning = cls(
            field=field,
            count=count,
            lines=lines,
        )


        import_warning.additional_properties = d
        return import_warning

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
