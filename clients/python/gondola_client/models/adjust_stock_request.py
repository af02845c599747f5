from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.shortage import Shortage
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="AdjustStockRequest")



@_attrs_define
class AdjustStockRequest:
    """ Units appeared or went away other than by delivery or sale.

        Example:
            {'delta': -2, 'productSku': 'PROD123456', 'reason': 'Breakage', 'storeId':
                '11111111-1111-1111-1111-111111111111'}

        Attributes:
            delta (int): The change in units; not zero. Example: -2.
            reason (str): Why, in people's words. Example: Breakage.
            store_id (UUID | Unset): The store, by id; this or `storeCode`. Example: 11111111-1111-1111-1111-111111111111.
            store_code (str | Unset): The store, by its code in the catalogue.
            product_id (UUID | Unset): The product, by id; this, `productSku` or `productGtin`.
            product_sku (str | Unset): The product, by its SKU in the catalogue. Example: PROD123456.
            product_gtin (str | Unset): The product, by its barcode: 8, 12, 13 or 14 digits.
            reference (str | Unset): What it belongs to.
            occurred_at (datetime.datetime | Unset): When it happened, RFC 3339; now when absent.
            already_left (bool | Unset): The units have left whether or not the books have them: on hand goes to zero at
                least, the newest reservations
                that it does not cover are revoked, and what is missing is the shortfall.
            on_shortage (Shortage | Unset): What to do when a correction leaves fewer units on hand than are reserved.
            expected_version (int | Unset): The version of the stock level that the caller has seen; at another one nothing
                is done (412).
     """

    delta: int
    reason: str
    store_id: UUID | Unset = UNSET
    store_code: str | Unset = UNSET
    product_id: UUID | Unset = UNSET
    product_sku: str | Unset = UNSET
    product_gtin: str | Unset = UNSET
    reference: str | Unset = UNSET
    occurred_at: datetime.datetime | Unset = UNSET
    already_left: bool | Unset = UNSET
    on_shortage: Shortage | Unset = UNSET
    expected_version: int | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        delta = self.delta

        reason = self.reason

        store_id: str | Unset = UNSET
        if not isinstance(self.store_id, Unset):
            store_id = str(self.store_id)

        store_code = self.store_code

        product_id: str | Unset = UNSET
        if not isinstance(self.product_id, Unset):
            product_id = str(self.product_id)

        product_sku = self.product_sku

        product_gtin = self.product_gtin

        reference = self.reference

        occurred_at: str | Unset = UNSET
        if not isinstance(self.occurred_at, Unset):
            occurred_at = self.occurred_at.isoformat()

        already_left = self.already_left

        on_shortage: str | Unset = UNSET
        if not isinstance(self.on_shortage, Unset):
            on_shortage = self.on_shortage.value


        expected_version = self.expected_version


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "delta": delta,
            "reason": reason,
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
        if reference is not UNSET:
            field_dict["reference"] = reference
        if occurred_at is not UNSET:
            field_dict["occurredAt"] = occurred_at
        if already_left is not UNSET:
            field_dict["alreadyLeft"] = already_left
        if on_shortage is not UNSET:
            field_dict["onShortage"] = on_shortage
        if expected_version is not UNSET:
            field_dict["expectedVersion"] = expected_version

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        delta = d.pop("delta")

        reason = d.pop("reason")

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

        reference = d.pop("reference", UNSET)

        _occurred_at = d.pop("occurredAt", UNSET)
        occurred_at: datetime.datetime | Unset
        if isinstance(_occurred_at,  Unset):
            occurred_at = UNSET
        else:
            occurred_at = datetime.datetime.fromisoformat(_occurred_at)




        already_left = d.pop("alreadyLeft", UNSET)

        _on_shortage = d.pop("onShortage", UNSET)
        on_shortage: Shortage | Unset
        if isinstance(_on_shortage,  Unset):
            on_shortage = UNSET
        else:
            on_shortage = Shortage(_on_shortage)




        expected_version = d.pop("expectedVersion", UNSET)

        adjust_stock_request = cls(
            delta=delta,
            reason=reason,
            store_id=store_id,
            store_code=store_code,
            product_id=product_id,
            product_sku=product_sku,
            product_gtin=product_gtin,
            reference=reference,
            occurred_at=occurred_at,
            already_left=already_left,
            on_shortage=on_shortage,
            expected_version=expected_version,
        )

        return adjust_stock_request

