from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.split_reservation_line import SplitReservationLine





T = TypeVar("T", bound="SplitReservationPart")



@_attrs_define
class SplitReservationPart:
    """ What one store holds of a split reservation.

        Attributes:
            reservation_id (UUID): The reservation in the store.
            store_id (UUID): The store.
            status (str): How it stands: `planned`, `active`, `refused`, `skipped`, `released`, `committed`, `revoked` or
                `returned`.
            lines (list[SplitReservationLine]): How many of which.
            store_code (str | Unset): Its code, if the catalogue has it.
            detail (str | Unset): Why the store refused it, in people's words.
     """

    reservation_id: UUID
    store_id: UUID
    status: str
    lines: list[SplitReservationLine]
    store_code: str | Unset = UNSET
    detail: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.split_reservation_line import SplitReservationLine # noqa: PLC0415
        reservation_id = str(self.reservation_id)

        store_id = str(self.store_id)

        status = self.status

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)



        store_code = self.store_code

        detail = self.detail


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "reservationId": reservation_id,
            "storeId": store_id,
            "status": status,
            "lines": lines,
        })
        if store_code is not UNSET:
            field_dict["storeCode"] = store_code
        if detail is not UNSET:
            field_dict["detail"] = detail

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.split_reservation_line import SplitReservationLine # noqa: PLC0415
        d = dict(src_dict)
        reservation_id = UUID(d.pop("reservationId"))




        store_id = UUID(d.pop("storeId"))




        status = d.pop("status")

        lines = []
        _lines = d.pop("lines")
        for lines_item_data in (_lines):
            lines_item = SplitReservationLine.from_dict(lines_item_data)



            lines.append(lines_item)


        store_code = d.pop("storeCode", UNSET)

        detail = d.pop("detail", UNSET)

        split_reservation_part = cls(
            reservation_id=reservation_id,
            store_id=store_id,
            status=status,
            lines=lines,
            store_code=store_code,
            detail=detail,
        )


        split_reservation_part.additional_properties = d
        return split_reservation_part

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
