"""The official client for Python, in a process that measures as agent.mjs does. It reads the token from the environment."""

import asyncio
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

# What the client writes must not get among the answers.
answers, sys.stdout = sys.stdout, sys.stderr

from hatchet_sdk import Hatchet  # noqa: E402

CHUNK = 500
AT_ONCE = 4

scheduled = Hatchet().scheduled


def add(tally, run):
    assert run.metadata.id and run.trigger_at and run.additional_metadata, "a run is not whole"
    tally["runs"] += 1
    tally["characters"] += len(run.input["subject"])


def tallied(runs):
    tally = {"runs": 0, "characters": 0}
    for run in runs:
        add(tally, run)
    return tally


def get(id):
    return tallied([scheduled.get(id)])


def get_many(ids):
    async def all_of_them():
        return await asyncio.gather(*(scheduled.aio_get(id) for id in ids))

    return tallied(asyncio.run(all_of_them()))


def time_of(text):
    # Python before 3.11 knows no Z.
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def create_run(run):
    due = time_of(run["triggerAt"])
    return scheduled.create(run["workflow"], due, run["input"], run["additionalMetadata"])


def create(**run):
    return tallied([create_run(run)])


def list_runs(limit, mark=None):
    return tallied(scheduled.list(offset=0, limit=limit, additional_metadata=mark).rows)


def iterate(pageSize, mark=None, attempt=None):
    tally = {"runs": 0, "characters": 0}
    offset, pages = 0, 1
    while offset < pages * pageSize:
        page = scheduled.list(offset=offset, limit=pageSize, additional_metadata=mark)
        for run in page.rows:
            if attempt is None or (run.additional_metadata or {}).get("attempt") == attempt:
                add(tally, run)
        pages = page.pagination.num_pages
        offset += pageSize
    return tally


def bulk_update(ids, triggerAt):
    due = time_of(triggerAt)
    updated = 0
    for start in range(0, len(ids), CHUNK):
        updated += len(scheduled.bulk_update([(id, due) for id in ids[start : start + CHUNK]]).updated_ids)
    return {"updated": updated}


def bulk_create(runs):
    with ThreadPoolExecutor(AT_ONCE) as pool:
        created = list(pool.map(create_run, runs))
    return {"runs": len(created), "ids": len({run.metadata.id for run in created})}


CALLS = {
    "get": get,
    "getMany": get_many,
    "create": create,
    "list": list_runs,
    "iterate": iterate,
    "bulkUpdate": bulk_update,
    "bulkCreate": bulk_create,
}


def measure(call, work, repeat):
    began = time.perf_counter()
    for _ in range(repeat):
        did = CALLS[call](**work)
    return {"ms": (time.perf_counter() - began) * 1000 / repeat, "did": did}


call = work = None
for line in sys.stdin:
    message = json.loads(line)
    if "prepare" in message:
        call, work = message["prepare"]["call"], message["prepare"]["work"]
        answer = {}
    else:
        answer = measure(call, work, message["repeat"])
    print(json.dumps(answer), file=answers, flush=True)
