from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from uuid import UUID






T = TypeVar("T", bound="LevelName")



@_attrs_define
class LevelName:
    """ One product in one store.

        Example:
            {'productSku': 'PROD123456', 'storeCode': 'SP-PINHEIROS'}

        Attributes:
            store_id (UUID | Unset): The store, by id; this or `storeCode`.
            store_code (str | Unset): The store, by its code in the catalogue.
            product_id (UUID | Unset): The product, by id; this, `productSku` or `productGtin`.
            product_sku (str | Unset): The product, by its SKU in the catalogue.
            product_gtin (str | Unset): The product, by its barcode: 8, 12, 13 or 14 digits.
     """

    store_id: UUID | Unset = UNSET
    store_code: str | Unset = UNSET
    product_id: UUID | Unset = UNSET
    product_sku: str | Unset = UNSET
    product_gtin: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        store_id: str | Unset = UNSET
        if not isinstance(self.store_id, Unset):
            store_id = str(self.store_id)

        store_code = self.store_code

        product_id: str | Unset = UNSET
        if not isinstance(self.product_id, Unset):
            product_id = str(self.product_id)

        product_sku = self.product_sku

        product_gtin = self.product_gtin


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if store_id is not UNSET:
            field_dict["storeId"] = store_id
        if store_code is not UNSET:
            field_dict["storeCode"] = store_code
        if product_id is not UNSET:
            field_dict["productId"] = product_id
        if product_sku is not UNSET:
            field_dict["productSku"] = product_sku
        if product_gtin is not UNSET:
            field_dict["productGtin"] = product_gtin

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _store_id = d.pop("storeId", UNSET)
        store_id: UUID | Unset
        if isinstance(_store_id,  Unset):
            store_id = UNSET
        else:
            store_id = UUID(_store_id)




        store_code = d.pop("storeCode", UNSET)

        _product_id = d.pop("productId", UNSET)
        product_id: UUID | Unset
        if isinstance(_product_id,  Unset):
            product_id = UNSET
        else:
            product_id = UUID(_product_id)




        product_sku = d.pop("productSku", UNSET)

        product_gtin = d.pop("productGtin", UNSET)

        level_name = cls(
            store_id=store_id,
            store_code=store_code,
            product_id=product_id,
            product_sku=product_sku,
            product_gtin=product_gtin,
        )

        return level_name

