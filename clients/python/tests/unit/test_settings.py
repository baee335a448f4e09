"""Where the service is, and who asks."""

from __future__ import annotations

import os
import ssl
from unittest import TestCase
from unittest.mock import patch

from pycell import Client
from pycell._retry import retry_after_of
from pycell._settings import verify_of

SECRET = "pycell_secret"


class SettingsTest(TestCase):
    def test_come_from_the_environment_where_they_are_not_given(self) -> None:
        with patch.dict(os.environ, {"PYCELL_URL": "https://a.example/below/", "PYCELL_API_KEY": SECRET}):
            self.assertEqual(Client()._settings.url, "https://a.example/below")
            self.assertEqual(Client()._settings.api_key, SECRET)
            self.assertEqual(Client("http://b.example", api_key="other")._settings.api_key, "other")

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
        for text in (None, "", "-1", "soon", "1.5", "NaN", "٣"):
            with self.subTest(text):
                self.assertIsNone(retry_after_of(text))
