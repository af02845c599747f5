from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="ProblemFault")



@_attrs_define
class ProblemFault:
    """ A fault of the request.

        Attributes:
            pointer (str | Unset): Where it is in the body (RFC 6901), such as `/lines/2/quantity`.
            parameter (str | Unset): The parameter of the path or the query, where it is one.
            code (str | Unset): Stable name of the fault, such as `missing` or `out-of-range`.
            detail (str | Unset): What is wrong, in people's words.
     """

    pointer: str | Unset = UNSET
    parameter: str | Unset = UNSET
    code: str | Unset = UNSET
    detail: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        pointer = self.pointer

        parameter = self.parameter

        code = self.code

        detail = self.detail


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
        })
        if pointer is not UNSET:
            field_dict["pointer"] = pointer
        if parameter is not UNSET:
            field_dict["parameter"] = parameter
        if code is not UNSET:
            field_dict["code"] = code
        if detail is not UNSET:
            field_dict["detail"] = detail

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        pointer = d.pop("pointer", UNSET)

        parameter = d.pop("parameter", UNSET)

        code = d.pop("code", UNSET)

        detail = d.pop("detail", UNSET)

        problem_fault = cls(
            pointer=pointer,
            parameter=parameter,
            code=code,
            detail=detail,
        )


        problem_fault.additional_properties = d
        return problem_fault

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
