from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.parcel import Parcel
  from ..models.sourced_line import SourcedLine





T = TypeVar("T", bound="Sourcing")



@_attrs_define
class Sourcing:
    """ A basket split over stores. Nothing is held for it.

        Attributes:
            complete (bool): Whether the parcels have all that is wanted.
            parcels (list[Parcel]): What each store can send, the preferred store first.
            missing (list[SourcedLine]): What they lack.
     """

    complete: bool
    parcels: list[Parcel]
    missing: list[SourcedLine]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.parcel import Parcel # noqa: PLC0415
        from ..models.sourced_line import SourcedLine # noqa: PLC0415
        complete = self.complete

        parcels = []
        for parcels_item_data in self.parcels:
            parcels_item = parcels_item_data.to_dict()
            parcels.append(parcels_item)



        missing = []
        for missing_item_data in self.missing:
            missing_item = missing_item_data.to_dict()
            missing.append(missing_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "complete": complete,
            "parcels": parcels,
            "missing": missing,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.parcel import Parcel # noqa: PLC0415
        from ..models.sourced_line import SourcedLine # noqa: PLC0415
        d = dict(src_dict)
        complete = d.pop("complete")

        parcels = []
        _parcels = d.pop("parcels")
        for parcels_item_data in (_parcels):
            parcels_item = Parcel.from_dict(parcels_item_data)



            parcels.append(parcels_item)


        missing = []
        _missing = d.pop("missing")
        for missing_item_data in (_missing):
            missing_item = SourcedLine.from_dict(missing_item_data)



            missing.append(missing_item)


        sourcing = cls(
            complete=complete,
            parcels=parcels,
            missing=missing,
        )


        sourcing.additional_properties = d
        return sourcing

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
