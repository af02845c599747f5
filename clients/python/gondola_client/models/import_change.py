from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="ImportChange")



@_attrs_define
class ImportChange:
    """ What an import with `update` makes of a field; with `dryRun` what it would.

        Example:
            {'after': '16990', 'before': '15990', 'code': 'PROD123456', 'field': 'unit_price_minor_units', 'line': 2}

        Attributes:
            line (int): The line that says so.
            code (str): The code of the entry.
            field (str): The column of the field, as exports have it.
            before (str): What it had; empty where it had nothing.
            after (str): What it has.
     """

    line: int
    code: str
    field: str
    before: str
    after: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        line = self.line

        code = self.code

        field = self.field

        before = self.before

        after = self.after


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "line": line,
            "code": code,
            "field": field,
            "before": before,
            "after": after,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        line = d.pop("line")

        code = d.pop("code")

        field = d.pop("field")

        before = d.pop("before")

        after = d.pop("after")

        import_change = cls(
            line=line,
            code=code,
            field=field,
            before=before,
            after=after,
        )


        import_change.additional_properties = d
        return import_change

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
