from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.alert_rule_kind import AlertRuleKind
from ..models.alert_severity import AlertSeverity
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="AlertRule")



@_attrs_define
class AlertRule:
    """ A rule of alerts.

        Attributes:
            rule_id (UUID): Which.
            kind (AlertRuleKind): What a rule watches, and in which unit its threshold is.
            hysteresis (int): How far a quantity must come back beyond the threshold before an alert is resolved by itself.
            severity (AlertSeverity): How bad it is.
            enabled (bool): Whether it alerts.
            version (int): How often it was decided about; also its `ETag`.
            created_at (datetime.datetime): When it was made.
            updated_at (datetime.datetime): When it was last changed.
            updated_by (str): By whom.
            threshold (int | Unset): From where on it alerts; absent where each stock level has its own, the reorder point.
            store_ids (list[UUID] | Unset): Only what is of these stores is watched; everything, where this is absent.
     """

    rule_id: UUID
    kind: AlertRuleKind
    hysteresis: int
    severity: AlertSeverity
    enabled: bool
    version: int
    created_at: datetime.datetime
    updated_at: datetime.datetime
    updated_by: str
    threshold: int | Unset = UNSET
    store_ids: list[UUID] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        rule_id = str(self.rule_id)

        kind = self.kind.value

        hysteresis = self.hysteresis

        severity = self.severity.value

        enabled = self.enabled

        version = self.version

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        updated_by = self.updated_by

        threshold = self.threshold

        store_ids: list[str] | Unset = UNSET
        if not isinstance(self.store_ids, Unset):
            store_ids = []
            for store_ids_item_data in self.store_ids:
                store_ids_item = str(store_ids_item_data)
                store_ids.append(store_ids_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "ruleId": rule_id,
            "kind": kind,
            "hysteresis": hysteresis,
            "severity": severity,
            "enabled": enabled,
            "version": version,
            "createdAt": created_at,
            "updatedAt": updated_at,
            "updatedBy": updated_by,
        })
        if threshold is not UNSET:
            field_dict["threshold"] = threshold
        if store_ids is not UNSET:
            field_dict["storeIds"] = store_ids

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        rule_id = UUID(d.pop("ruleId"))




        kind = AlertRuleKind(d.pop("kind"))




        hysteresis = d.pop("hysteresis")

        severity = AlertSeverity(d.pop("severity"))




        enabled = d.pop("enabled")

        version = d.pop("version")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))




        updated_at = datetime.datetime.fromisoformat(d.pop("updatedAt"))




        updated_by = d.pop("updatedBy")

        threshold = d.pop("threshold", UNSET)

        _store_ids = d.pop("storeIds", UNSET)
        store_ids: list[UUID] | Unset = UNSET
        if _store_ids is not UNSET:
            store_ids = []
            for store_ids_item_data in _store_ids:
                store_ids_item = UUID(store_ids_item_data)



                store_ids.append(store_ids_item)


        alert_rule = cls(
            rule_id=rule_id,
            kind=kind,
            hysteresis=hysteresis,
            severity=severity,
            enabled=enabled,
            version=version,
            created_at=created_at,
            updated_at=updated_at,
            updated_by=updated_by,
            threshold=threshold,
            store_ids=store_ids,
        )


        alert_rule.additional_properties = d
        return alert_rule

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
