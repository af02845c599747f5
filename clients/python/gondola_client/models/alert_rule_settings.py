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






T = TypeVar("T", bound="AlertRuleSettings")



@_attrs_define
class AlertRuleSettings:
    """ What a rule is to watch, and how bad its alerts are.

        Attributes:
            kind (AlertRuleKind): What a rule watches, and in which unit its threshold is.
            threshold (int | Unset): From where on it alerts, in the unit of its kind; the usual one of the kind, where this
                is left out.
            hysteresis (int | Unset): How far a quantity must come back beyond the threshold before an alert is resolved by
                itself: with a threshold of 10
                and 5 here, low stock is over above 15. Between them an alert neither opens nor ends.
            store_ids (list[UUID] | Unset): Only what is of these stores is watched; everything, where this is left out.
            severity (AlertSeverity | Unset): How bad it is.
            enabled (bool | Unset): Whether it alerts. One that is disabled resolves its alerts. Default: True.
     """

    kind: AlertRuleKind
    threshold: int | Unset = UNSET
    hysteresis: int | Unset = UNSET
    store_ids: list[UUID] | Unset = UNSET
    severity: AlertSeverity | Unset = UNSET
    enabled: bool | Unset = True





    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        threshold = self.threshold

        hysteresis = self.hysteresis

        store_ids: list[str] | Unset = UNSET
        if not isinstance(self.store_ids, Unset):
            store_ids = []
            for store_ids_item_data in self.store_ids:
                store_ids_item = str(store_ids_item_data)
                store_ids.append(store_ids_item)



        severity: str | Unset = UNSET
        if not isinstance(self.severity, Unset):
            severity = self.severity.value


        enabled = self.enabled


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "kind": kind,
        })
        if threshold is not UNSET:
            field_dict["threshold"] = threshold
        if hysteresis is not UNSET:
            field_dict["hysteresis"] = hysteresis
        if store_ids is not UNSET:
            field_dict["storeIds"] = store_ids
        if severity is not UNSET:
            field_dict["severity"] = severity
        if enabled is not UNSET:
            field_dict["enabled"] = enabled

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = AlertRuleKind(d.pop("kind"))




        threshold = d.pop("threshold", UNSET)

        hysteresis = d.pop("hysteresis", UNSET)

        _store_ids = d.pop("storeIds", UNSET)
        store_ids: list[UUID] | Unset = UNSET
        if _store_ids is not UNSET:
            store_ids = []
            for store_ids_item_data in _store_ids:
                store_ids_item = UUID(store_ids_item_data)



                store_ids.append(store_ids_item)


        _severity = d.pop("severity", UNSET)
        severity: AlertSeverity | Unset
        if isinstance(_severity,  Unset):
            severity = UNSET
        else:
            severity = AlertSeverity(_severity)




        enabled = d.pop("enabled", UNSET)

        alert_rule_settings = cls(
            kind=kind,
            threshold=threshold,
            hysteresis=hysteresis,
            store_ids=store_ids,
            severity=severity,
            enabled=enabled,
        )

        return alert_rule_settings

