from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from uuid import UUID






T = TypeVar("T", bound="ArrivedLine")



@_attrs_define
class ArrivedLine:
    """ What was found of one product.

        Attributes:
            product_id (UUID | Unset): The product, by id; this, `productSku` or `productGtin`.
            product_sku (str | Unset): The product, by its SKU in the catalogue.
            product_gtin (str | Unset): The product, by its barcode: 8, 12, 13 or 14 digits.
            received (int | Unset): Units that were sent and go on the shelf. Example: 22.
            over (int | Unset): Units beyond those that were sent; they go on the shelf too. Example: 0.
            damaged (int | Unset): Units that were sent and came to harm; they are nobody's stock any more. Example: 1.
            short (int | Unset): Units that were sent and will not come. Example: 1.
     """

    product_id: UUID | Unset = UNSET
    product_sku: str | Unset = UNSET
    product_gtin: str | Unset = UNSET
    received: int | Unset = UNSET
    over: int | Unset = UNSET
    damaged: int | Unset = UNSET
    short: int | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        product_id: str | Unset = UNSET
        if not isinstance(self.product_id, Unset):
            product_id = str(self.product_id)

        product_sku = self.product_sku

        product_gtin = self.product_gtin

        received = self.received

        over = self.over

        damaged = self.damaged

        short = self.short


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if product_id is not UNSET:
            field_dict["productId"] = product_id
        if product_sku is not UNSET:
            field_dict["productSku"] = product_sku
        if product_gtin is not UNSET:
            field_dict["productGtin"] = product_gtin
        if received is not UNSET:
            field_dict["received"] = received
        if over is not UNSET:
            field_dict["over"] = over
        if damaged is not UNSET:
            field_dict["damaged"] = damaged
        if short is not UNSET:
            field_dict["short"] = short

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

        received = d.pop("received", UNSET)

        over = d.pop("over", UNSET)

        damaged = d.pop("damaged", UNSET)

        short = d.pop("short", UNSET)

        arrived_line = cls(
            product_id=product_id,
            product_sku=product_sku,
            product_gtin=product_gtin,
            received=received,
            over=over,
            damaged=damaged,
            short=short,
        )

        return arrived_line

