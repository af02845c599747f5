from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.list_stocktakes_status import ListStocktakesStatus
from ...models.problem import Problem
from ...models.stocktake_page import StocktakePage
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    *,
    store: str | Unset = UNSET,
    status: ListStocktakesStatus | Unset = UNSET,
    delayed: bool | Unset = UNSET,
    min_position: int | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    params["store"] = store

    json_status: str | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = status.value

    params["status"] = json_status

    params["delayed"] = delayed

    params["minPosition"] = min_position

    params["limit"] = limit

    params["cursor"] = cursor


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/inventory/stocktakes",
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | StocktakePage | None:
    if response.status_code == 200:
        response_200 = StocktakePage.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | StocktakePage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    store: str | Unset = UNSET,
    status: ListStocktakesStatus | Unset = UNSET,
    delayed: bool | Unset = UNSET,
    min_position: int | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> Response[Problem | StocktakePage]:
    """ Stocktakes, newest first, with the number of their lines.

    Args:
        store (str | Unset):
        status (ListStocktakesStatus | Unset): How a stocktake stands.
        delayed (bool | Unset):
        min_position (int | Unset):
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | StocktakePage]
     """


    kwargs = _get_kwargs(
        store=store,
status=status,
delayed=delayed,
min_position=min_position,
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
    store: str | Unset = UNSET,
    status: ListStocktakesStatus | Unset = UNSET,
    delayed: bool | Unset = UNSET,
    min_position: int | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> Problem | StocktakePage | None:
    """ Stocktakes, newest first, with the number of their lines.

    Args:
        store (str | Unset):
        status (ListStocktakesStatus | Unset): How a stocktake stands.
        delayed (bool | Unset):
        min_position (int | Unset):
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | StocktakePage
     """


    return sync_detailed(
        client=client,
store=store,
status=status,
delayed=delayed,
min_position=min_position,
limit=limit,
cursor=cursor,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    store: str | Unset = UNSET,
    status: ListStocktakesStatus | Unset = UNSET,
    delayed: bool | Unset = UNSET,
    min_position: int | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> Response[Problem | StocktakePage]:
    """ Stocktakes, newest first, with the number of their lines.

    Args:
        store (str | Unset):
        status (ListStocktakesStatus | Unset): How a stocktake stands.
        delayed (bool | Unset):
        min_position (int | Unset):
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | StocktakePage]
     """


    kwargs = _get_kwargs(
        store=store,
status=status,
delayed=delayed,
min_position=min_position,
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
    store: str | Unset = UNSET,
    status: ListStocktakesStatus | Unset = UNSET,
    delayed: bool | Unset = UNSET,
    min_position: int | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> Problem | StocktakePage | None:
    """ Stocktakes, newest first, with the number of their lines.

    Args:
        store (str | Unset):
        status (ListStocktakesStatus | Unset): How a stocktake stands.
        delayed (bool | Unset):
        min_position (int | Unset):
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | StocktakePage
     """


    return (await asyncio_detailed(
        client=client,
store=store,
status=status,
delayed=delayed,
min_position=min_position,
limit=limit,
cursor=cursor,

    )).parsed
