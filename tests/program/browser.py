# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Opens a page in a headless Chromium and listens to what it complains of.

It speaks the DevTools protocol through a pipe, so that no package beyond Python is needed. As a program,
`browser.py CHROMIUM REPORT PNG WIDTH HEIGHT` takes a picture of a report.
"""
import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

READY = "document.body !== null && document.body.hasAttribute('data-ready')"  # a report has been drawn


class Browser:
    """A Chromium with one empty page."""

    def __init__(self, program, width, height, deadline=120):
        self.deadline = deadline
        self.number = 0
        self.bytes = b""
        self.complaints = []  # console errors and warnings, exceptions, failed checks of the security policy
        self.requests = []  # addresses that pages asked for, but for data in the page itself
        self.profile = tempfile.mkdtemp(prefix="diffam-browser-")
        to_read, self.to_browser = os.pipe()
        self.from_browser, to_write = os.pipe()
        options = ["--headless", "--no-sandbox", "--disable-gpu-sandbox", "--enable-unsafe-swiftshader", "--no-first-run",
                   "--remote-debugging-pipe", f"--user-data-dir={self.profile}", f"--window-size={width},{height}"]
        pipes = f"exec {program} \"$@\" 3<&{to_read} 4>&{to_write}"
        self.process = subprocess.Popen(["bash", "-c", pipes, "browser", *options, "about:blank"], pass_fds=(to_read, to_write),
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        target = self.call("Target.createTarget", {"url": "about:blank"}, session=None)
        self.session = self.call("Target.attachToTarget", {"targetId": target["targetId"], "flatten": True}, session=None)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        self.set_size(width, height)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        os.close(self.to_browser)
        os.close(self.from_browser)
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, params=None, session="own"):
        """Sends a command and returns its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": params or {}}
        if session == "own":
            message["sessionId"] = self.session
        os.write(self.to_browser, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + self.deadline
        while True:
            answer = self.message(until)
            if answer.get("id") == message["id"]:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.hear(answer)

    def message(self, until):
        while b"\0" not in self.bytes:
            if not select.select([self.from_browser], [], [], max(0, until - time.monotonic()))[0]:
                raise TimeoutError(f"the browser did not answer within {self.deadline} s")
            more = os.read(self.from_browser, 1 << 20)
            if not more:
                raise RuntimeError("the browser ended")
            self.bytes += more
        first, self.bytes = self.bytes.split(b"\0", 1)
        return json.loads(first)

    def hear(self, event):
        """Keeps what a page complains of and what it asks for."""
        what, params = event.get("method"), event.get("params", {})
        if what == "Runtime.exceptionThrown":
            self.complaints.append(params["exceptionDetails"].get("exception", {}).get("description") or params["exceptionDetails"]["text"])
        elif what == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.complaints.append(" ".join(str(a.get("value", a.get("description"))) for a in params["args"]))
        elif what == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            if "GPU stall due to ReadPixels" not in params["entry"]["text"]:  # the price of screenshots
                self.complaints.append(params["entry"]["text"])
        elif what == "Network.requestWillBeSent" and not params["request"]["url"].startswith("data:"):
            self.requests.append(params["request"]["url"])

    def set_size(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def open(self, address, ready="document.readyState === 'complete'"):
        self.call("Page.navigate", {"url": address})
        self.wait_for(ready)

    def wait_for(self, expression):
        until = time.monotonic() + self.deadline
        while self.value(expression) is not True:
            if time.monotonic() > until:
                raise TimeoutError(f"not true within {self.deadline} s: {expression}; complaints: {self.complaints}")
            time.sleep(0.05)

    def value(self, expression):
        """The value of a JavaScript expression."""
        result = self.call("Runtime.evaluate", {"expression": expression, "returnByValue": True, "awaitPromise": True})
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def press(self, key):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", {"type": kind, "key": key, "code": key})

    def picture(self, whole=True):
        """The page as PNG."""
        shot = self.call("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": whole})
        return base64.b64decode(shot["data"])


class PageTest(unittest.TestCase):
    """Tests of the page that `make_page(folder)` of the class makes with a program. `run` runs them."""

    program = chromium = pictures = None  # diffam and the browser; the folder of the screenshots

    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory(prefix="diffam-page-")
        cls.folder = pathlib.Path(cls.kept.name)
        cls.page = cls.make_page(cls.folder)
        cls.browser = Browser(cls.chromium, 1600, 1000)
        cls.browser.open(cls.page.as_uri(), READY)

    @classmethod
    def tearDownClass(cls):
        cls.browser.__exit__()
        cls.kept.cleanup()

    @classmethod
    def diffam(cls, *arguments, code=0):
        ended = subprocess.run([cls.program, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert ended.returncode == code, (arguments, ended.returncode)

    def value(self, expression):
        return self.browser.value(expression)

    def check_widths(self, name):
        """The page has no scroll bar below it in narrow and wide windows."""
        for width in (800, 1600):
            self.browser.set_size(width, 1000)
            self.browser.wait_for(f"innerWidth === {width}")
            self.value("new Promise((done) => setTimeout(done, 300))")
            self.assertLessEqual(self.value("document.documentElement.scrollWidth"), width)
            if self.pictures:
                pathlib.Path(self.pictures, f"{name}_{width}.png").write_bytes(self.browser.picture())


def run(arguments):
    """Runs the tests of the calling program. `arguments`: its name, DIFFAM, CHROMIUM, perhaps FOLDER."""
    name, PageTest.program, PageTest.chromium, *folder = arguments
    PageTest.pictures = folder[0] if folder else None
    if not shutil.which(PageTest.chromium):
        print("skipped: no Chromium here")
        sys.exit(77)
    unittest.main(argv=[name], verbosity=2)


def main(chromium, report, picture, width, height):
    with Browser(chromium, int(width), int(height)) as browser:
        browser.open(pathlib.Path(report).resolve().as_uri(), READY)
        pathlib.Path(picture).write_bytes(browser.picture(whole=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
