from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="CommitCheckoutRequest")



@_attrs_define
class CommitCheckoutRequest:
    """ The customer has paid.

        Example:
            {'transactionId': '018f9a3e-7b1c-7000-8000-000000000001'}

        Attributes:
            transaction_id (str): The sale.
            customer_id (str | Unset): Who bought; the one of the checkout when absent. Personal data, kept apart and never
                logged.
     """

    transaction_id: str
    customer_id: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        transaction_id = self.transaction_id

        customer_id = self.customer_id


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "transactionId": transaction_id,
        })
        if customer_id is not UNSET:
            field_dict["customerId"] = customer_id

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        transaction_id = d.pop("transactionId")

        customer_id = d.pop("customerId", UNSET)

        commit_checkout_request = cls(
            transaction_id=transaction_id,
            customer_id=customer_id,
        )

        return commit_checkout_request

