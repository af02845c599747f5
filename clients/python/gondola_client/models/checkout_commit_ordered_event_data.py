from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="CheckoutCommitOrderedEventData")



@_attrs_define
class CheckoutCommitOrderedEventData:
    """ The `data` of a `CheckoutCommitOrderedEvent`.

        Example:
            {'transactionId': 'T-1'}

        Attributes:
            transaction_id (str):
     """

    transaction_id: str





    def to_dict(self) -> dict[str, Any]:
        transaction_id = self.transaction_id


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "transactionId": transaction_id,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        transaction_id = d.pop("transactionId")

        checkout_commit_ordered_event_data = cls(
            transaction_id=transaction_id,
        )

        return checkout_commit_ordered_event_data

