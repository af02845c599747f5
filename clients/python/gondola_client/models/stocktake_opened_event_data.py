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
  from ..models.event_variance_limit import EventVarianceLimit





T = TypeVar("T", bound="StocktakeOpenedEventData")



@_attrs_define
class StocktakeOpenedEventData:
    """ The `data` of a `StocktakeOpenedEvent`.

        Example:
            {'blind': True, 'reason': 'Cycle count', 'recountAbove': {'percent': 0, 'units': 10}, 'reference': 'CC-48',
                'sheet': ['22222222-2222-2222-2222-000000000001', '22222222-2222-2222-2222-000000000002'], 'storeId':
                '11111111-1111-1111-1111-111111111111', 'tolerance': {'percent': 2, 'units': 1}, 'zone': 'Aisle 4'}

        Attributes:
            store_id (UUID):
            blind (bool):
            tolerance (EventVarianceLimit):
            zone (str | Unset):
            sheet (list[UUID] | Unset):
            recount_above (EventVarianceLimit | Unset):
            reason (str | Unset):
            reference (str | Unset):
     """

    store_id: UUID
    blind: bool
    tolerance: EventVarianceLimit
    zone: str | Unset = UNSET
    sheet: list[UUID] | Unset = UNSET
    recount_above: EventVarianceLimit | Unset = UNSET
    reason: str | Unset = UNSET
    reference: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.event_variance_limit import EventVarianceLimit # noqa: PLC0415
        store_id = str(self.store_id)

        blind = self.blind

        tolerance = self.tolerance.to_dict()

        zone = self.zone

        sheet: list[str] | Unset = UNSET
        if not isinstance(self.sheet, Unset):
            sheet = []
            for sheet_item_data in self.sheet:
                sheet_item = str(sheet_item_data)
                sheet.append(sheet_item)



        recount_above: dict[str, Any] | Unset = UNSET
        if not isinstance(self.recount_above, Unset):
            recount_above = self.recount_above.to_dict()

        reason = self.reason

        reference = self.reference


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "storeId": store_id,
            "blind": blind,
            "tolerance": tolerance,
        })
        if zone is not UNSET:
            field_dict["zone"] = zone
        if sheet is not UNSET:
            field_dict["sheet"] = sheet
        if recount_above is not UNSET:
            field_dict["recountAbove"] = recount_above
        if reason is not UNSET:
            field_dict["reason"] = reason
        if reference is not UNSET:
            field_dict["reference"] = reference

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_variance_limit import EventVarianceLimit # noqa: PLC0415
        d = dict(src_dict)
        store_id = UUID(d.pop("storeId"))




        blind = d.pop("blind")

        tolerance = EventVarianceLimit.from_dict(d.pop("tolerance"))




        zone = d.pop("zone", UNSET)

        _sheet = d.pop("sheet", UNSET)
        sheet: list[UUID] | Unset = UNSET
        if _sheet is not UNSET:
            sheet = []
            for sheet_item_data in _sheet:
                sheet_item = UUID(sheet_item_data)



                sheet.append(sheet_item)


        _recount_above = d.pop("recountAbove", UNSET)
        recount_above: EventVarianceLimit | Unset
        if isinstance(_recount_above,  Unset):
            recount_above = UNSET
        else:
            recount_above = EventVarianceLimit.from_dict(_recount_above)




        reason = d.pop("reason", UNSET)

        reference = d.pop("reference", UNSET)

        stocktake_opened_event_data = cls(
            store_id=store_id,
            blind=blind,
            tolerance=tolerance,
            zone=zone,
            sheet=sheet,
            recount_above=recount_above,
            reason=reason,
            reference=reference,
        )

        return stocktake_opened_event_data

