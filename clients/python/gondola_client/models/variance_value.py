from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="VarianceValue")



@_attrs_define
class VarianceValue:
    """ What a difference is worth; less than zero for what is missing.

        Attributes:
            minor_units (int): Whole minor units: cents, centavos, yen. Example: -1990.
            currency (str): ISO 4217. Example: BRL.
     """

    minor_units: int
    currency: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        minor_units = self.minor_units

        currency = self.currency


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "minorUnits": minor_units,
            "currency": currency,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        minor_units = d.pop("minorUnits")

        currency = d.pop("currency")

        variance_value = cls(
            minor_units=minor_units,
            currency=currency,
        )


        variance_value.additional_properties = d
        return variance_value

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
