from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from uuid import UUID






T = TypeVar("T", bound="StoreStock")



@_attrs_define
class StoreStock:
    """ The stock of one product, in units.

        Attributes:
            product_id (UUID):
            on_hand (int): Units physically in the store.
            reserved (int): Units held by active reservations.
            available (int): Units that may still be reserved.
            version (int): How many changes the stock level has had.
            position (int): Where the last of them is in the inventory's log.
     """

    product_id: UUID
    on_hand: int
    reserved: int
    available: int
    version: int
    position: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        product_id = str(self.product_id)

        on_hand = self.on_hand

        reserved = self.reserved

        available = self.available

        version = self.version

        position = self.position


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "productId": product_id,
            "onHand": on_hand,
            "reserved": reserved,
            "available": available,
            "version": version,
            "position": position,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        product_id = UUID(d.pop("productId"))




        on_hand = d.pop("onHand")

        reserved = d.pop("reserved")

        available = d.pop("available")

        version = d.pop("version")

        position = d.pop("position")

        store_stock = cls(
            product_id=product_id,
            on_hand=on_hand,
            reserved=reserved,
            available=available,
            version=version,
            position=position,
        )


        store_stock.additional_properties = d
        return store_stock

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
