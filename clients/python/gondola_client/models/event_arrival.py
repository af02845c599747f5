from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from uuid import UUID






T = TypeVar("T", bound="EventArrival")



@_attrs_define
class EventArrival:
    """ 
        Attributes:
            product_id (UUID):
            accepted (int):
            over (int | Unset):
            damaged (int | Unset):
            short (int | Unset):
     """

    product_id: UUID
    accepted: int
    over: int | Unset = UNSET
    damaged: int | Unset = UNSET
    short: int | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        product_id = str(self.product_id)

        accepted = self.accepted

        over = self.over

        damaged = self.damaged

        short = self.short


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "productId": product_id,
            "accepted": accepted,
        })
        if over is not UNSET:
            field_dict["over"] = over
        if damaged is not UNSET:
            field_dict["damaged"] = damaged
        if short is not UNSET:
            field_dict["short"] = short

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        product_id = UUID(d.pop("productId"))




        accepted = d.pop("accepted")

        over = d.pop("over", UNSET)

        damaged = d.pop("damaged", UNSET)

        short = d.pop("short", UNSET)

        event_arrival = cls(
            product_id=product_id,
            accepted=accepted,
            over=over,
            damaged=damaged,
            short=short,
        )

        return event_arrival

