from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.event_page import EventPage
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    *,
    after: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    wait: int | Unset = UNSET,
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

    params["limit"] = limit

    params["wait"] = wait

    params["stores"] = stores

    params["products"] = products

    params["types"] = types


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/inventory/events",
        "params": params,
    }


    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> EventPage | Problem | None:
    if response.status_code == 200:
        response_200 = EventPage.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[EventPage | Problem]:
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
    limit: int | Unset = UNSET,
    wait: int | Unset = UNSET,
    stores: str | Unset = UNSET,
    products: str | Unset = UNSET,
    types: str | Unset = UNSET,
    last_event_id: int | Unset = UNSET,

) -> Response[EventPage | Problem]:
    """ Everything that happened, in order, from a position on.

     Pages, long poll (`wait`), or with `Accept: text/event-stream` server-sent events whose id is the
    position
    (`Last-Event-ID` resumes). A stream begins with an event `log`, whose data has the `incarnation`
    that pages have too.

    Args:
        after (int | Unset):
        limit (int | Unset):
        wait (int | Unset):
        stores (str | Unset):
        products (str | Unset):
        types (str | Unset):
        last_event_id (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EventPage | Problem]
     """


    kwargs = _get_kwargs(
        after=after,
limit=limit,
wait=wait,
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
    limit: int | Unset = UNSET,
    wait: int | Unset = UNSET,
    stores: str | Unset = UNSET,
    products: str | Unset = UNSET,
    types: str | Unset = UNSET,
    last_event_id: int | Unset = UNSET,

) -> EventPage | Problem | None:
    """ Everything that happened, in order, from a position on.

     Pages, long poll (`wait`), or with `Accept: text/event-stream` server-sent events whose id is the
    position
    (`Last-Event-ID` resumes). A stream begins with an event `log`, whose data has the `incarnation`
    that pages have too.

    Args:
        after (int | Unset):
        limit (int | Unset):
        wait (int | Unset):
        stores (str | Unset):
        products (str | Unset):
        types (str | Unset):
        last_event_id (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EventPage | Problem
     """


    return sync_detailed(
        client=client,
after=after,
limit=limit,
wait=wait,
stores=stores,
products=products,
types=types,
last_event_id=last_event_id,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    after: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    wait: int | Unset = UNSET,
    stores: str | Unset = UNSET,
    products: str | Unset = UNSET,
    types: str | Unset = UNSET,
    last_event_id: int | Unset = UNSET,

) -> Response[EventPage | Problem]:
    """ Everything that happened, in order, from a position on.

     Pages, long poll (`wait`), or with `Accept: text/event-stream` server-sent events whose id is the
    position
    (`Last-Event-ID` resumes). A stream begins with an event `log`, whose data has the `incarnation`
    that pages have too.

    Args:
        after (int | Unset):
        limit (int | Unset):
        wait (int | Unset):
        stores (str | Unset):
        products (str | Unset):
        types (str | Unset):
        last_event_id (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EventPage | Problem]
     """


    kwargs = _get_kwargs(
        after=after,
limit=limit,
wait=wait,
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
    limit: int | Unset = UNSET,
    wait: int | Unset = UNSET,
    stores: str | Unset = UNSET,
    products: str | Unset = UNSET,
    types: str | Unset = UNSET,
    last_event_id: int | Unset = UNSET,

) -> EventPage | Problem | None:
    """ Everything that happened, in order, from a position on.

     Pages, long poll (`wait`), or with `Accept: text/event-stream` server-sent events whose id is the
    position
    (`Last-Event-ID` resumes). A stream begins with an event `log`, whose data has the `incarnation`
    that pages have too.

    Args:
        after (int | Unset):
        limit (int | Unset):
        wait (int | Unset):
        stores (str | Unset):
        products (str | Unset):
        types (str | Unset):
        last_event_id (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EventPage | Problem
     """


    return (await asyncio_detailed(
        client=client,
after=after,
limit=limit,
wait=wait,
stores=stores,
products=products,
types=types,
last_event_id=last_event_id,

    )).parsed
