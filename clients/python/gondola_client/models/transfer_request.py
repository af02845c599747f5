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
  from ..models.basket_line import BasketLine





T = TypeVar("T", bound="TransferRequest")



@_attrs_define
class TransferRequest:
    """ Send units of one store to another.

        Example:
            {'destinationStoreCode': 'SP-PAULISTA', 'lines': [{'productSku': 'PROD123456', 'quantity': 24}], 'reason':
                'Replenishment', 'sourceStoreCode': 'SP-CD-CAJAMAR'}

        Attributes:
            lines (list[BasketLine]): 1 to 500 lines; lines of the same product are added up.
            source_store_id (UUID | Unset): The store that sends, by id; this or `sourceStoreCode`.
            source_store_code (str | Unset): The store that sends, by its code in the catalogue.
            destination_store_id (UUID | Unset): The store that receives, by id; this or `destinationStoreCode`.
            destination_store_code (str | Unset): The store that receives, by its code in the catalogue.
            hold_seconds (int | Unset): Seconds for which the source holds the units; a day when absent. Then the transfer
                is cancelled, unless they have left.
            reference (str | Unset): What you call it; no other transfer may have it, unless that one was refused. Example:
                DN-2026-0412.
            reason (str | Unset): Why, in people's words. Example: Replenishment.
     """

    lines: list[BasketLine]
    source_store_id: UUID | Unset = UNSET
    source_store_code: str | Unset = UNSET
    destination_store_id: UUID | Unset = UNSET
    destination_store_code: str | Unset = UNSET
    hold_seconds: int | Unset = UNSET
    reference: str | Unset = UNSET
    reason: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.basket_line import BasketLine # noqa: PLC0415
        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)



        source_store_id: str | Unset = UNSET
        if not isinstance(self.source_store_id, Unset):
            source_store_id = str(self.source_store_id)

        source_store_code = self.source_store_code

        destination_store_id: str | Unset = UNSET
        if not isinstance(self.destination_store_id, Unset):
            destination_store_id = str(self.destination_store_id)

        destination_store_code = self.destination_store_code

        hold_seconds = self.hold_seconds

        reference = self.reference

        reason = self.reason


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "lines": lines,
        })
        if source_store_id is not UNSET:
            field_dict["sourceStoreId"] = source_store_id
        if source_store_code is not UNSET:
            field_dict["sourceStoreCode"] = source_store_code
        if destination_store_id is not UNSET:
            field_dict["destinationStoreId"] = destination_store_id
        if destination_store_code is not UNSET:
            field_dict["destinationStoreCode"] = destination_store_code
        if hold_seconds is not UNSET:
            field_dict["holdSeconds"] = hold_seconds
        if reference is not UNSET:
            field_dict["reference"] = reference
        if reason is not UNSET:
            field_dict["reason"] = reason

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.basket_line import BasketLine # noqa: PLC0415
        d = dict(src_dict)
        lines = []
        _lines = d.pop("lines")
        for lines_item_data in (_lines):
            lines_item = BasketLine.from_dict(lines_item_data)



            lines.append(lines_item)


        _source_store_id = d.pop("sourceStoreId", UNSET)
        source_store_id: UUID | Unset
        if isinstance(_source_store_id,  Unset):
            source_store_id = UNSET
        else:
            source_store_id = UUID(_source_store_id)




        source_store_code = d.pop("sourceStoreCode", UNSET)

        _destination_store_id = d.pop("destinationStoreId", UNSET)
        destination_store_id: UUID | Unset
        if isinstance(_destination_store_id,  Unset):
            destination_store_id = UNSET
        else:
            destination_store_id = UUID(_destination_store_id)




        destination_store_code = d.pop("destinationStoreCode", UNSET)

        hold_seconds = d.pop("holdSeconds", UNSET)

        reference = d.pop("reference", UNSET)

        reason = d.pop("reason", UNSET)

        transfer_request = cls(
            lines=lines,
            source_store_id=source_store_id,
            source_store_code=source_store_code,
            destination_store_id=destination_store_id,
            destination_store_code=destination_store_code,
            hold_seconds=hold_seconds,
            reference=reference,
            reason=reason,
        )

        return transfer_request

