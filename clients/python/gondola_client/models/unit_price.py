from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="UnitPrice")



@_attrs_define
class UnitPrice:
    """ Money in whole minor units.

        Attributes:
            minor_units (int): Cents, centavos, yen. Example: 29990.
            currency (str): Three letters of ISO 4217. Example: BRL.
     """

    minor_units: int
    currency: str





    def to_dict(self) -> dict[str, Any]:
        minor_units = self.minor_units

        currency = self.currency


        field_dict: dict[str, Any] = {}

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

        unit_price = cls(
            minor_units=minor_units,
            currency=currency,
        )

        return unit_price

