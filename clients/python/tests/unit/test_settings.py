"""Where the service is, and who asks."""

from __future__ import annotations

import asyncio
import os
import ssl
import threading
import time
from dataclasses import replace
from unittest import TestCase
from unittest.mock import patch

from pycell import AsyncClient, Client, ConnectionFailed, Retry
from pycell._retry import retry_after_of
from pycell._settings import verify_of

from .scripted_server import ScriptedServer, as_json

SECRET = "pycell_secret"
#: Of both spellings, since the one in lower case wins.
PROXY = {"HTTP_PROXY": "http://u:secret@127.0.0.1:9", "http_proxy": "http://u:secret@127.0.0.1:9", "NO_PROXY": "", "no_proxy": ""}


class SettingsTest(TestCase):
    def test_come_from_the_environment_where_they_are_not_given(self) -> None:
        with patch.dict(os.environ, {"PYCELL_URL": "https://a.example/below/", "PYCELL_API_KEY": SECRET}):
            self.assertEqual(Client()._settings.url, "https://a.example/below")
            self.assertEqual(Client()._settings.api_key, SECRET)
            self.assertEqual(Client("http://b.example", api_key="other")._settings.api_key, "other")

    def test_the_key_of_the_environment_is_for_its_service_and_for_this_machine(self) -> None:
        own = ("https://a.example", "https://a.example/", "HTTPS://A.example:443")
        here = ("http://127.0.0.1:9", "http://localhost", "http://[::1]:9", "http://127.9.9.9")
        others = ("https://b.example", "http://a.example", "https://a.example:8443", "https://a.example/x", "http://localhost.example")
        with patch.dict(os.environ, {"PYCELL_URL": "https://a.example", "PYCELL_API_KEY": SECRET}):
            for url in (None, *own, *here, *others):
                settings = Client(url)._settings
                with self.subTest(url):
                    self.assertEqual(settings.api_key, None if url in others else SECRET)
                    self.assertEqual(settings.is_key_withheld, url in others)
            self.assertFalse(Client("https://b.example", api_key="other")._settings.is_key_withheld)

    def test_are_those_of_a_service_on_this_machine_where_nothing_is_said(self) -> None:
        with patch.dict(os.environ):
            os.environ.pop("PYCELL_URL", None)
            os.environ.pop("PYCELL_API_KEY", None)
            client = Client()
        self.assertEqual(repr(client), "Client('http://127.0.0.1:8080', no key)")

    def test_an_address_that_is_none_is_refused_without_being_shown(self) -> None:
        for url in ("", "a.example", "ftp://a.example", "http://", "http://u:p@a.example", "http://a.example?k=1", "http://a#b"):
            with self.subTest(url), self.assertRaises(ValueError) as raised:
                Client(url)
            self.assertNotIn("u:p", str(raised.exception))

    def test_a_key_that_is_none_is_refused_without_being_shown(self) -> None:
        for key in ("", f"{SECRET}\n", f"{SECRET}\r\nX: y", f"{SECRET} ", f"{SECRET}é"):
            with self.subTest(repr(key)), self.assertRaises(ValueError) as raised:
                Client("http://a.example", api_key=key)
            self.assertNotIn(SECRET, str(raised.exception))

    def test_a_time_out_is_seconds_above_0(self) -> None:
        for timeout_s in (0, -1, float("inf"), float("nan")):
            with self.subTest(timeout_s), self.assertRaises(ValueError):
                Client(timeout_s=timeout_s)


