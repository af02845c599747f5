from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="DrainedStock")



@_attrs_define
class DrainedStock:
    """ What was done.

        Attributes:
            handled (int): Messages that were read.
            dropped (int): Messages that were passed over.
            parked (int): Stock levels of which nothing new is taken still.
     """

    handled: int
    dropped: int
    parked: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        handled = self.handled

        dropped = self.dropped

        parked = self.parked


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "handled": handled,
            "dropped": dropped,
            "parked": parked,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        handled = d.pop("handled")

        dropped = d.pop("dropped")

        parked = d.pop("parked")

        drained_stock = cls(
            handled=handled,
            dropped=dropped,
            parked=parked,
        )


        drained_stock.additional_properties = d
        return drained_stock

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
