from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="StockPolicyChangedEventData")



@_attrs_define
class StockPolicyChangedEventData:
    """ The `data` of a `StockPolicyChangedEvent`.

        Example:
            {'reorderPoint': 10, 'safetyStock': 2}

        Attributes:
            safety_stock (int):
            reorder_point (int):
     """

    safety_stock: int
    reorder_point: int





    def to_dict(self) -> dict[str, Any]:
        safety_stock = self.safety_stock

        reorder_point = self.reorder_point


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "safetyStock": safety_stock,
            "reorderPoint": reorder_point,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        safety_stock = d.pop("safetyStock")

        reorder_point = d.pop("reorderPoint")

        stock_policy_changed_event_data = cls(
            safety_stock=safety_stock,
            reorder_point=reorder_point,
        )

        return stock_policy_changed_event_data

