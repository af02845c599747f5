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

if TYPE_CHECKING:
  from ..models.customer_reservation import CustomerReservation





T = TypeVar("T", bound="CustomerExport")



@_attrs_define
class CustomerExport:
    """ What is kept of a customer.

        Attributes:
            items (list[CustomerReservation]): The items, in the list's order.
            known (bool): Whether the customer has a key. One who has none was never seen, was forgotten, or was only named
                before there were
                keys: then there are reservations with `inClear`.
            as_of (datetime.datetime): The moment for which it holds.
            next_cursor (str | Unset): Pass it as `cursor` for the next page; absent on the last one.
            customer_key (UUID | Unset): The id by which the log knows the customer.
            first_seen_at (datetime.datetime | Unset): When the customer was first seen.
     """

    items: list[CustomerReservation]
    known: bool
    as_of: datetime.datetime
    next_cursor: str | Unset = UNSET
    customer_key: UUID | Unset = UNSET
    first_seen_at: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.customer_reservation import CustomerReservation # noqa: PLC0415
        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)



        known = self.known

        as_of = self.as_of.isoformat()

        next_cursor = self.next_cursor

        customer_key: str | Unset = UNSET
        if not isinstance(self.customer_key, Unset):
            customer_key = str(self.customer_key)

        first_seen_at: str | Unset = UNSET
        if not isinstance(self.first_seen_at, Unset):
            first_seen_at = self.first_seen_at.isoformat()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "items": items,
            "known": known,
            "asOf": as_of,
        })
        if next_cursor is not UNSET:
            field_dict["nextCursor"] = next_cursor
        if customer_key is not UNSET:
            field_dict["customerKey"] = customer_key
        if first_seen_at is not UNSET:
            field_dict["firstSeenAt"] = first_seen_at

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.customer_reservation import CustomerReservation # noqa: PLC0415
        d = dict(src_dict)
        items = []
        _items = d.pop("items")
        for items_item_data in (_items):
            items_item = CustomerReservation.from_dict(items_item_data)



            items.append(items_item)


        known = d.pop("known")

        as_of = datetime.datetime.fromisoformat(d.pop("asOf"))




        next_cursor = d.pop("nextCursor", UNSET)

        _customer_key = d.pop("customerKey", UNSET)
        customer_key: UUID | Unset
        if isinstance(_customer_key,  Unset):
            customer_key = UNSET
        else:
            customer_key = UUID(_customer_key)




        _first_seen_at = d.pop("firstSeenAt", UNSET)
        first_seen_at: datetime.datetime | Unset
        if isinstance(_first_seen_at,  Unset):
            first_seen_at = UNSET
        else:
            first_seen_at = datetime.datetime.fromisoformat(_first_seen_at)




        customer_export = cls(
            items=items,
            known=known,
            as_of=as_of,
            next_cursor=next_cursor,
            customer_key=customer_key,
            first_seen_at=first_seen_at,
        )


        customer_export.additional_properties = d
        return customer_export

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
