from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.pos_batch_line_type import PosBatchLineType
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="PosBatchLine")



@_attrs_define
class PosBatchLine:
    """ Units of one product that were sold or returned.

        Example:
            {'occurredAt': '2026-11-27T10:15:30Z', 'productSku': 'PROD123456', 'quantity': 2, 'transactionId': 'R-4711'}

        Attributes:
            quantity (int): How many units: sold, or with `type` `return` returned. Less than zero is a return too, without
                `type`. Not zero. Example: 2.
            occurred_at (datetime.datetime): When, by the till's clock, RFC 3339: at most 400 days ago, and at most 5
                minutes ahead of the server, which then counts
                as now.
            transaction_id (str): The receipt.
            line_id (str | Unset): The till's own name of the line, unique within the batch; the line's place when absent.
            product_id (UUID | Unset): The product, by id; this, `productSku` or `productGtin`.
            product_sku (str | Unset): The product, by its SKU in the catalogue.
            product_gtin (str | Unset): The product, by its barcode: 8, 12, 13 or 14 digits.
            type_ (PosBatchLineType | Unset): What a line tells.
     """

    quantity: int
    occurred_at: datetime.datetime
    transaction_id: str
    line_id: str | Unset = UNSET
    product_id: UUID | Unset = UNSET
    product_sku: str | Unset = UNSET
    product_gtin: str | Unset = UNSET
    type_: PosBatchLineType | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        quantity = self.quantity

        occurred_at = self.occurred_at.isoformat()

        transaction_id = self.transaction_id

        line_id = self.line_id

        product_id: str | Unset = UNSET
        if not isinstance(self.product_id, Unset):
            product_id = str(self.product_id)

        product_sku = self.product_sku

        product_gtin = self.product_gtin

        type_: str | Unset = UNSET
        if not isinstance(self.type_, Unset):
            type_ = self.type_.value



        field_dict: dict[str, Any] = {}

        field_dict.update({
            "quantity": quantity,
            "occurredAt": occurred_at,
            "transactionId": transaction_id,
        })
        if line_id is not UNSET:
            field_dict["lineId"] = line_id
        if product_id is not UNSET:
            field_dict["productId"] = product_id
        if product_sku is not UNSET:
            field_dict["productSku"] = product_sku
        if product_gtin is not UNSET:
            field_dict["productGtin"] = product_gtin
        if type_ is not UNSET:
            field_dict["type"] = type_

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        quantity = d.pop("quantity")

        occurred_at = datetime.datetime.fromisoformat(d.pop("occurredAt"))




        transaction_id = d.pop("transactionId")

        line_id = d.pop("lineId", UNSET)

        _product_id = d.pop("productId", UNSET)
        product_id: UUID | Unset
        if isinstance(_product_id,  Unset):
            product_id = UNSET
        else:
            product_id = UUID(_product_id)




        product_sku = d.pop("productSku", UNSET)

        product_gtin = d.pop("productGtin", UNSET)

        _type_ = d.pop("type", UNSET)
        type_: PosBatchLineType | Unset
        if isinstance(_type_,  Unset):
            type_ = UNSET
        else:
            type_ = PosBatchLineType(_type_)




        pos_batch_line = cls(
            quantity=quantity,
            occurred_at=occurred_at,
            transaction_id=transaction_id,
            line_id=line_id,
            product_id=product_id,
            product_sku=product_sku,
            product_gtin=product_gtin,
            type_=type_,
        )

        return pos_batch_line

