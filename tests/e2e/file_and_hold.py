"""A process that files an appeal, says so, and then holds the profile open until it is killed.

`python file_and_hold.py PROFILE TITLE TEXT`. Stands for the app at the moment the power goes.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from client.services.appeals import Appeals
from client.services.replica import Replica
from shared_schema.records.appeal import Opened

if __name__ == "__main__":
    folder, title, text = sys.argv[1:]
    replica = Replica.open(Path(folder))
    view = Appeals(replica).file(Opened("appeal", "application", title, text))
    print(f"saved {view.record}", flush=True)
    time.sleep(600)
