from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.alert_rule_kind import AlertRuleKind
from ..models.alert_severity import AlertSeverity
from ..models.alert_state import AlertState
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="Alert")



@_attrs_define
class Alert:
    """ An alert.

        Attributes:
            alert_id (UUID): Which.
            rule_id (UUID): The rule that it is of.
            rule (AlertRuleKind): What a rule watches, and in which unit its threshold is.
            severity (AlertSeverity): How bad it is.
            state (AlertState): How an alert stands.
            quantity (int): What was measured when it opened, in the unit of the kind.
            threshold (int): The threshold that held then.
            detail (str): A sentence about it.
            opened_at (datetime.datetime): When it opened.
            version (int): How many events it has had.
            store_id (UUID | Unset): The store that it is about, if it is about one.
            product_id (UUID | Unset): The product that it is about, if it is about one.
            saga_id (UUID | Unset): The saga that it is about, such as a transfer, if it is about one.
            view (str | Unset): The view that it is about, if it is about one.
            acknowledged_at (datetime.datetime | Unset): When it was acknowledged, if it was.
            acknowledged_by (str | Unset): By whom.
            resolved_at (datetime.datetime | Unset): When it was resolved, if it was.
            resolved_by (str | Unset): By whom; `system:alerts` when it was over by itself.
            resolution (str | Unset): Why it is resolved: `recovered`, `operator`, `rule-ended` or `expired`.
            note (str | Unset): What was said about it last.
     """

    alert_id: UUID
    rule_id: UUID
    rule: AlertRuleKind
    severity: AlertSeverity
    state: AlertState
    quantity: int
    threshold: int
    detail: str
    opened_at: datetime.datetime
    version: int
    store_id: UUID | Unset = UNSET
    product_id: UUID | Unset = UNSET
    saga_id: UUID | Unset = UNSET
    view: str | Unset = UNSET
    acknowledged_at: datetime.datetime | Unset = UNSET
    acknowledged_by: str | Unset = UNSET
    resolved_at: datetime.datetime | Unset = UNSET
    resolved_by: str | Unset = UNSET
    resolution: str | Unset = UNSET
    note: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        alert_id = str(self.alert_id)

        rule_id = str(self.rule_id)

        rule = self.rule.value

        severity = self.severity.value

        state = self.state.value

        quantity = self.quantity

        threshold = self.threshold

        detail = self.detail

        opened_at = self.opened_at.isoformat()

        version = self.version

        store_id: str | Unset = UNSET
        if not isinstance(self.store_id, Unset):
            store_id = str(self.store_id)

        product_id: str | Unset = UNSET
        if not isinstance(self.product_id, Unset):
            product_id = str(self.product_id)

        saga_id: str | Unset = UNSET
        if not isinstance(self.saga_id, Unset):
            saga_id = str(self.saga_id)

        view = self.view

        acknowledged_at: str | Unset = UNSET
        if not isinstance(self.acknowledged_at, Unset):
            acknowledged_at = self.acknowledged_at.isoformat()

        acknowledged_by = self.acknowledged_by

        resolved_at: str | Unset = UNSET
        if not isinstance(self.resolved_at, Unset):
            resolved_at = self.resolved_at.isoformat()

        resolved_by = self.resolved_by

        resolution = self.resolution

        note = self.note


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "alertId": alert_id,
            "ruleId": rule_id,
            "rule": rule,
            "severity": severity,
            "state": state,
            "quantity": quantity,
            "threshold": threshold,
            "detail": detail,
            "openedAt": opened_at,
            "version": version,
        })
        if store_id is not UNSET:
            field_dict["storeId"] = store_id
        if product_id is not UNSET:
            field_dict["productId"] = product_id
        if saga_id is not UNSET:
            field_dict["sagaId"] = saga_id
        if view is not UNSET:
            field_dict["view"] = view
        if acknowledged_at is not UNSET:
            field_dict["acknowledgedAt"] = acknowledged_at
        if acknowledged_by is not UNSET:
            field_dict["acknowledgedBy"] = acknowledged_by
        if resolved_at is not UNSET:
            field_dict["resolvedAt"] = resolved_at
        if resolved_by is not UNSET:
            field_dict["resolvedBy"] = resolved_by
        if resolution is not UNSET:
            field_dict["resolution"] = resolution
        if note is not UNSET:
            field_dict["note"] = note

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        alert_id = UUID(d.pop("alertId"))




        rule_id = UUID(d.pop("ruleId"))




        rule = AlertRuleKind(d.pop("rule"))




        severity = AlertSeverity(d.pop("severity"))




        state = AlertState(d.pop("state"))




        quantity = d.pop("quantity")

        threshold = d.pop("threshold")

        detail = d.pop("detail")

        opened_at = datetime.datetime.fromisoformat(d.pop("openedAt"))




        version = d.pop("version")

        _store_id = d.pop("storeId", UNSET)
        store_id: UUID | Unset
        if isinstance(_store_id,  Unset):
            store_id = UNSET
        else:
            store_id = UUID(_store_id)




        _product_id = d.pop("productId", UNSET)
        product_id: UUID | Unset
        if isinstance(_product_id,  Unset):
            product_id = UNSET
        else:
            product_id = UUID(_product_id)




        _saga_id = d.pop("sagaId", UNSET)
        saga_id: UUID | Unset
        if isinstance(_saga_id,  Unset):
            saga_id = UNSET
        else:
            saga_id = UUID(_saga_id)




        view = d.pop("view", UNSET)

        _acknowledged_at = d.pop("acknowledgedAt", UNSET)
        acknowledged_at: datetime.datetime | Unset
        if isinstance(_acknowledged_at,  Unset):
            acknowledged_at = UNSET
        else:
            acknowledged_at = datetime.datetime.fromisoformat(_acknowledged_at)




        acknowledged_by = d.pop("acknowledgedBy", UNSET)

        _resolved_at = d.pop("resolvedAt", UNSET)
        resolved_at: datetime.datetime | Unset
        if isinstance(_resolved_at,  Unset):
            resolved_at = UNSET
        else:
            resolved_at = datetime.datetime.fromisoformat(_resolved_at)




        resolved_by = d.pop("resolvedBy", UNSET)

        resolution = d.pop("resolution", UNSET)

        note = d.pop("note", UNSET)

        alert = cls(
            alert_id=alert_id,
            rule_id=rule_id,
            rule=rule,
            severity=severity,
            state=state,
            quantity=quantity,
            threshold=threshold,
            detail=detail,
            opened_at=opened_at,
            version=version,
            store_id=store_id,
            product_id=product_id,
            saga_id=saga_id,
            view=view,
            acknowledged_at=acknowledged_at,
            acknowledged_by=acknowledged_by,
            resolved_at=resolved_at,
            resolved_by=resolved_by,
            resolution=resolution,
            note=note,
        )


        alert.additional_properties = d
        return alert

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
