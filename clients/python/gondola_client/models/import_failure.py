from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="ImportFailure")



@_attrs_define
class ImportFailure:
    """ Why an import failed.

        Example:
            {'code': 'imported-before', 'detail': 'all lines of b.csv are equal to those of a.csv'}

        Attributes:
            code (str): `file-refused`: the file as a whole is doubtful, and nothing of it was booked. `imported-before`:
                all lines are equal to
                those of another file. `too-many-rejected`: all lines are dealt with, but more were rejected than `maxRejected`.
                `broken-off`: sent again, the file goes on where it was.
            detail (str): What happened, and what to do.
     """

    code: str
    detail: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        code = self.code

        detail = self.detail


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "code": code,
            "detail": detail,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = d.pop("code")

        detail = d.pop("detail")

        import_failure = cls(
            code=code,
            detail=detail,
        )


        import_failure.additional_properties = d
        return import_failure

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
