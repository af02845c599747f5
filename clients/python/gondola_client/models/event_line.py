from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from uuid import UUID






T = TypeVar("T", bound="EventLine")



@_attrs_define
class EventLine:
    """ Units of one product.

        Attributes:
            product_id (UUID):
            quantity (int):
     """

    product_id: UUID
    quantity: int





    def to_dict(self) -> dict[str, Any]:
        product_id = str(self.product_id)

        quantity = self.quantity


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "productId": product_id,
            "quantity": quantity,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        product_id = UUID(d.pop("productId"))




        quantity = d.pop("quantity")

        event_line = cls(
            product_id=product_id,
            quantity=quantity,
        )

        return event_line

