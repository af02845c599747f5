from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.alert_rule import AlertRule
from ...models.alert_rule_settings import AlertRuleSettings
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast
from uuid import UUID



def _get_kwargs(
    rule_id: UUID,
    *,
    body: AlertRuleSettings,
    if_match: str | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match



    

    

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/v1/alert-rules/{rule_id}".format(rule_id=quote(str(rule_id), safe=""),),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> AlertRule | Problem | None:
    if response.status_code == 200:
        response_200 = AlertRule.from_dict(response.json())



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

    if response.status_code == 408:
        response_408 = Problem.from_dict(response.json())



        return response_408

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())



        return response_409

    if response.status_code == 412:
        response_412 = Problem.from_dict(response.json())



        return response_412

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())



        return response_413

    if response.status_code == 415:
        response_415 = Problem.from_dict(response.json())



        return response_415

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[AlertRule | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    rule_id: UUID,
    *,
    client: AuthenticatedClient,
    body: AlertRuleSettings,
    if_match: str | Unset = UNSET,

) -> Response[AlertRule | Problem]:
    """ Replaces the settings of a rule; a field that is left out is as when a rule is made. They hold for
    what happens from now
    on: an alert that is open stays until its quantity comes back.

    Args:
        rule_id (UUID):
        if_match (str | Unset):
        body (AlertRuleSettings): What a rule is to watch, and how bad its alerts are.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AlertRule | Problem]
     """


    kwargs = _get_kwargs(
        rule_id=rule_id,
body=body,
if_match=if_match,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    rule_id: UUID,
    *,
    client: AuthenticatedClient,
    body: AlertRuleSettings,
    if_match: str | Unset = UNSET,

) -> AlertRule | Problem | None:
    """ Replaces the settings of a rule; a field that is left out is as when a rule is made. They hold for
    what happens from now
    on: an alert that is open stays until its quantity comes back.

    Args:
        rule_id (UUID):
        if_match (str | Unset):
        body (AlertRuleSettings): What a rule is to watch, and how bad its alerts are.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AlertRule | Problem
     """


    return sync_detailed(
        rule_id=rule_id,
client=client,
body=body,
if_match=if_match,

    ).parsed

async def asyncio_detailed(
    rule_id: UUID,
    *,
    client: AuthenticatedClient,
    body: AlertRuleSettings,
    if_match: str | Unset = UNSET,

) -> Response[AlertRule | Problem]:
    """ Replaces the settings of a rule; a field that is left out is as when a rule is made. They hold for
    what happens from now
    on: an alert that is open stays until its quantity comes back.

    Args:
        rule_id (UUID):
        if_match (str | Unset):
        body (AlertRuleSettings): What a rule is to watch, and how bad its alerts are.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AlertRule | Problem]
     """


    kwargs = _get_kwargs(
        rule_id=rule_id,
body=body,
if_match=if_match,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    rule_id: UUID,
    *,
    client: AuthenticatedClient,
    body: AlertRuleSettings,
    if_match: str | Unset = UNSET,

) -> AlertRule | Problem | None:
    """ Replaces the settings of a rule; a field that is left out is as when a rule is made. They hold for
    what happens from now
    on: an alert that is open stays until its quantity comes back.

    Args:
        rule_id (UUID):
        if_match (str | Unset):
        body (AlertRuleSettings): What a rule is to watch, and how bad its alerts are.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AlertRule | Problem
     """


    return (await asyncio_detailed(
        rule_id=rule_id,
client=client,
body=body,
if_match=if_match,

    )).parsed
