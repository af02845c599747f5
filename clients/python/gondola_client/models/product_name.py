from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from uuid import UUID






T = TypeVar("T", bound="ProductName")



@_attrs_define
class ProductName:
    """ A product, by one of its names.

        Attributes:
            product_id (UUID | Unset): By id; this, `productSku` or `productGtin`.
            product_sku (str | Unset): By its SKU in the catalogue. Example: PROD123456.
            product_gtin (str | Unset): By its barcode: 8, 12, 13 or 14 digits.
     """

    product_id: UUID | Unset = UNSET
    product_sku: str | Unset = UNSET
    product_gtin: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        product_id: str | Unset = UNSET
        if not isinstance(self.product_id, Unset):
            product_id = str(self.product_id)

        product_sku = self.product_sku

        product_gtin = self.product_gtin


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
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
        _product_id = d.pop("productId", UNSET)
        product_id: UUID | Unset
        if isinstance(_product_id,  Unset):
            product_id = UNSET
        else:
            product_id = UUID(_product_id)




        product_sku = d.pop("productSku", UNSET)

        product_gtin = d.pop("productGtin", UNSET)

        product_name = cls(
            product_id=product_id,
            product_sku=product_sku,
            product_gtin=product_gtin,
        )

        return product_name

