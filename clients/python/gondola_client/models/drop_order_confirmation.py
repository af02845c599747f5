from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from uuid import UUID






T = TypeVar("T", bound="DropOrderConfirmation")



@_attrs_define
class DropOrderConfirmation:
    """ A checkout that came to nothing.

        Attributes:
            checkout_id (UUID): The checkout that it is of.
     """

    checkout_id: UUID





    def to_dict(self) -> dict[str, Any]:
        checkout_id = str(self.checkout_id)


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "checkoutId": checkout_id,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        checkout_id = UUID(d.pop("checkoutId"))




        drop_order_confirmation = cls(
            checkout_id=checkout_id,
        )

        return drop_order_confirmation

