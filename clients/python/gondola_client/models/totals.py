from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="Totals")



@_attrs_define
class Totals:
    """ A product's stock in all stores together.

        Attributes:
            stores (int): Stores that have a stock level of it.
            on_hand (int): Units physically in the stores.
            reserved (int): Units held by active reservations.
            available (int): On hand less reserved.
            offered (int): What can be reserved, store by store.
     """

    stores: int
    on_hand: int
    reserved: int
    available: int
    offered: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        stores = self.stores

        on_hand = self.on_hand

        reserved = self.reserved

        available = self.available

        offered = self.offered


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "stores": stores,
            "onHand": on_hand,
            "reserved": reserved,
            "available": available,
            "offered": offered,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        stores = d.pop("stores")

        on_hand = d.pop("onHand")

        reserved = d.pop("reserved")

        available = d.pop("available")

        offered = d.pop("offered")

        totals = cls(
            stores=stores,
            on_hand=on_hand,
            reserved=reserved,
            available=available,
            offered=offered,
        )


        totals.additional_properties = d
        return totals

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
