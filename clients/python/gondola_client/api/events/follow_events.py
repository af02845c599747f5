from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    *,
    after: int | Unset = UNSET,
    stores: str | Unset = UNSET,
    products: str | Unset = UNSET,
    types: str | Unset = UNSET,
    last_event_id: int | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(last_event_id, Unset):
        headers["Last-Event-ID"] = str(last_event_id)




    

    params: dict[str, Any] = {}

    params["after"] = after

    params["stores"] = stores

    params["products"] = products

    params["types"] = types


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/live",
        "params": params,
    }


    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Any | Problem | str | None:
    if response.status_code == 101:
        response_101 = cast(Any, None)
        return response_101

    if response.status_code == 200:
        response_200 = response.text
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

    if response.status_code == 406:
        response_406 = Problem.from_dict(response.json())



        return response_406

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Any | Problem | str]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    after: int | Unset = UNSET,
    stores: str | Unset = UNSET,
    products: str | Unset = UNSET,
    types: str | Unset = UNSET,
    last_event_id: int | Unset = UNSET,

) -> Response[Any | Problem | str]:
    """ Events as they happen, in order and without gaps, until one side ends it.

     With `Accept: text/event-stream` as server-sent events, as a WebSocket (RFC 6455) with the same
    messages as JSON texts
    `{"event", "id", "data"}`. The first message is `log`, with the `incarnation` of the log and the
    `position` from which on
    events come. Then each event of `readEvents` comes under its type, with its position as `id`, and
    every 15 s a `heartbeat` with the
    position up to which everything has been sent. The last one is `ended`, whose `reason` is `too-slow`
    (events came faster than
    they were taken, for 4,096 events), `credential` (it does not hold any more, or not for the same
    stores), `shutdown` or
    `log-failed`; `resumeAfter` says where to go on: as `Last-Event-ID`, which browsers send by
    themselves, or as `after`.

    Args:
        after (int | Unset):
        stores (str | Unset):
        products (str | Unset):
        types (str | Unset):
        last_event_id (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | str]
     """


    kwargs = _get_kwargs(
        after=after,
stores=stores,
products=products,
types=types,
last_event_id=last_event_id,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient,
    after: int | Unset = UNSET,
    stores: str | Unset = UNSET,
    products: str | Unset = UNSET,
    types: str | Unset = UNSET,
    last_event_id: int | Unset = UNSET,

) -> Any | Problem | str | None:
    """ Events as they happen, in order and without gaps, until one side ends it.

     With `Accept: text/event-stream` as server-sent events, as a WebSocket (RFC 6455) with the same
    messages as JSON texts
    `{"event", "id", "data"}`. The first message is `log`, with the `incarnation` of the log and the
    `position` from which on
    events come. Then each event of `readEvents` comes under its type, with its position as `id`, and
    every 15 s a `heartbeat` with the
    position up to which everything has been sent. The last one is `ended`, whose `reason` is `too-slow`
    (events came faster than
    they were taken, for 4,096 events), `credential` (it does not hold any more, or not for the same
    stores), `shutdown` or
    `log-failed`; `resumeAfter` says where to go on: as `Last-Event-ID`, which browsers send by
    themselves, or as `after`.

    Args:
        after (int | Unset):
        stores (str | Unset):
        products (str | Unset):
        types (str | Unset):
        last_event_id (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | str
     """


    return sync_detailed(
        client=client,
after=after,
stores=stores,
products=products,
types=types,
last_event_id=last_event_id,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    after: int | Unset = UNSET,
    stores: str | Unset = UNSET,
    products: str | Unset = UNSET,
    types: str | Unset = UNSET,
    last_event_id: int | Unset = UNSET,

) -> Response[Any | Problem | str]:
    """ Events as they happen, in order and without gaps, until one side ends it.

     With `Accept: text/event-stream` as server-sent events, as a WebSocket (RFC 6455) with the same
    messages as JSON texts
    `{"event", "id", "data"}`. The first message is `log`, with the `incarnation` of the log and the
    `position` from which on
    events come. Then each event of `readEvents` comes under its type, with its position as `id`, and
    every 15 s a `heartbeat` with the
    position up to which everything has been sent. The last one is `ended`, whose `reason` is `too-slow`
    (events came faster than
    they were taken, for 4,096 events), `credential` (it does not hold any more, or not for the same
    stores), `shutdown` or
    `log-failed`; `resumeAfter` says where to go on: as `Last-Event-ID`, which browsers send by
    themselves, or as `after`.

    Args:
        after (int | Unset):
        stores (str | Unset):
        products (str | Unset):
        types (str | Unset):
        last_event_id (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | str]
     """


    kwargs = _get_kwargs(
        after=after,
stores=stores,
products=products,
types=types,
last_event_id=last_event_id,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient,
    after: int | Unset = UNSET,
    stores: str | Unset = UNSET,
    products: str | Unset = UNSET,
    types: str | Unset = UNSET,
    last_event_id: int | Unset = UNSET,

) -> Any | Problem | str | None:
    """ Events as they happen, in order and without gaps, until one side ends it.

     With `Accept: text/event-stream` as server-sent events, as a WebSocket (RFC 6455) with the same
    messages as JSON texts
    `{"event", "id", "data"}`. The first message is `log`, with the `incarnation` of the log and the
    `position` from which on
    events come. Then each event of `readEvents` comes under its type, with its position as `id`, and
    every 15 s a `heartbeat` with the
    position up to which everything has been sent. The last one is `ended`, whose `reason` is `too-slow`
    (events came faster than
    they were taken, for 4,096 events), `credential` (it does not hold any more, or not for the same
    stores), `shutdown` or
    `log-failed`; `resumeAfter` says where to go on: as `Last-Event-ID`, which browsers send by
    themselves, or as `after`.

    Args:
        after (int | Unset):
        stores (str | Unset):
        products (str | Unset):
        types (str | Unset):
        last_event_id (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | str
     """


    return (await asyncio_detailed(
        client=client,
after=after,
stores=stores,
products=products,
types=types,
last_event_id=last_event_id,

    )).parsed
