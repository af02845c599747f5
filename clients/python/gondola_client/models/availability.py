from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.stock_level import StockLevel





T = TypeVar("T", bound="Availability")



@_attrs_define
class Availability:
    """ Whether and where a product can be reserved.

        Attributes:
            product_id (UUID): The product.
            quantity (int): Units wanted.
            available (bool): Whether one store can reserve all of them.
            total_offered (int): Units offered by all stores asked.
            shortfall (int): Units wanted that all stores asked together do not offer.
            stores (list[StockLevel]): Stores that can reserve all of them, most offered first.
            partial (list[StockLevel]): Stores that offer a part of them, most offered first.
            product_sku (str | Unset): Its SKU, if the catalogue has it.
            product_name (str | Unset): Its name, if the catalogue has it.
     """

    product_id: UUID
    quantity: int
    available: bool
    total_offered: int
    shortfall: int
    stores: list[StockLevel]
    partial: list[StockLevel]
    product_sku: str | Unset = UNSET
    product_name: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.stock_level import StockLevel # noqa: PLC0415
        product_id = str(self.product_id)

        quantity = self.quantity

        available = self.available

        total_offered = self.total_offered

        shortfall = self.shortfall

        stores = []
        for stores_item_data in self.stores:
            stores_item = stores_item_data.to_dict()
            stores.append(stores_item)



        partial = []
        for partial_item_data in self.partial:
            partial_item = partial_item_data.to_dict()
            partial.append(partial_item)



        product_sku = self.product_sku

        product_name = self.product_name


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "productId": product_id,
            "quantity": quantity,
            "available": available,
            "totalOffered": total_offered,
            "shortfall": shortfall,
            "stores": stores,
            "partial": partial,
        })
        if product_sku is not UNSET:
            field_dict["productSku"] = product_sku
        if product_name is not UNSET:
            field_dict["productName"] = product_name

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.stock_level import StockLevel # noqa: PLC0415
        d = dict(src_dict)
        product_id = UUID(d.pop("productId"))




        quantity = d.pop("quantity")

        available = d.pop("available")

        total_offered = d.pop("totalOffered")

        shortfall = d.pop("shortfall")

        stores = []
        _stores = d.pop("stores")
        for stores_item_data in (_stores):
            stores_item = StockLevel.from_dict(stores_item_data)



            stores.append(stores_item)


        partial = []
        _partial = d.pop("partial")
        for partial_item_data in (_partial):
            partial_item = StockLevel.from_dict(partial_item_data)



            partial.append(partial_item)


        product_sku = d.pop("productSku", UNSET)

        product_name = d.pop("productName", UNSET)

        availability = cls(
            product_id=product_id,
            quantity=quantity,
            available=available,
            total_offered=total_offered,
            shortfall=shortfall,
            stores=stores,
            partial=partial,
            product_sku=product_sku,
            product_name=product_name,
        )


        availability.additional_properties = d
        return availability

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
