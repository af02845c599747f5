from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.health_status import HealthStatus
from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.health_components import HealthComponents





T = TypeVar("T", bound="Health")



@_attrs_define
class Health:
    """ How this process fares

        Attributes:
            status (HealthStatus): The worst of all; DEGRADED still serves. OUT_OF_SERVICE while shutting down
            components (HealthComponents | Unset): The dependencies, by name
     """

    status: HealthStatus
    components: HealthComponents | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.health_components import HealthComponents # noqa: PLC0415
        status = self.status.value

        components: dict[str, Any] | Unset = UNSET
        if not isinstance(self.components, Unset):
            components = self.components.to_dict()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "status": status,
        })
        if components is not UNSET:
            field_dict["components"] = components

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.health_components import HealthComponents # noqa: PLC0415
        d = dict(src_dict)
        status = HealthStatus(d.pop("status"))




        _components = d.pop("components", UNSET)
        components: HealthComponents | Unset
        if isinstance(_components,  Unset):
            components = UNSET
        else:
            components = HealthComponents.from_dict(_components)




        health = cls(
            status=status,
            components=components,
        )


        health.additional_properties = d
        return health

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
