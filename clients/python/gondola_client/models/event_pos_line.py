from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="EventPosLine")



@_attrs_define
class EventPosLine:
    """ `delta` is what the line changes on the shelf: less than zero for a sale.

        Attributes:
            product_id (UUID):
            delta (int):
            occurred_at (datetime.datetime):
            transaction_id (str):
            line_id (str | Unset):
     """

    product_id: UUID
    delta: int
    occurred_at: datetime.datetime
    transaction_id: str
    line_id: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        product_id = str(self.product_id)

        delta = self.delta

        occurred_at = self.occurred_at.isoformat()

        transaction_id = self.transaction_id

        line_id = self.line_id


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "productId": product_id,
            "delta": delta,
            "occurredAt": occurred_at,
            "transactionId": transaction_id,
        })
        if line_id is not UNSET:
            field_dict["lineId"] = line_id

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        product_id = UUID(d.pop("productId"))




        delta = d.pop("delta")

        occurred_at = datetime.datetime.fromisoformat(d.pop("occurredAt"))




        transaction_id = d.pop("transactionId")

        line_id = d.pop("lineId", UNSET)

        event_pos_line = cls(
            product_id=product_id,
            delta=delta,
            occurred_at=occurred_at,
            transaction_id=transaction_id,
            line_id=line_id,
        )

        return event_pos_line

