from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="Measures")



@_attrs_define
class Measures:
    """ How large and how heavy one unit is, as far as it is known; each from 1 to 100,000,000.

        Attributes:
            width_mm (int | Unset): From side to side, in millimetres. Example: 80.
            height_mm (int | Unset): From bottom to top, in millimetres. Example: 300.
            depth_mm (int | Unset): From front to back, in millimetres. Example: 80.
            weight_g (int | Unset): With its packing, in grams. Example: 1250.
            volume_ml (int | Unset): Of what is in it, in millilitres. Example: 750.
     """

    width_mm: int | Unset = UNSET
    height_mm: int | Unset = UNSET
    depth_mm: int | Unset = UNSET
    weight_g: int | Unset = UNSET
    volume_ml: int | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        width_mm = self.width_mm

        height_mm = self.height_mm

        depth_mm = self.depth_mm

        weight_g = self.weight_g

        volume_ml = self.volume_ml


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if width_mm is not UNSET:
            field_dict["widthMm"] = width_mm
        if height_mm is not UNSET:
            field_dict["heightMm"] = height_mm
        if depth_mm is not UNSET:
            field_dict["depthMm"] = depth_mm
        if weight_g is not UNSET:
            field_dict["weightG"] = weight_g
        if volume_ml is not UNSET:
            field_dict["volumeMl"] = volume_ml

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        width_mm = d.pop("widthMm", UNSET)

        height_mm = d.pop("heightMm", UNSET)

        depth_mm = d.pop("depthMm", UNSET)

        weight_g = d.pop("weightG", UNSET)

        volume_ml = d.pop("volumeMl", UNSET)

        measures = cls(
            width_mm=width_mm,
            height_mm=height_mm,
            depth_mm=depth_mm,
            weight_g=weight_g,
            volume_ml=volume_ml,
        )

        return measures

