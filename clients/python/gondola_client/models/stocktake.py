from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.stocktake_state import StocktakeState
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.stocktake_history_entry import StocktakeHistoryEntry
  from ..models.stocktake_line import StocktakeLine
  from ..models.variance_limit import VarianceLimit





T = TypeVar("T", bound="Stocktake")



@_attrs_define
class Stocktake:
    """ Shelves of a store that are counted, compared with the books, and reviewed.

        Attributes:
            stocktake_id (UUID): The stocktake. The counts that come of it have the reference `stocktake-{stocktakeId}`.
            status (StocktakeState): How a stocktake stands.
            store_id (UUID): The store.
            blind (bool): Whether callers who are bound to stores do not see what the books say before it has ended.
            tolerance (VarianceLimit): A difference that is small enough: by one of the two.
            line_count (int): How many lines it has.
            version (int): Its version.
            store_code (str | Unset): Its code, if the catalogue has it.
            zone (str | Unset): The part of it that is counted.
            recount_above (VarianceLimit | Unset): A difference that is small enough: by one of the two.
            reason (str | Unset): Why, in people's words.
            reference (str | Unset): What those who opened it call it.
            delayed_by (str | Unset): What posting fails of, again and again; it goes on being tried.
            lines (list[StocktakeLine] | Unset): Its lines, by product; not in lists.
            history (list[StocktakeHistoryEntry] | Unset): What happened, in order; in the answer to `GET`.
            position (int | Unset): Position of its last change, in the answer about one stocktake; a consistency token for
                `minPosition`.
            created_at (datetime.datetime | Unset): When it began, in lists.
     """

    stocktake_id: UUID
    status: StocktakeState
    store_id: UUID
    blind: bool
    tolerance: VarianceLimit
    line_count: int
    version: int
    store_code: str | Unset = UNSET
    zone: str | Unset = UNSET
    recount_above: VarianceLimit | Unset = UNSET
    reason: str | Unset = UNSET
    reference: str | Unset = UNSET
    delayed_by: str | Unset = UNSET
    lines: list[StocktakeLine] | Unset = UNSET
    history: list[StocktakeHistoryEntry] | Unset = UNSET
    position: int | Unset = UNSET
    created_at: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.stocktake_history_entry import StocktakeHistoryEntry # noqa: PLC0415
        from ..models.stocktake_line import StocktakeLine # noqa: PLC0415
        from ..models.variance_limit import VarianceLimit # noqa: PLC0415
        stocktake_id = str(self.stocktake_id)

        status = self.status.value

        store_id = str(self.store_id)

        blind = self.blind

        tolerance = self.tolerance.to_dict()

        line_count = self.line_count

        version = self.version

        store_code = self.store_code

        zone = self.zone

        recount_above: dict[str, Any] | Unset = UNSET
        if not isinstance(self.recount_above, Unset):
            recount_above = self.recount_above.to_dict()

        reason = self.reason

        reference = self.reference

        delayed_by = self.delayed_by

        lines: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.lines, Unset):
            lines = []
            for lines_item_data in self.lines:
                lines_item = lines_item_data.to_dict()
                lines.append(lines_item)



        history: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.history, Unset):
            history = []
            for history_item_data in self.history:
                history_item = history_item_data.to_dict()
                history.append(history_item)



        position = self.position

        created_at: str | Unset = UNSET
        if not isinstance(self.created_at, Unset):
            created_at = self.created_at.isoformat()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "stocktakeId": stocktake_id,
            "status": status,
            "storeId": store_id,
            "blind": blind,
            "tolerance": tolerance,
            "lineCount": line_count,
            "version": version,
        })
        if store_code is not UNSET:
            field_dict["storeCode"] = store_code
        if zone is not UNSET:
            field_dict["zone"] = zone
        if recount_above is not UNSET:
            field_dict["recountAbove"] = recount_above
        if reason is not UNSET:
            field_dict["reason"] = reason
        if reference is not UNSET:
            field_dict["reference"] = reference
        if delayed_by is not UNSET:
            field_dict["delayedBy"] = delayed_by
        if lines is not UNSET:
            field_dict["lines"] = lines
        if history is not UNSET:
            field_dict["history"] = history
        if position is not UNSET:
            field_dict["position"] = position
        if created_at is not UNSET:
            field_dict["createdAt"] = created_at

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.stocktake_history_entry import StocktakeHistoryEntry # noqa: PLC0415
        from ..models.stocktake_line import StocktakeLine # noqa: PLC0415
        from ..models.variance_limit import VarianceLimit # noqa: PLC0415
        d = dict(src_dict)
        stocktake_id = UUID(d.pop("stocktakeId"))




        status = StocktakeState(d.pop("status"))




        store_id = UUID(d.pop("storeId"))




        blind = d.pop("blind")

        tolerance = VarianceLimit.from_dict(d.pop("tolerance"))




        line_count = d.pop("lineCount")

        version = d.pop("version")

        store_code = d.pop("storeCode", UNSET)

        zone = d.pop("zone", UNSET)

        _recount_above = d.pop("recountAbove", UNSET)
        recount_above: VarianceLimit | Unset
        if isinstance(_recount_above,  Unset):
            recount_above = UNSET
        else:
            recount_above = VarianceLimit.from_dict(_recount_above)




        reason = d.pop("reason", UNSET)

        reference = d.pop("reference", UNSET)

        delayed_by = d.pop("delayedBy", UNSET)

        _lines = d.pop("lines", UNSET)
        lines: list[StocktakeLine] | Unset = UNSET
        if _lines is not UNSET:
            lines = []
            for lines_item_data in _lines:
                lines_item = StocktakeLine.from_dict(lines_item_data)



                lines.append(lines_item)


        _history = d.pop("history", UNSET)
        history: list[StocktakeHistoryEntry] | Unset = UNSET
        if _history is not UNSET:
            history = []
            for history_item_data in _history:
                history_item = StocktakeHistoryEntry.from_dict(history_item_data)



                history.append(history_item)


        position = d.pop("position", UNSET)

        _created_at = d.pop("createdAt", UNSET)
        created_at: datetime.datetime | Unset
        if isinstance(_created_at,  Unset):
            created_at = UNSET
        else:
            created_at = datetime.datetime.fromisoformat(_created_at)




        stocktake = cls(
            stocktake_id=stocktake_id,
            status=status,
            store_id=store_id,
            blind=blind,
            tolerance=tolerance,
            line_count=line_count,
            version=version,
            store_code=store_code,
            zone=zone,
            recount_above=recount_above,
            reason=reason,
            reference=reference,
            delayed_by=delayed_by,
            lines=lines,
            history=history,
            position=position,
            created_at=created_at,
        )


        stocktake.additional_properties = d
        return stocktake

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
