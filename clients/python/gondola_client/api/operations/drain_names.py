from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.drained_names import DrainedNames
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    *,
    drop_unreadable: bool | Unset = UNSET,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    params["dropUnreadable"] = drop_unreadable


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/inventory/names/drain",
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> DrainedNames | Problem | None:
    if response.status_code == 200:
        response_200 = DrainedNames.from_dict(response.json())



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

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())



        return response_409

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[DrainedNames | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    drop_unreadable: bool | Unset = UNSET,

) -> Response[DrainedNames | Problem]:
    """ Read once more what could not be read of stores and products, and what was kept after it, in order.
    For this process,
    whose copy of the catalogue is its own.

    Args:
        drop_unreadable (bool | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DrainedNames | Problem]
     """


    kwargs = _get_kwargs(
        drop_unreadable=drop_unreadable,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient,
    drop_unreadable: bool | Unset = UNSET,

) -> DrainedNames | Problem | None:
    """ Read once more what could not be read of stores and products, and what was kept after it, in order.
    For this process,
    whose copy of the catalogue is its own.

    Args:
        drop_unreadable (bool | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DrainedNames | Problem
     """


    return sync_detailed(
        client=client,
drop_unreadable=drop_unreadable,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    drop_unreadable: bool | Unset = UNSET,

) -> Response[DrainedNames | Problem]:
    """ Read once more what could not be read of stores and products, and what was kept after it, in order.
    For this process,
    whose copy of the catalogue is its own.

    Args:
        drop_unreadable (bool | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DrainedNames | Problem]
     """


    kwargs = _get_kwargs(
        drop_unreadable=drop_unreadable,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient,
    drop_unreadable: bool | Unset = UNSET,

) -> DrainedNames | Problem | None:
    """ Read once more what could not be read of stores and products, and what was kept after it, in order.
    For this process,
    whose copy of the catalogue is its own.

    Args:
        drop_unreadable (bool | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DrainedNames | Problem
     """


    return (await asyncio_detailed(
        client=client,
drop_unreadable=drop_unreadable,

    )).parsed
