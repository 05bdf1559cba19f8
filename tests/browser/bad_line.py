"""A line as people have it where it matters: slow, and every third request or answer gets lost on it."""

import http.client
import itertools
import socketserver
import threading
import time
from collections import defaultdict
from urllib.parse import urlsplit

BYTES_A_SECOND = 50_000 // 8
PATIENCE = 60  # seconds, for a socket on which nothing comes
PIECE = 512


class BadLine:
    """Between browsers and a server on this machine; `with BadLine(home) as line`, then visit `line.url`.

    Of the requests for pages, and of those for each other file, every third is lost: in turn before the
    server sees it, and with the answer on its way back. The count begins with `first`.
    """

    def __init__(self, home, first=1):
        self.home = urlsplit(home).netloc
        self.lost, self.is_cut = [], False
        self.counters = defaultdict(lambda: itertools.count(first))

    def __enter__(self):
        line = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                self.request.settimeout(PATIENCE)
                line.carry(self.request)

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()
        self.url = f"http://localhost:{self.server.server_address[1]}"
        return self

    def __exit__(self, *_problem):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def carry(self, browser):
        """One request and its answer, or as much of them as arrives."""
        request = read_request(browser)
        if request is None or self.is_cut:
            return
        method, address, headers, body, size = request
        time.sleep(size / BYTES_A_SECOND)
        is_page = not address.startswith("/static/")
        number = next(self.counters["" if is_page else address])
        is_lost, has_arrived = number % 3 == 0, number % 6 == 0
        answer = b"" if is_lost and not has_arrived else answer_of(self.home, method, address, headers, body)
        if not is_lost:
            send_slowly(browser, answer)
        elif is_page:
            self.lost.append((method, address, has_arrived))


def read_request(browser):
    """Method, address, headers, body and size; None where the browser only opened a connection."""
    stream = browser.makefile("rb")
    head = list(iter(stream.readline, b"\r\n"))
    if b"" in head or not head:
        return None
    method, address, _version = head[0].decode("ascii").split()
    headers = [tuple(line.decode("latin-1").strip().split(": ", 1)) for line in head[1:]]
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    return method, address, headers, stream.read(length), sum(map(len, head)) + length


def answer_of(home, method, address, headers, body):
    """The whole answer of the server, as it goes over the line."""
    visit = http.client.HTTPConnection(home, timeout=PATIENCE)
    try:
        visit.putrequest(method, address, skip_host=True, skip_accept_encoding=True)
        for name, value in headers:
            if name.lower() != "connection":
                visit.putheader(name, value)
        visit.putheader("Connection", "close")
        visit.endheaders(body)
        found = visit.getresponse()
        content = found.read()
        passed_on = [
            f"{name}: {value}"
            for name, value in found.getheaders()
            if name.lower() not in {"connection", "content-length", "transfer-encoding"}
        ]
        lines = [
            f"HTTP/1.1 {found.status} {found.reason}",
            *passed_on,
        ]
        lines += [f"Content-Length: {len(content)}", "Connection: close", "", ""]
        return "\r\n".join(lines).encode("latin-1") + content
    finally:
        visit.close()


def send_slowly(browser, data):
    for start in range(0, len(data), PIECE):
        piece = data[start : start + PIECE]
        time.sleep(len(piece) / BYTES_A_SECOND)
        try:
            browser.sendall(piece)
        except OSError:  # the browser has turned to something else
            return
