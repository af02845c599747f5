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






T = TypeVar("T", bound="ShelfCount")



@_attrs_define
class ShelfCount:
    """ What was counted of one product in one zone.

        Attributes:
            counted (int): What lay there, reserved units included. Example: 23.
            product_id (UUID | Unset): The product, by id; this, `productSku` or `productGtin`.
            product_sku (str | Unset): The product, by its SKU in the catalogue.
            product_gtin (str | Unset): The product, by its barcode: 8, 12, 13 or 14 digits.
            zone (str | Unset): Where it was counted; the zone of the stocktake when absent. Example: Back room.
            occurred_at (datetime.datetime | Unset): When it was counted, RFC 3339; now when absent.
     """

    counted: int
    product_id: UUID | Unset = UNSET
    product_sku: str | Unset = UNSET
    product_gtin: str | Unset = UNSET
    zone: str | Unset = UNSET
    occurred_at: datetime.datetime | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        counted = self.counted

        product_id: str | Unset = UNSET
        if not isinstance(self.product_id, Unset):
            product_id = str(self.product_id)

        product_sku = self.product_sku

        product_gtin = self.product_gtin

        zone = self.zone

        occurred_at: str | Unset = UNSET
        if not isinstance(self.occurred_at, Unset):
            occurred_at = self.occurred_at.isoformat()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "counted": counted,
        })
        if product_id is not UNSET:
            field_dict["productId"] = product_id
        if product_sku is not UNSET:
            field_dict["productSku"] = product_sku
        if product_gtin is not UNSET:
            field_dict["productGtin"] = product_gtin
        if zone is not UNSET:
            field_dict["zone"] = zone
        if occurred_at is not UNSET:
            field_dict["occurredAt"] = occurred_at

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        counted = d.pop("counted")

        _product_id = d.pop("productId", UNSET)
        product_id: UUID | Unset
        if isinstance(_product_id,  Unset):
            product_id = UNSET
        else:
            product_id = UUID(_product_id)




        product_sku = d.pop("productSku", UNSET)

        product_gtin = d.pop("productGtin", UNSET)

        zone = d.pop("zone", UNSET)

        _occurred_at = d.pop("occurredAt", UNSET)
        occurred_at: datetime.datetime | Unset
        if isinstance(_occurred_at,  Unset):
            occurred_at = UNSET
        else:
            occurred_at = datetime.datetime.fromisoformat(_occurred_at)




        shelf_count = cls(
            counted=counted,
            product_id=product_id,
            product_sku=product_sku,
            product_gtin=product_gtin,
            zone=zone,
            occurred_at=occurred_at,
        )

        return shelf_count

