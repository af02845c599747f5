from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.transfer_state import TransferState
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.transfer_line import TransferLine





T = TypeVar("T", bound="Transfer")



@_attrs_define
class Transfer:
    """ A transfer of units from one store to another.

        Attributes:
            transfer_id (UUID): The transfer.
            status (TransferState): How a transfer stands.
            source_store_id (UUID): Where the units come from.
            destination_store_id (UUID): Where they go.
            hold_until (datetime.datetime): Until when the source holds them, if they have not left.
            lines (list[TransferLine]): Its products.
            version (int): Its version.
            source_store_code (str | Unset): Its code, if the catalogue has it.
            destination_store_code (str | Unset): Its code, if the catalogue has it.
            reference (str | Unset): What those who asked call it.
            reason (str | Unset): Why, in people's words.
            cancelled_because (str | Unset): Why it was given up: `requested`, `expired` or `refused`.
            detail (str | Unset): What a store refused, or why it was given up, in people's words.
            delayed_by (str | Unset): What the present step fails of, again and again; it goes on being tried.
            position (int | Unset): Position of its last change, in the answer about one transfer; a consistency token for
                `minPosition`.
            created_at (datetime.datetime | Unset): When it began, in lists.
     """

    transfer_id: UUID
    status: TransferState
    source_store_id: UUID
    destination_store_id: UUID
    hold_until: datetime.datetime
    lines: list[TransferLine]
    version: int
    source_store_code: str | Unset = UNSET
    destination_store_code: str | Unset = UNSET
    reference: str | Unset = UNSET
    reason: str | Unset = UNSET
    cancelled_because: str | Unset = UNSET
    detail: str | Unset = UNSET
    delayed_by: str | Unset = UNSET
    position: int | Unset = UNSET
    created_at: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.transfer_line import TransferLine # noqa: PLC0415
        transfer_id = str(self.transfer_id)

        status = self.status.value

        source_store_id = str(self.source_store_id)

        destination_store_id = str(self.destination_store_id)

        hold_until = self.hold_until.isoformat()

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)



        version = self.version

        source_store_code = self.source_store_code

        destination_store_code = self.destination_store_code

        reference = self.reference

        reason = self.reason

        cancelled_because = self.cancelled_because

        detail = self.detail

        delayed_by = self.delayed_by

        position = self.position

        created_at: str | Unset = UNSET
        if not isinstance(self.created_at, Unset):
            created_at = self.created_at.isoformat()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "transferId": transfer_id,
            "status": status,
            "sourceStoreId": source_store_id,
            "destinationStoreId": destination_store_id,
            "holdUntil": hold_until,
            "lines": lines,
            "version": version,
        })
        if source_store_code is not UNSET:
            field_dict["sourceStoreCode"] = source_store_code
        if destination_store_code is not UNSET:
            field_dict["destinationStoreCode"] = destination_store_code
        if reference is not UNSET:
            field_dict["reference"] = reference
        if reason is not UNSET:
            field_dict["reason"] = reason
        if cancelled_because is not UNSET:
            field_dict["cancelledBecause"] = cancelled_because
        if detail is not UNSET:
            field_dict["detail"] = detail
        if delayed_by is not UNSET:
            field_dict["delayedBy"] = delayed_by
        if position is not UNSET:
            field_dict["position"] = position
        if created_at is not UNSET:
            field_dict["createdAt"] = created_at

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.transfer_line import TransferLine # noqa: PLC0415
        d = dict(src_dict)
        transfer_id = UUID(d.pop("transferId"))




        status = TransferState(d.pop("status"))




        source_store_id = UUID(d.pop("sourceStoreId"))




        destination_store_id = UUID(d.pop("destinationStoreId"))




        hold_until = datetime.datetime.fromisoformat(d.pop("holdUntil"))




        lines = []
        _lines = d.pop("lines")
        for lines_item_data in (_lines):
            lines_item = TransferLine.from_dict(lines_item_data)



            lines.append(lines_item)


        version = d.pop("version")

        source_store_code = d.pop("sourceStoreCode", UNSET)

        destination_store_code = d.pop("destinationStoreCode", UNSET)

        reference = d.pop("reference", UNSET)

        reason = d.pop("reason", UNSET)

        cancelled_because = d.pop("cancelledBecause", UNSET)

        detail = d.pop("detail", UNSET)

        delayed_by = d.pop("delayedBy", UNSET)

        position = d.pop("position", UNSET)

        _created_at = d.pop("createdAt", UNSET)
        created_at: datetime.datetime | Unset
        if isinstance(_created_at,  Unset):
            created_at = UNSET
        else:
            created_at = datetime.datetime.fromisoformat(_created_at)




        transfer = cls(
            transfer_id=transfer_id,
            status=status,
            source_store_id=source_store_id,
            destination_store_id=destination_store_id,
            hold_until=hold_until,
            lines=lines,
            version=version,
            source_store_code=source_store_code,
            destination_store_code=destination_store_code,
            reference=reference,
            reason=reason,
            cancelled_because=cancelled_because,
            detail=detail,
            delayed_by=delayed_by,
            position=position,
            created_at=created_at,
        )


        transfer.additional_properties = d
        return transfer

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
