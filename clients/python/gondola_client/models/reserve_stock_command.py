from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.reserve_stock_command_op import ReserveStockCommandOp
from ..types import UNSET, Unset
from uuid import UUID






T = TypeVar("T", bound="ReserveStockCommand")



@_attrs_define
class ReserveStockCommand:
    """ Reserve units of one product until a deadline.

        Example:
            {'op': 'reserve', 'productSku': 'PROD123456', 'quantity': 5, 'reason': 'Online order checkout', 'storeId':
                '11111111-1111-1111-1111-111111111111'}

        Attributes:
            op (ReserveStockCommandOp): Which command it is.
            quantity (int): How many units; all or none. Example: 5.
            store_id (UUID | Unset): The store, by id; this or `storeCode`. Example: 11111111-1111-1111-1111-111111111111.
            store_code (str | Unset): The store, by its code in the catalogue.
            product_id (UUID | Unset): The product, by id; this, `productSku` or `productGtin`.
            product_sku (str | Unset): The product, by its SKU in the catalogue. Example: PROD123456.
            product_gtin (str | Unset): The product, by its barcode: 8, 12, 13 or 14 digits.
            reason (str | Unset): Why, in people's words. Example: Online order checkout.
            reservation_id (UUID | Unset): The caller's own id of the reservation; it also makes a repetition harmless. Made
                by the server when absent.
            customer_id (str | Unset): Who it is for; personal data, kept apart and never logged. Example: CUST12345.
            order_id (str | Unset): The order that it is for.
            ttl_seconds (int | Unset): Seconds until the deadline; 300 when absent. Up to 24 hours, or what
                `longestHoldSeconds` of the store says. Example: 300.
            expected_version (int | Unset): The version of the stock level that the caller has seen; at another one nothing
                is done (412).
     """

    op: ReserveStockCommandOp
    quantity: int
    store_id: UUID | Unset = UNSET
    store_code: str | Unset = UNSET
    product_id: UUID | Unset = UNSET
    product_sku: str | Unset = UNSET
    product_gtin: str | Unset = UNSET
    reason: str | Unset = UNSET
    reservation_id: UUID | Unset = UNSET
    customer_id: str | Unset = UNSET
    order_id: str | Unset = UNSET
    ttl_seconds: int | Unset = UNSET
    expected_version: int | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        op = self.op.value

        quantity = self.quantity

        store_id: str | Unset = UNSET
        if not isinstance(self.store_id, Unset):
            store_id = str(self.store_id)

        store_code = self.store_code

        product_id: str | Unset = UNSET
        if not isinstance(self.product_id, Unset):
            product_id = str(self.product_id)

        product_sku = self.product_sku

        product_gtin = self.product_gtin

        reason = self.reason

        reservation_id: str | Unset = UNSET
        if not isinstance(self.reservation_id, Unset):
            reservation_id = str(self.reservation_id)

        customer_id = self.customer_id

        order_id = self.order_id

        ttl_seconds = self.ttl_seconds

        expected_version = self.expected_version


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "op": op,
            "quantity": quantity,
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
        if reason is not UNSET:
            field_dict["reason"] = reason
        if reservation_id is not UNSET:
            field_dict["reservationId"] = reservation_id
        if customer_id is not UNSET:
            field_dict["customerId"] = customer_id
        if order_id is not UNSET:
            field_dict["orderId"] = order_id
        if ttl_seconds is not UNSET:
            field_dict["ttlSeconds"] = ttl_seconds
        if expected_version is not UNSET:
            field_dict["expectedVersion"] = expected_version

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        op = ReserveStockCommandOp(d.pop("op"))




        quantity = d.pop("quantity")

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

        reason = d.pop("reason", UNSET)

        _reservation_id = d.pop("reservationId", UNSET)
        reservation_id: UUID | Unset
        if isinstance(_reservation_id,  Unset):
            reservation_id = UNSET
        else:
            reservation_id = UUID(_reservation_id)




        customer_id = d.pop("customerId", UNSET)

        order_id = d.pop("orderId", UNSET)

        ttl_seconds = d.pop("ttlSeconds", UNSET)

        expected_version = d.pop("expectedVersion", UNSET)

        reserve_stock_command = cls(
            op=op,
            quantity=quantity,
            store_id=store_id,
            store_code=store_code,
            product_id=product_id,
            product_sku=product_sku,
            product_gtin=product_gtin,
            reason=reason,
            reservation_id=reservation_id,
            customer_id=customer_id,
            order_id=order_id,
            ttl_seconds=ttl_seconds,
            expected_version=expected_version,
        )

        return reserve_stock_command

