from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.alert_page import AlertPage
from ...models.list_alerts_rule import ListAlertsRule
from ...models.list_alerts_severity import ListAlertsSeverity
from ...models.list_alerts_state import ListAlertsState
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast
from uuid import UUID



def _get_kwargs(
    *,
    store_id: UUID | Unset = UNSET,
    severity: ListAlertsSeverity | Unset = UNSET,
    state: ListAlertsState | Unset = UNSET,
    rule: ListAlertsRule | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    json_store_id: str | Unset = UNSET
    if not isinstance(store_id, Unset):
        json_store_id = str(store_id)
    params["storeId"] = json_store_id

    json_severity: str | Unset = UNSET
    if not isinstance(severity, Unset):
        json_severity = severity.value

    params["severity"] = json_severity

    json_state: str | Unset = UNSET
    if not isinstance(state, Unset):
        json_state = state.value

    params["state"] = json_state

    json_rule: str | Unset = UNSET
    if not isinstance(rule, Unset):
        json_rule = rule.value

    params["rule"] = json_rule

    params["limit"] = limit

    params["cursor"] = cursor


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/alerts",
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> AlertPage | Problem | None:
    if response.status_code == 200:
        response_200 = AlertPage.from_dict(response.json())



        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())



        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())



        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())



        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())



        return response_404

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())



        return response_422

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())



        return response_429

    if response.status_code == 500:
        response_500 = Problem.from_dict(response.json())



        return response_500

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())



        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[AlertPage | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    store_id: UUID | Unset = UNSET,
    severity: ListAlertsSeverity | Unset = UNSET,
    state: ListAlertsState | Unset = UNSET,
    rule: ListAlertsRule | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> Response[AlertPage | Problem]:
    """ Lists alerts, newest first. One that is resolved is kept for 90 days.

     A rule has at most one alert that is not resolved of each stock level, store, saga or view: a level
    that stays low, sale
    after sale, has one. A caller that works in some stores sees the alerts of those.

    Args:
        store_id (UUID | Unset):
        severity (ListAlertsSeverity | Unset): How bad it is.
        state (ListAlertsState | Unset): How an alert stands.
        rule (ListAlertsRule | Unset): What a rule watches, and in which unit its threshold is.
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AlertPage | Problem]
     """


    kwargs = _get_kwargs(
        store_id=store_id,
severity=severity,
state=state,
rule=rule,
limit=limit,
cursor=cursor,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient,
    store_id: UUID | Unset = UNSET,
    severity: ListAlertsSeverity | Unset = UNSET,
    state: ListAlertsState | Unset = UNSET,
    rule: ListAlertsRule | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> AlertPage | Problem | None:
    """ Lists alerts, newest first. One that is resolved is kept for 90 days.

     A rule has at most one alert that is not resolved of each stock level, store, saga or view: a level
    that stays low, sale
    after sale, has one. A caller that works in some stores sees the alerts of those.

    Args:
        store_id (UUID | Unset):
        severity (ListAlertsSeverity | Unset): How bad it is.
        state (ListAlertsState | Unset): How an alert stands.
        rule (ListAlertsRule | Unset): What a rule watches, and in which unit its threshold is.
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AlertPage | Problem
     """


    return sync_detailed(
        client=client,
store_id=store_id,
severity=severity,
state=state,
rule=rule,
limit=limit,
cursor=cursor,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    store_id: UUID | Unset = UNSET,
    severity: ListAlertsSeverity | Unset = UNSET,
    state: ListAlertsState | Unset = UNSET,
    rule: ListAlertsRule | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> Response[AlertPage | Problem]:
    """ Lists alerts, newest first. One that is resolved is kept for 90 days.

     A rule has at most one alert that is not resolved of each stock level, store, saga or view: a level
    that stays low, sale
    after sale, has one. A caller that works in some stores sees the alerts of those.

    Args:
        store_id (UUID | Unset):
        severity (ListAlertsSeverity | Unset): How bad it is.
        state (ListAlertsState | Unset): How an alert stands.
        rule (ListAlertsRule | Unset): What a rule watches, and in which unit its threshold is.
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AlertPage | Problem]
     """


    kwargs = _get_kwargs(
        store_id=store_id,
severity=severity,
state=state,
rule=rule,
limit=limit,
cursor=cursor,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient,
    store_id: UUID | Unset = UNSET,
    severity: ListAlertsSeverity | Unset = UNSET,
    state: ListAlertsState | Unset = UNSET,
    rule: ListAlertsRule | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> AlertPage | Problem | None:
    """ Lists alerts, newest first. One that is resolved is kept for 90 days.

     A rule has at most one alert that is not resolved of each stock level, store, saga or view: a level
    that stays low, sale
    after sale, has one. A caller that works in some stores sees the alerts of those.

    Args:
        store_id (UUID | Unset):
        severity (ListAlertsSeverity | Unset): How bad it is.
        state (ListAlertsState | Unset): How an alert stands.
        rule (ListAlertsRule | Unset): What a rule watches, and in which unit its threshold is.
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AlertPage | Problem
     """


    return (await asyncio_detailed(
        client=client,
store_id=store_id,
severity=severity,
state=state,
rule=rule,
limit=limit,
cursor=cursor,

    )).parsed
