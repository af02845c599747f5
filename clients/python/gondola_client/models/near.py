from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="Near")



@_attrs_define
class Near:
    """ A place on Earth (WGS 84).

        Attributes:
            latitude (str): Decimal degrees north of the equator, as text. Example: -23.561414.
            longitude (str): Decimal degrees east of Greenwich, as text. Example: -46.655881.
     """

    latitude: str
    longitude: str





    def to_dict(self) -> dict[str, Any]:
        latitude = self.latitude

        longitude = self.longitude


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "latitude": latitude,
            "longitude": longitude,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        latitude = d.pop("latitude")

        longitude = d.pop("longitude")

        near = cls(
            latitude=latitude,
            longitude=longitude,
        )

        return near

