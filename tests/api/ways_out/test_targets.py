"""Webhooks lead to public addresses only, and the connection goes to the address that was checked."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from api.ways_out.targets import Resolver, TargetRefused, check_url, find, is_public


def resolver(*addresses: str) -> Resolver:
    async def resolve(_name: str, _port: int) -> Sequence[str]:
        return addresses

    return resolve


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "127.9.9.9",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
        ),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "224.0.0.1", "255.255.255.255"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "198.18.0.1"),
        *("2001:0:4136:e378:8000:63bf:80ff:fffe", "not an address", ""),
    ],
)
async def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(TargetRefused):
        await find("https://ioc.example.vn/x", private=False, resolve=resolver("8.8.8.8", address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


async def test_the_connection_goes_where_it_was_checked_to_go() -> None:
    target = await find("https://ioc.example.vn:8443/a?b=c", private=False, resolve=resolver("8.8.8.8", "8.8.4.4"))
    assert target.url == "https://8.8.8.8:8443/a?b=c"
    assert (target.host, target.name) == ("ioc.example.vn:8443", "ioc.example.vn")
    six = await find("https://ioc.example.vn", private=False, resolve=resolver("2001:4860:4860::8888"))
    assert six.url == "https://[2001:4860:4860::8888]:443/"


@pytest.mark.parametrize(
    "url",
    [
        "http://ioc.example.vn/",
        "ftp://ioc.example.vn/",
        "file:///etc/passwd",
        "https://",
        "https:///x",
        "https://user:pass@ioc.example.vn/",
        "https://ioc.example.vn/#x",
        "https://ioc.example.vn:99999/",
        "https://ioc.example.vn/a b",
        "https://ioc.example.vn/\r\nX-Evil: 1",
        "https://ioc.example.vn\\@127.0.0.1/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::1/",
        "https://ví-dụ.vn/",
        "https://a.vn/" + "x" * 600,
    ],
)
def test_addresses_that_are_refused_at_once(url: str) -> None:
    with pytest.raises(TargetRefused):
        check_url(url, private=False)


@pytest.mark.parametrize("name", ["2130706433", "0x7f.1", "127.1", "localhost"])
async def test_other_ways_to_write_this_machine(name: str) -> None:
    with pytest.raises((TargetRefused, OSError)):
        await find(f"https://{name}/", private=False)


async def test_a_network_of_ones_own_has_to_be_allowed() -> None:
    url = "http://ioc.noi-bo:8080/x"
    with pytest.raises(TargetRefused):
        await find(url, private=False, resolve=resolver("10.1.2.3"))
    assert (await find(url, private=True, resolve=resolver("10.1.2.3"))).url == "http://10.1.2.3:8080/x"
