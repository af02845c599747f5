from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="CheckoutStockReleasedEventData")



@_attrs_define
class CheckoutStockReleasedEventData:
    """ The `data` of a `CheckoutStockReleasedEvent`.

        Example:
            {}

     """






    def to_dict(self) -> dict[str, Any]:
        
        field_dict: dict[str, Any] = {}


        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        checkout_stock_released_event_data = cls(
        )

        return checkout_stock_released_event_data

