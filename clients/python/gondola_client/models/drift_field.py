from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="DriftField")



@_attrs_define
class DriftField:
    """ A field that differs; times in milliseconds since 1970.

        Attributes:
            name (str): Its name.
            log (int | None): What the log leads to; null where it leads to nothing.
            found (int | None): What the copy says; null where it has nothing.
     """

    name: str
    log: int | None
    found: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        name = self.name

        log: int | None
        log = self.log

        found: int | None
        found = self.found


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "name": name,
            "log": log,
            "found": found,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        def _parse_log(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        log = _parse_log(d.pop("log"))


        def _parse_found(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        found = _parse_found(d.pop("found"))


        drift_field = cls(
            name=name,
            log=log,
            found=found,
        )


        drift_field.additional_properties = d
        return drift_field

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
