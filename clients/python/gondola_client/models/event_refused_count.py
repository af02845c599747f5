from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from uuid import UUID






T = TypeVar("T", bound="EventRefusedCount")



@_attrs_define
class EventRefusedCount:
    """ 
        Attributes:
            product_id (UUID):
            detail (str):
     """

    product_id: UUID
    detail: str





    def to_dict(self) -> dict[str, Any]:
        product_id = str(self.product_id)

        detail = self.detail


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "productId": product_id,
            "detail": detail,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        product_id = UUID(d.pop("productId"))




        detail = d.pop("detail")

        event_refused_count = cls(
            product_id=product_id,
            detail=detail,
        )

        return event_refused_count

