from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.reservation_status import ReservationStatus
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.reservation_details_line import ReservationDetailsLine





T = TypeVar("T", bound="CustomerReservation")



@_attrs_define
class CustomerReservation:
    """ A reservation of a customer.

        Attributes:
            reservation_id (UUID): The reservation.
            status (ReservationStatus): How a reservation stands.
            store_id (UUID): The store.
            created_at (datetime.datetime): From when on.
            expires_at (datetime.datetime): Its deadline.
            lines (list[ReservationDetailsLine]): Its lines.
            in_clear (bool): Whether its events name the customer in clear, as those of earlier releases do: no key can make
                that unreadable.
            store_code (str | Unset): Its code, if the catalogue has it.
            store_name (str | Unset): Its name, in lists.
            order_id (str | Unset): The order that it is for.
            transaction_id (str | Unset): The sale that ended it, or the latest one of a part of it.
     """

    reservation_id: UUID
    status: ReservationStatus
    store_id: UUID
    created_at: datetime.datetime
    expires_at: datetime.datetime
    lines: list[ReservationDetailsLine]
    in_clear: bool
    store_code: str | Unset = UNSET
    store_name: str | Unset = UNSET
    order_id: str | Unset = UNSET
    transaction_id: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.reservation_details_line import ReservationDetailsLine # noqa: PLC0415
        reservation_id = str(self.reservation_id)

        status = self.status.value

        store_id = str(self.store_id)

        created_at = self.created_at.isoformat()

        expires_at = self.expires_at.isoformat()

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)



        in_clear = self.in_clear

        store_code = self.store_code

        store_name = self.store_name

        order_id = self.order_id

        transaction_id = self.transaction_id


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "reservationId": reservation_id,
            "status": status,
            "storeId": store_id,
            "createdAt": created_at,
            "expiresAt": expires_at,
            "lines": lines,
            "inClear": in_clear,
        })
        if store_code is not UNSET:
            field_dict["storeCode"] = store_code
        if store_name is not UNSET:
            field_dict["storeName"] = store_name
        if order_id is not UNSET:
            field_dict["orderId"] = order_id
        if transaction_id is not UNSET:
            field_dict["transactionId"] = transaction_id

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.reservation_details_line import ReservationDetailsLine # noqa: PLC0415
        d = dict(src_dict)
        reservation_id = UUID(d.pop("reservationId"))




        status = ReservationStatus(d.pop("status"))




        store_id = UUID(d.pop("storeId"))




        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))




        expires_at = datetime.datetime.fromisoformat(d.pop("expiresAt"))




        lines = []
        _lines = d.pop("lines")
        for lines_item_data in (_lines):
            lines_item = ReservationDetailsLine.from_dict(lines_item_data)



            lines.append(lines_item)


        in_clear = d.pop("inClear")

        store_code = d.pop("storeCode", UNSET)

        store_name = d.pop("storeName", UNSET)

        order_id = d.pop("orderId", UNSET)

        transaction_id = d.pop("transactionId", UNSET)

        customer_reservation = cls(
            reservation_id=reservation_id,
            status=status,
            store_id=store_id,
            created_at=created_at,
            expires_at=expires_at,
            lines=lines,
            in_clear=in_clear,
            store_code=store_code,
            store_name=store_name,
            order_id=order_id,
            transaction_id=transaction_id,
        )


        customer_reservation.additional_properties = d
        return customer_reservation

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
