from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="StockLevel")



@_attrs_define
class StockLevel:
    """ One product in one store.

        Attributes:
            store_id (UUID): The store.
            product_id (UUID): The product.
            on_hand (int): Units physically in the store.
            shortfall (int): Units that were taken beyond what the books had, since the latest count: a late fact or a count
                explains them.
            reserved (int): Units held by active reservations.
            available (int): On hand less reserved.
            offered (int): Available less safety stock: what can be reserved.
            safety_stock (int): Units that are not offered.
            reorder_point (int): Reorder at or below so many available units.
            version (int): Version of the stock level: how many events it has.
            position (int): Position of its last event known to this answer; a consistency token for `minPosition`.
            as_of (datetime.datetime): The moment for which the answer holds.
            store_code (str | Unset): Its code, if the catalogue has it.
            store_name (str | Unset): Its name, in lists.
            product_sku (str | Unset): Its SKU, if the catalogue has it.
            product_name (str | Unset): Its name, in lists.
            counted_at (datetime.datetime | Unset): Business time of the latest count.
     """

    store_id: UUID
    product_id: UUID
    on_hand: int
    shortfall: int
    reserved: int
    available: int
    offered: int
    safety_stock: int
    reorder_point: int
    version: int
    position: int
    as_of: datetime.datetime
    store_code: str | Unset = UNSET
    store_name: str | Unset = UNSET
    product_sku: str | Unset = UNSET
    product_name: str | Unset = UNSET
    counted_at: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        store_id = str(self.store_id)

        product_id = str(self.product_id)

        on_hand = self.on_hand

        shortfall = self.shortfall

        reserved = self.reserved

        available = self.available

        offered = self.offered

        safety_stock = self.safety_stock

        reorder_point = self.reorder_point

        version = self.version

        position = self.position

        as_of = self.as_of.isoformat()

        store_code = self.store_code

        store_name = self.store_name

        product_sku = self.product_sku

        product_name = self.product_name

        counted_at: str | Unset = UNSET
        if not isinstance(self.counted_at, Unset):
            counted_at = self.counted_at.isoformat()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "storeId": store_id,
            "productId": product_id,
            "onHand": on_hand,
            "shortfall": shortfall,
            "reserved": reserved,
            "available": available,
            "offered": offered,
            "safetyStock": safety_stock,
            "reorderPoint": reorder_point,
            "version": version,
            "position": position,
            "asOf": as_of,
        })
        if store_code is not UNSET:
            field_dict["storeCode"] = store_code
        if store_name is not UNSET:
            field_dict["storeName"] = store_name
        if product_sku is not UNSET:
            field_dict["productSku"] = product_sku
        if product_name is not UNSET:
            field_dict["productName"] = product_name
        if counted_at is not UNSET:
            field_dict["countedAt"] = counted_at

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        store_id = UUID(d.pop("storeId"))




        product_id = UUID(d.pop("productId"))




        on_hand = d.pop("onHand")

        shortfall = d.pop("shortfall")

        reserved = d.pop("reserved")

        available = d.pop("available")

        offered = d.pop("offered")

        safety_stock = d.pop("safetyStock")

        reorder_point = d.pop("reorderPoint")

        version = d.pop("version")

        position = d.pop("position")

        as_of = datetime.datetime.fromisoformat(d.pop("asOf"))




        store_code = d.pop("storeCode", UNSET)

        store_name = d.pop("storeName", UNSET)

        product_sku = d.pop("productSku", UNSET)

        product_name = d.pop("productName", UNSET)

        _counted_at = d.pop("countedAt", UNSET)
        counted_at: datetime.datetime | Unset
        if isinstance(_counted_at,  Unset):
            counted_at = UNSET
        else:
            counted_at = datetime.datetime.fromisoformat(_counted_at)




        stock_level = cls(
            store_id=store_id,
            product_id=product_id,
            on_hand=on_hand,
            shortfall=shortfall,
            reserved=reserved,
            available=available,
            offered=offered,
            safety_stock=safety_stock,
            reorder_point=reorder_point,
            version=version,
            position=position,
            as_of=as_of,
            store_code=store_code,
            store_name=store_name,
            product_sku=product_sku,
            product_name=product_name,
            counted_at=counted_at,
        )


        stock_level.additional_properties = d
        return stock_level

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
