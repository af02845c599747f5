from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="ForgetCustomerRequest")



@_attrs_define
class ForgetCustomerRequest:
    """ Whom to forget.

        Example:
            {'customerId': 'CUST12345'}

        Attributes:
            customer_id (str): The customer, as reservations and sales name them. Example: CUST12345.
     """

    customer_id: str





    def to_dict(self) -> dict[str, Any]:
        customer_id = self.customer_id


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "customerId": customer_id,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        customer_id = d.pop("customerId")

        forget_customer_request = cls(
            customer_id=customer_id,
        )

        return forget_customer_request

