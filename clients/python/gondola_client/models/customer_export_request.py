from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="CustomerExportRequest")



@_attrs_define
class CustomerExportRequest:
    """ Whose data.

        Example:
            {'customerId': 'CUST12345'}

        Attributes:
            customer_id (str): The customer, as reservations and sales name them. Example: CUST12345.
            limit (int | Unset): How many items the page may have
            cursor (str | Unset): Where the page begins: `nextCursor` of the one before.
     """

    customer_id: str
    limit: int | Unset = UNSET
    cursor: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        customer_id = self.customer_id

        limit = self.limit

        cursor = self.cursor


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "customerId": customer_id,
        })
        if limit is not UNSET:
            field_dict["limit"] = limit
        if cursor is not UNSET:
            field_dict["cursor"] = cursor

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        customer_id = d.pop("customerId")

        limit = d.pop("limit", UNSET)

        cursor = d.pop("cursor", UNSET)

        customer_export_request = cls(
            customer_id=customer_id,
            limit=limit,
            cursor=cursor,
        )

        return customer_export_request

