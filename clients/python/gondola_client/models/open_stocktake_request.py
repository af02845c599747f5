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
  from ..models.product_name import ProductName
  from ..models.variance_limit import VarianceLimit





T = TypeVar("T", bound="OpenStocktakeRequest")



@_attrs_define
class OpenStocktakeRequest:
    """ Count shelves of a store.

        Example:
            {'blind': True, 'reason': 'Cycle count', 'recountAbove': {'units': 10}, 'sheet': [{'productSku': 'PROD123456'},
                {'productSku': 'PROD123457'}], 'storeCode': 'SP-PAULISTA', 'tolerance': {'percent': 1, 'units': 1}, 'zone':
                'Aisle 4'}

        Attributes:
            store_id (UUID | Unset): The store, by id; this or `storeCode`.
            store_code (str | Unset): The store, by its code in the catalogue.
            zone (str | Unset): The part of it that is counted; all of it when absent. Stock knows no zones: units of the
                same products elsewhere in the
                store must be counted too. Example: Aisle 4.
            sheet (list[ProductName] | Unset): The count sheet: what is to be counted, at most 1,000 products. When absent
                it is of what is counted.
            blind (bool | Unset): Whether callers who are bound to stores are not to see what the books say before it has
                ended.
            tolerance (VarianceLimit | Unset): A difference that is small enough: by one of the two.
            recount_above (VarianceLimit | Unset): A difference that is small enough: by one of the two.
            reason (str | Unset): Why, in people's words. Example: Cycle count.
            reference (str | Unset): What you call it. Example: CC-2026-48.
     """

    store_id: UUID | Unset = UNSET
    store_code: str | Unset = UNSET
    zone: str | Unset = UNSET
    sheet: list[ProductName] | Unset = UNSET
    blind: bool | Unset = UNSET
    tolerance: VarianceLimit | Unset = UNSET
    recount_above: VarianceLimit | Unset = UNSET
    reason: str | Unset = UNSET
    reference: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.product_name import ProductName # noqa: PLC0415
        from ..models.variance_limit import VarianceLimit # noqa: PLC0415
        store_id: str | Unset = UNSET
        if not isinstance(self.store_id, Unset):
            store_id = str(self.store_id)

        store_code = self.store_code

        zone = self.zone

        sheet: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.sheet, Unset):
            sheet = []
            for sheet_item_data in self.sheet:
                sheet_item = sheet_item_data.to_dict()
                sheet.append(sheet_item)



        blind = self.blind

        tolerance: dict[str, Any] | Unset = UNSET
        if not isinstance(self.tolerance, Unset):
            tolerance = self.tolerance.to_dict()

        recount_above: dict[str, Any] | Unset = UNSET
        if not isinstance(self.recount_above, Unset):
            recount_above = self.recount_above.to_dict()

        reason = self.reason

        reference = self.reference


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if store_id is not UNSET:
            field_dict["storeId"] = store_id
        if store_code is not UNSET:
            field_dict["storeCode"] = store_code
        if zone is not UNSET:
            field_dict["zone"] = zone
        if sheet is not UNSET:
            field_dict["sheet"] = sheet
        if blind is not UNSET:
            field_dict["blind"] = blind
        if tolerance is not UNSET:
            field_dict["tolerance"] = tolerance
        if recount_above is not UNSET:
            field_dict["recountAbove"] = recount_above
        if reason is not UNSET:
            field_dict["reason"] = reason
        if reference is not UNSET:
            field_dict["reference"] = reference

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.product_name import ProductName # noqa: PLC0415
        from ..models.variance_limit import VarianceLimit # noqa: PLC0415
        d = dict(src_dict)
        _store_id = d.pop("storeId", UNSET)
        store_id: UUID | Unset
        if isinstance(_store_id,  Unset):
            store_id = UNSET
        else:
            store_id = UUID(_store_id)




        store_code = d.pop("storeCode", UNSET)

        zone = d.pop("zone", UNSET)

        _sheet = d.pop("sheet", UNSET)
        sheet: list[ProductName] | Unset = UNSET
        if _sheet is not UNSET:
            sheet = []
            for sheet_item_data in _sheet:
                sheet_item = ProductName.from_dict(sheet_item_data)



                sheet.append(sheet_item)


        blind = d.pop("blind", UNSET)

        _tolerance = d.pop("tolerance", UNSET)
        tolerance: VarianceLimit | Unset
        if isinstance(_tolerance,  Unset):
            tolerance = UNSET
        else:
            tolerance = VarianceLimit.from_dict(_tolerance)




        _recount_above = d.pop("recountAbove", UNSET)
        recount_above: VarianceLimit | Unset
        if isinstance(_recount_above,  Unset):
            recount_above = UNSET
        else:
            recount_above = VarianceLimit.from_dict(_recount_above)




        reason = d.pop("reason", UNSET)

        reference = d.pop("reference", UNSET)

        open_stocktake_request = cls(
            store_id=store_id,
            store_code=store_code,
            zone=zone,
            sheet=sheet,
            blind=blind,
            tolerance=tolerance,
            recount_above=recount_above,
            reason=reason,
            reference=reference,
        )

        return open_stocktake_request

