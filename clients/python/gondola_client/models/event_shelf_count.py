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






T = TypeVar("T", bound="EventShelfCount")



@_attrs_define
class EventShelfCount:
    """ 
        Attributes:
            product_id (UUID):
            counted (int):
            counted_at (datetime.datetime):
            zone (str | Unset):
     """

    product_id: UUID
    counted: int
    counted_at: datetime.datetime
    zone: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        product_id = str(self.product_id)

        counted = self.counted

        counted_at = self.counted_at.isoformat()

        zone = self.zone


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "productId": product_id,
            "counted": counted,
            "countedAt": counted_at,
        })
        if zone is not UNSET:
            field_dict["zone"] = zone

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        product_id = UUID(d.pop("productId"))




        counted = d.pop("counted")

        counted_at = datetime.datetime.fromisoformat(d.pop("countedAt"))




        zone = d.pop("zone", UNSET)

        event_shelf_count = cls(
            product_id=product_id,
            counted=counted,
            counted_at=counted_at,
            zone=zone,
        )

        return event_shelf_count

