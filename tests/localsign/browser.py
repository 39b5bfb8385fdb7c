"""A headless Chromium, and web sites for it: https://NAME.example.gov.tw and .example.com are all here, in the public address
space as the browser sees them, with any path and any page of pages/; http://localhost:8080 is the page of a developer."""
import contextlib
import functools
import http.server
import os
import shutil
import ssl
import tempfile
import threading

from selenium import webdriver
from selenium.common.exceptions import NoSuchWindowException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from service import PKI, SITE, ServiceCase

PAGES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pages")
DEVELOPER = "http://localhost:8080"
EVIL = "https://evil.example.com"
ARGUMENTS = ("--headless=new", "--no-sandbox", "--no-proxy-server", "--disable-gpu", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-background-networking", "--disable-component-update", "--ignore-certificate-errors",
             "--host-resolver-rules=MAP *.example.gov.tw 127.0.0.1, MAP *.example.com 127.0.0.1",
             "--ip-address-space-overrides=127.0.0.1:443=public")
NOT_OURS = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS")


class Handler(http.server.SimpleHTTPRequestHandler):
    """The files of pages/, to any host."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):  # pylint: disable=arguments-differ
        pass

    def end_headers(self):
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        """The browser has gone, or wants to speak once more."""


def start_server(port, is_https):
    server = Server(("127.0.0.1", port), functools.partial(Handler, directory=PAGES))
    if is_https:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(PKI, "tls.pem"), os.path.join(PKI, "tls-key.pem"))
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


def start_browser(home, language):
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in (*ARGUMENTS, f"--user-data-dir={home}/profile", f"--accept-lang={language}", f"--lang={language}"):
        options.add_argument(argument)
    kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    service = Service("/usr/bin/chromedriver", env={**kept, "HOME": home, "TMPDIR": home, "XDG_RUNTIME_DIR": home})
    return webdriver.Chrome(service=service, options=options)


class BrowserCase(ServiceCase):
    """A test with the class's browser, at a window of its own."""

    browser_language = "zh-TW"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        home = tempfile.mkdtemp(prefix="gca-browser-")
        cls.addClassCleanup(shutil.rmtree, home, ignore_errors=True)
        for port, is_https in ((443, True), (8080, False)):
            server = start_server(port, is_https)
            cls.addClassCleanup(server.server_close)
            cls.addClassCleanup(server.shutdown)
        cls.browser = start_browser(home, cls.browser_language)
        cls.addClassCleanup(cls.browser.quit)

    def setUp(self):
        super().setUp()
        self.browser.execute_cdp_cmd("Browser.resetPermissions", {})
        self.first = self.browser.current_window_handle
        self.browser.switch_to.new_window("window")
        self.window = self.browser.current_window_handle
        self.addCleanup(self.close_windows)

    def close_windows(self):
        for handle in self.browser.window_handles:
            if handle != self.first:
                with contextlib.suppress(NoSuchWindowException):
                    self.browser.switch_to.window(handle)
                    self.browser.close()
        self.browser.switch_to.window(self.first)

    # ---- what the browser's user does ----

    def visit(self, site=SITE, page="/apply.html"):
        self.browser.get(site + page)

    def allow_local_network(self, site=SITE, setting="granted"):
        for name in ("local-network-access", "local-network", "loopback-network"):
            self.browser.execute_cdp_cmd("Browser.setPermission", {"permission": {"name": name}, "setting": setting,
                                                                    "origin": site})

    def press(self, way, order, escape="none"):
        """A click on one of the page's three buttons, for that order."""
        self.browser.execute_script("order = arguments[0]; escape = arguments[1];", order, escape)
        self.browser.find_element(By.ID, way).click()

    def result(self, name="result"):
        """What the page has to show for it."""
        return self.wait(lambda: self.text(name), "result")

    def text(self, name):
        try:
            return self.browser.execute_script("return document.getElementById(arguments[0]).textContent", name)
        except WebDriverException:
            return ""

    def switch_to_popup(self):
        """The other window of the test."""
        def look():
            return next((handle for handle in self.browser.window_handles if handle not in (self.first, self.window)), None)
        self.browser.switch_to.window(self.wait(look, "popup"))

    def has_popup(self):
        return len(self.browser.window_handles) > 2

    def switch_back(self):
        self.browser.switch_to.window(self.window)
