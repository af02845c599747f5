from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="VarianceLimit")



@_attrs_define
class VarianceLimit:
    """ A difference that is small enough: by one of the two.

        Attributes:
            units (int | Unset): Units up or down. Example: 2.
            percent (int | Unset): Percent of what the books say. Example: 1.
     """

    units: int | Unset = UNSET
    percent: int | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        units = self.units

        percent = self.percent


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if units is not UNSET:
            field_dict["units"] = units
        if percent is not UNSET:
            field_dict["percent"] = percent

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        units = d.pop("units", UNSET)

        percent = d.pop("percent", UNSET)

        variance_limit = cls(
            units=units,
            percent=percent,
        )

        return variance_limit