class EnvironmentTest(TestCase):
    def test_a_proxy_of_the_environment_that_cannot_be_used_is_named_without_its_password(self) -> None:
        for name, value in (("ALL_PROXY", "socks5://u:secret@127.0.0.1:1"), ("HTTPS_PROXY", "ftp://u:secret@proxy")):
            for kind in (Client, AsyncClient):
                with self.subTest((name, kind)), patch.dict(os.environ, {name: value}), self.assertRaises(ValueError) as raised:
                    kind("https://a.example")
                self.assertIn(name, str(raised.exception))
                self.assertNotIn("secret", str(raised.exception))

    def test_certificates_that_are_not_there_are_named(self) -> None:
        for kind in (Client, AsyncClient):
            with patch.dict(os.environ, {"SSL_CERT_FILE": "/nonexistent"}), self.assertRaisesRegex(ValueError, "SSL_CERT_FILE"):
                kind("https://a.example")

    def test_no_proxy_is_before_this_machine(self) -> None:
        with ScriptedServer(as_json({"modules": []})) as server, patch.dict(os.environ, PROXY), Client(server.url) as client:
            self.assertEqual(client.modules(), ())

    def test_an_error_names_the_proxy_of_the_environment_without_its_password(self) -> None:
        retry = Retry(attempts=1)
        with patch.dict(os.environ, PROXY), Client("http://pycell.invalid", retry=retry) as client:
            with self.assertRaises(ConnectionFailed) as raised:
                client.modules()
        self.assertIn("the proxy 127.0.0.1:9 ", str(raised.exception))
        self.assertNotIn("secret", str(raised.exception))
        self.assertFalse(raised.exception.may_have_run)


    def test_a_key_gets_through_a_proxy_that_has_a_password_of_its_own(self) -> None:
        with ScriptedServer(as_json({"modules": []})) as proxy:
            environment = {**PROXY, "http_proxy": proxy.url.replace("//", "//u:p@"), "HTTP_PROXY": ""}
            with patch.dict(os.environ, environment), Client("http://pycell.invalid", api_key=SECRET) as client:
                client.modules()
        [request] = proxy.requests
        self.assertEqual(request.path, "http://pycell.invalid/modules")
        self.assertEqual(request.headers["x-api-key"], SECRET)
        self.assertEqual(request.headers["proxy-authorization"], "Basic dTpw")
        self.assertNotIn("authorization", request.headers)


class ConnectionsTest(TestCase):
    def test_as_many_calls_as_the_caller_likes_are_sent_at_once(self) -> None:
        begin = threading.Event()

        async def program(server: ScriptedServer) -> int:
            async with AsyncClient(server.url, retry=None) as client:
                calls = [asyncio.ensure_future(client.modules()) for _ in range(110)]
                deadline = time.monotonic() + 60
                while len(server.requests) < len(calls) and time.monotonic() < deadline:
                    await asyncio.sleep(0.02)
                sent = len(server.requests)
                begin.set()
                await asyncio.gather(*calls)
                return sent

        answers = [replace(as_json({"modules": []}), begin=begin)] * 110
        with ScriptedServer(*answers) as server:
            self.addCleanup(begin.set)
            self.assertEqual(asyncio.run(program(server)), 110)


class VerifyTest(TestCase):
    def test_https_has_the_usual_authorities_or_what_it_is_given(self) -> None:
        settings = Client("https://a.example")._settings
        own = ssl.create_default_context()
        self.assertIs(verify_of(settings, True), True)
        self.assertIs(verify_of(settings, own), own)

    def test_http_loads_no_authorities_and_trusts_nobody(self) -> None:
        known_by = verify_of(Client("http://a.example")._settings, True)
        assert isinstance(known_by, ssl.SSLContext)
        self.assertEqual((known_by.verify_mode, known_by.check_hostname), (ssl.CERT_REQUIRED, True))
        self.assertEqual(known_by.get_ca_certs(), [])


class RetryAfterTest(TestCase):
    def test_is_seconds_or_a_date(self) -> None:
        self.assertEqual(retry_after_of("3"), 3)
        self.assertEqual(retry_after_of("Wed, 21 Oct 2015 07:28:00 GMT"), 0)
        self.assertEqual(retry_after_of("9" * 30), 86_400)
        far = "Wed, 21 Oct 999999999999999999999999 07:28:00 GMT"
        for text in (None, "", "-1", "soon", "1.5", "NaN", "٣", "Wed, 99 Oct 2099 07:28:00 GMT", far):
            with self.subTest(text):
                self.assertIsNone(retry_after_of(text))
