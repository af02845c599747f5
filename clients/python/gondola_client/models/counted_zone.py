from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
import datetime






T = TypeVar("T", bound="CountedZone")



@_attrs_define
class CountedZone:
    """ What was counted of a product in one zone.

        Attributes:
            counted (int): Units.
            occurred_at (datetime.datetime): When.
            zone (str | Unset): Where.
     """

    counted: int
    occurred_at: datetime.datetime
    zone: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        counted = self.counted

        occurred_at = self.occurred_at.isoformat()

        zone = self.zone


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "counted": counted,
            "occurredAt": occurred_at,
        })
        if zone is not UNSET:
            field_dict["zone"] = zone

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        counted = d.pop("counted")

        occurred_at = datetime.datetime.fromisoformat(d.pop("occurredAt"))




        zone = d.pop("zone", UNSET)

        counted_zone = cls(
            counted=counted,
            occurred_at=occurred_at,
            zone=zone,
        )


        counted_zone.additional_properties = d
        return counted_zone

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
