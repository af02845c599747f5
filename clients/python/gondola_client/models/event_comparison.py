from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.event_comparison_verdict import EventComparisonVerdict
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.event_unit_cost import EventUnitCost





T = TypeVar("T", bound="EventComparison")



@_attrs_define
class EventComparison:
    """ 
        Attributes:
            product_id (UUID):
            counted (int):
            counted_at (datetime.datetime):
            expected (int):
            verdict (EventComparisonVerdict):
            unit_cost (EventUnitCost | Unset):
     """

    product_id: UUID
    counted: int
    counted_at: datetime.datetime
    expected: int
    verdict: EventComparisonVerdict
    unit_cost: EventUnitCost | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.event_unit_cost import EventUnitCost # noqa: PLC0415
        product_id = str(self.product_id)

        counted = self.counted

        counted_at = self.counted_at.isoformat()

        expected = self.expected

        verdict = self.verdict.value

        unit_cost: dict[str, Any] | Unset = UNSET
        if not isinstance(self.unit_cost, Unset):
            unit_cost = self.unit_cost.to_dict()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "productId": product_id,
            "counted": counted,
            "countedAt": counted_at,
            "expected": expected,
            "verdict": verdict,
        })
        if unit_cost is not UNSET:
            field_dict["unitCost"] = unit_cost

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_unit_cost import EventUnitCost # noqa: PLC0415
        d = dict(src_dict)
        product_id = UUID(d.pop("productId"))




        counted = d.pop("counted")

        counted_at = datetime.datetime.fromisoformat(d.pop("countedAt"))




        expected = d.pop("expected")

        verdict = EventComparisonVerdict(d.pop("verdict"))




        _unit_cost = d.pop("unitCost", UNSET)
        unit_cost: EventUnitCost | Unset
        if isinstance(_unit_cost,  Unset):
            unit_cost = UNSET
        else:
            unit_cost = EventUnitCost.from_dict(_unit_cost)




        event_comparison = cls(
            product_id=product_id,
            counted=counted,
            counted_at=counted_at,
            expected=expected,
            verdict=verdict,
            unit_cost=unit_cost,
        )

        return event_comparison

