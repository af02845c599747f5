from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="EventVarianceLimit")



@_attrs_define
class EventVarianceLimit:
    """ 
        Attributes:
            units (int):
            percent (int):
     """

    units: int
    percent: int





    def to_dict(self) -> dict[str, Any]:
        units = self.units

        percent = self.percent


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "units": units,
            "percent": percent,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        units = d.pop("units")

        percent = d.pop("percent")

        event_variance_limit = cls(
            units=units,
            percent=percent,
        )

        return event_variance_limit

