from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="CommitSplitRequest")



@_attrs_define
class CommitSplitRequest:
    """ The sale happened: all parts leave their stores.

        Example:
            {'transactionId': 'TX-2026-000017'}

        Attributes:
            transaction_id (str): The sale. Example: TX-2026-000017.
            customer_id (str | Unset): Who bought, if not who it was reserved for; personal data, kept apart and never
                logged. Example: CUST12345.
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

        commit_split_request = cls(
            transaction_id=transaction_id,
            customer_id=customer_id,
        )

        return commit_split_request

