from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.stocktake_line_state import StocktakeLineState
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.counted_zone import CountedZone
  from ..models.variance_value import VarianceValue





T = TypeVar("T", bound="StocktakeLine")



@_attrs_define
class StocktakeLine:
    """ One product of a stocktake.

        Attributes:
            product_id (UUID): The product.
            status (StocktakeLineState): How a line of a stocktake stands.
            counts (list[CountedZone]): The latest count of each zone.
            recounts (int): How often it was counted again as asked.
            product_sku (str | Unset): Its SKU, if the catalogue has it.
            counted (int | Unset): What was counted in all zones, once it was.
            counted_at (datetime.datetime | Unset): When the last of it was counted: the moment of which the books are
                asked.
            recount_because (str | Unset): Why it is to be counted again: `variance` (beyond the threshold), `moved` (stock
                moved between the counts of its zones) or
                `asked`.
            expected (int | Unset): What the books said of that moment when it was last compared.
            variance (int | Unset): The proposed adjustment, in units: what was counted less what the books said.
            variance_value (VarianceValue | Unset): What a difference is worth; less than zero for what is missing.
            refusal (str | Unset): Why its stock level has refused it.
     """

    product_id: UUID
    status: StocktakeLineState
    counts: list[CountedZone]
    recounts: int
    product_sku: str | Unset = UNSET
    counted: int | Unset = UNSET
    counted_at: datetime.datetime | Unset = UNSET
    recount_because: str | Unset = UNSET
    expected: int | Unset = UNSET
    variance: int | Unset = UNSET
    variance_value: VarianceValue | Unset = UNSET
    refusal: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.counted_zone import CountedZone # noqa: PLC0415
        from ..models.variance_value import VarianceValue # noqa: PLC0415
        product_id = str(self.product_id)

        status = self.status.value

        counts = []
        for counts_item_data in self.counts:
            counts_item = counts_item_data.to_dict()
            counts.append(counts_item)



        recounts = self.recounts

        product_sku = self.product_sku

        counted = self.counted

        counted_at: str | Unset = UNSET
        if not isinstance(self.counted_at, Unset):
            counted_at = self.counted_at.isoformat()

        recount_because = self.recount_because

        expected = self.expected

        variance = self.variance

        variance_value: dict[str, Any] | Unset = UNSET
        if not isinstance(self.variance_value, Unset):
            variance_value = self.variance_value.to_dict()

        refusal = self.refusal


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "productId": product_id,
            "status": status,
            "counts": counts,
            "recounts": recounts,
        })
        if product_sku is not UNSET:
            field_dict["productSku"] = product_sku
        if counted is not UNSET:
            field_dict["counted"] = counted
        if counted_at is not UNSET:
            field_dict["countedAt"] = counted_at
        if recount_because is not UNSET:
            field_dict["recountBecause"] = recount_because
        if expected is not UNSET:
            field_dict["expected"] = expected
        if variance is not UNSET:
            field_dict["variance"] = variance
        if variance_value is not UNSET:
            field_dict["varianceValue"] = variance_value
        if refusal is not UNSET:
            field_dict["refusal"] = refusal

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.counted_zone import CountedZone # noqa: PLC0415
        from ..models.variance_value import VarianceValue # noqa: PLC0415
        d = dict(src_dict)
        product_id = UUID(d.pop("productId"))




        status = StocktakeLineState(d.pop("status"))




        counts = []
        _counts = d.pop("counts")
        for counts_item_data in (_counts):
            counts_item = CountedZone.from_dict(counts_item_data)



            counts.append(counts_item)


        recounts = d.pop("recounts")

        product_sku = d.pop("productSku", UNSET)

        counted = d.pop("counted", UNSET)

        _counted_at = d.pop("countedAt", UNSET)
        counted_at: datetime.datetime | Unset
        if isinstance(_counted_at,  Unset):
            counted_at = UNSET
        else:
            counted_at = datetime.datetime.fromisoformat(_counted_at)




        recount_because = d.pop("recountBecause", UNSET)

        expected = d.pop("expected", UNSET)

        variance = d.pop("variance", UNSET)

        _variance_value = d.pop("varianceValue", UNSET)
        variance_value: VarianceValue | Unset
        if isinstance(_variance_value,  Unset):
            variance_value = UNSET
        else:
            variance_value = VarianceValue.from_dict(_variance_value)




        refusal = d.pop("refusal", UNSET)

        stocktake_line = cls(
            product_id=product_id,
            status=status,
            counts=counts,
            recounts=recounts,
            product_sku=product_sku,
            counted=counted,
            counted_at=counted_at,
            recount_because=recount_because,
            expected=expected,
            variance=variance,
            variance_value=variance_value,
            refusal=refusal,
        )


        stocktake_line.additional_properties = d
        return stocktake_line

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
