"""Opens pages in a real Chromium and uses them as a person does, by keyboard.

    python3 .ci/page_in_chromium.py PAGE_EXAMPLE [--shots FOLDER]

PAGE_EXAMPLE is the built example `page` of ayon-explain. Checked is: no error on the console, no request but for the
file itself, search, ways and views by keyboard, light and dark, print; and that markup in names stays text. Chromium
and its driver must be installed (Debian: `chromium chromium-driver`), or the step is skipped with one line; Selenium is
put into an environment of its own.
"""

import argparse
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import venv

SELENIUM = "selenium==4.38.0"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("example")
    parser.add_argument("--shots")
    arguments = parser.parse_args()
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not browser or not driver:
        print("skipped: there is no chromium with its chromedriver")
        return
    try:
        import selenium  # noqa: F401
    except ImportError:
        again_with_selenium()
    with tempfile.TemporaryDirectory() as folder:
        Check(arguments, pathlib.Path(folder), browser, driver).run()


def again_with_selenium() -> None:
    """Runs this again in an environment that has Selenium, and ends as that ends."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = os.path.join(folder, "bin", "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", SELENIUM], check=True)
        sys.exit(subprocess.run([python, *sys.argv]).returncode)


class Check:
    """One browser, several pages."""

    def __init__(self, arguments, folder, browser, driver):
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service

        self.example, self.folder = arguments.example, folder
        self.shots = pathlib.Path(arguments.shots) if arguments.shots else None
        options = webdriver.ChromeOptions()
        options.binary_location = browser
        for flag in (
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--hide-scrollbars", "--window-size=1500,950", f"--user-data-dir={folder / 'profile'}",
        ):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(driver))

    def run(self):
        try:
            self.large()
            self.conflict()
            self.hostile()
        finally:
            self.driver.quit()
        print("pages: no error, no request, everything by keyboard")

    # What is checked.

    def large(self):
        started = time.monotonic()
        page = self.open("large", "300")
        print(f"300 packages: {page.stat().st_size // 1024} KiB, open after {time.monotonic() - started:.1f} s")
        assert self.count(".canvas:not([hidden]) .node") > 300
        self.shot("graph")
        # Search: type, go down and up, take the first, and the panel says why.
        self.keys("/", "opal-im")
        assert self.count("#found li[role=option]") >= 1
        self.keys("DOWN", "UP", "ENTER")
        assert self.text("#panel h2").startswith("opal-image "), self.text("#panel h2")
        assert "needs opal-image" in self.text("#panel .ways")
        assert self.count(".line.way") > 0
        seen = self.script("return [...document.querySelectorAll('.canvas:not([hidden]) .node')].filter(n => n.style.display !== 'none').length")
        assert 2 < seen < 100, f"only the ways should be seen, not {seen} nodes"
        self.shot("ways")
        # Everything again, then along the graph.
        chosen = self.text("#panel h2")
        self.keys("ESCAPE")
        self.shot("ways-among-all")
        self.keys("LEFT")
        asker = self.text("#panel h2")
        assert asker != chosen
        self.keys("RIGHT", "DOWN", "UP")
        self.keys("ESCAPE")
        assert self.count(".node.chosen") == 0
        # A name that is not there, and a way out of the search.
        self.keys("/", "nothing at all")
        assert "nothing is called that" in self.text("#found")
        self.keys("ESCAPE", "ESCAPE")
        assert self.script("return document.activeElement === document.body")
        # The difference, filtered, and back into the graph.
        self.keys("2")
        assert self.count("#changes .sign.came") > 0 and self.count("#changes .sign.went") > 0
        self.shot("difference")
        rows = self.count("#changes tbody tr")
        self.script("document.getElementById('filter').focus()")
        self.keys("clockify")
        assert 0 < self.count("#changes tbody tr") < rows
        self.keys("TAB", "ENTER")
        assert self.text("#panel h2").startswith("addon clockify")
        # Help opens and closes.
        self.keys("?")
        assert self.script("return document.getElementById('help').open")
        self.keys("ESCAPE")
        assert not self.script("return document.getElementById('help').open")
        # Another process, dark, small, printed.
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        assert self.script("return getComputedStyle(document.body).backgroundColor") == "rgb(14, 17, 22)"
        self.shot("dark")
        self.script("const t = document.getElementById('target'); t.value = '1'; t.dispatchEvent(new Event('change'))")
        assert "film" in self.script("return document.querySelector('.canvas:not([hidden]) svg').getAttribute('aria-label')")
        self.shot("dark-small")
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
        pdf = base64.b64decode(self.driver.print_page())
        assert pdf.startswith(b"%PDF") and len(pdf) > 5000
        if self.shots:
            (self.shots / "page.pdf").write_bytes(pdf)
        self.quiet(page)

    def conflict(self):
        page = self.open("conflict")
        assert "opentimelineio" in self.text("#facts") and "hint" not in self.text("#graph")
        assert self.count("#conflict .node.contested") == 1
        self.shot("conflict")
        self.keys("1")
        self.keys("/", "urllib", "ENTER")
        assert "asks for urllib3<2.3" in self.text("#panel")
        self.shot("small")
        self.quiet(page)

    def hostile(self):
        page = self.open("hostile")
        assert self.script("return window.broken") is None
        self.keys("/", "</script", "ENTER")
        assert self.text("#panel h2").startswith("</script><script>"), self.text("#panel h2")
        self.quiet(page)
        # The policy holds: what somebody smuggles in cannot call home, nor even run.
        called = self.driver.execute_async_script(
            "fetch('https://example.invalid/').then(() => arguments[0]('went'), () => arguments[0]('refused'))")
        self.script("const s = document.createElement('script'); s.textContent = 'window.broken = 1'; document.body.append(s)")
        assert called == "refused" and self.script("return window.broken") is None
        refused = [entry["message"] for entry in self.driver.get_log("browser")]
        assert len(refused) >= 2 and all("Content Security Policy" in message for message in refused), refused

    # How.

    def open(self, *arguments):
        page = self.folder / f"{arguments[0]}.html"
        with page.open("wb") as file:
            subprocess.run([self.example, *arguments], stdout=file, check=True)
        # What the browser does by itself before is no business of the page.
        self.driver.get("about:blank")
        self.driver.get_log("browser")
        self.driver.get_log("performance")
        self.driver.get(page.as_uri())
        return page

    def keys(self, *keys):
        from selenium.webdriver import ActionChains
        from selenium.webdriver.common.keys import Keys

        names = {"DOWN": Keys.ARROW_DOWN, "UP": Keys.ARROW_UP, "LEFT": Keys.ARROW_LEFT, "RIGHT": Keys.ARROW_RIGHT,
                 "ENTER": Keys.ENTER, "ESCAPE": Keys.ESCAPE, "TAB": Keys.TAB}
        for key in keys:
            ActionChains(self.driver).send_keys(names.get(key, key)).perform()

    def script(self, text):
        return self.driver.execute_script(text)

    def text(self, selector):
        return self.script(f"return document.querySelector({json.dumps(selector)}).innerText")

    def count(self, selector):
        return self.script(f"return document.querySelectorAll({json.dumps(selector)}).length")

    def shot(self, name):
        if self.shots:
            self.shots.mkdir(parents=True, exist_ok=True)
            self.driver.save_screenshot(str(self.shots / f"{name}.png"))

    def quiet(self, page):
        """Nothing on the console, and nothing asked for but the page itself."""
        console = self.driver.get_log("browser")
        assert not console, console
        events = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        asked = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
        others = [url for url in asked if url.split("#")[0] != page.as_uri() and not url.startswith("data:")]
        assert asked and not others, others


if __name__ == "__main__":
    main()
