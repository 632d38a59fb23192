"""A capture to import: one request with an IMEI, or several."""

from __future__ import annotations

import json

APP = "com.example.shop"
IMEI = "863301048722415"


def capture(*times: str, path: str = "/collect") -> bytes:
    """A HAR with one request at each time."""
    body = '{"imei":"' + IMEI + '"}'
    request = {
        "method": "POST", "url": f"https://t.beacon.example{path}", "httpVersion": "HTTP/1.1", "queryString": [],
        "headers": [{"name": "Content-Type", "value": "application/json"}], "cookies": [], "headersSize": -1,
        "bodySize": len(body), "postData": {"mimeType": "application/json", "text": body},
    }  # fmt: skip
    response = {
        "status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1", "headers": [], "cookies": [], "redirectURL": "",
        "content": {"size": 2, "mimeType": "text/plain", "text": "ok"}, "headersSize": -1, "bodySize": 2,
    }  # fmt: skip
    entries = [
        {"startedDateTime": time, "time": 5, "request": request, "response": response, "cache": {},
         "timings": {"send": 1, "wait": 1, "receive": 1}}
        for time in times or ("2026-09-21T13:46:40.000Z",)
    ]  # fmt: skip
    log = {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": entries}
    return json.dumps({"log": log}).encode()
