from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from uuid import UUID






T = TypeVar("T", bound="TransferLine")



@_attrs_define
class TransferLine:
    """ One product of a transfer. What left is in transit, or accounted for.

        Attributes:
            product_id (UUID): The product.
            quantity (int): Units asked for, and sent if anything was.
            in_transit (int): Units on their way.
            received (int): Units received as sent.
            over (int): Units received beyond those that were sent.
            damaged (int): Units that came to harm.
            short (int): Units that did not come.
            returned (int): Units that went back to the source.
            product_sku (str | Unset): Its SKU, if the catalogue has it.
     """

    product_id: UUID
    quantity: int
    in_transit: int
    received: int
    over: int
    damaged: int
    short: int
    returned: int
    product_sku: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        product_id = str(self.product_id)

        quantity = self.quantity

        in_transit = self.in_transit

        received = self.received

        over = self.over

        damaged = self.damaged

        short = self.short

        returned = self.returned

        product_sku = self.product_sku


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "productId": product_id,
            "quantity": quantity,
            "inTransit": in_transit,
            "received": received,
            "over": over,
            "damaged": damaged,
            "short": short,
            "returned": returned,
        })
        if product_sku is not UNSET:
            field_dict["productSku"] = product_sku

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        product_id = UUID(d.pop("productId"))




        quantity = d.pop("quantity")

        in_transit = d.pop("inTransit")

        received = d.pop("received")

        over = d.pop("over")

        damaged = d.pop("damaged")

        short = d.pop("short")

        returned = d.pop("returned")

        product_sku = d.pop("productSku", UNSET)

        transfer_line = cls(
            product_id=product_id,
            quantity=quantity,
            in_transit=in_transit,
            received=received,
            over=over,
            damaged=damaged,
            short=short,
            returned=returned,
            product_sku=product_sku,
        )


        transfer_line.additional_properties = d
        return transfer_line

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
